"""Who am I and who else is here, over the API."""

import json

import pytest
from django.test import Client
from tests import factories

from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db


def bearer(user) -> Client:
    _, secret = issue_token(user=user, label="test", writes=True)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_me_knows_my_seats():
    contract = factories.engagement()
    officer = factories.member(contract, Role.OFFICER)
    me = bearer(officer).get("/api/v1/me").json()
    assert me["email"] == officer.email
    assert [(seat["label"], seat["role"]) for seat in me["seats"]] == [(contract.slug, "officer")]
    assert Client().get("/api/v1/me").status_code == 401


def test_members_are_read_by_members_and_changed_by_a_leader():
    contract = factories.engagement()
    leader = factories.member(contract, Role.DETAIL_LEADER)
    officer = factories.member(contract, Role.OFFICER)
    driver = factories.person()
    address = f"/api/v1/members/{contract.compartment_id}"
    assert bearer(officer).get(address).json()["count"] == 2
    assert bearer(factories.person()).get(address).status_code == 404
    new = json.dumps({"email": driver.email, "role": "driver"})
    kind = {"content_type": "application/json"}
    assert bearer(officer).post(address, new, **kind).status_code == 403
    assert bearer(leader).post(address, new, **kind).json()["role"] == "driver"
    wrong = json.dumps({"email": driver.email, "role": "emperor"})
    assert bearer(leader).post(address, wrong, **kind).status_code == 422
    assert bearer(leader).delete(f"{address}/{driver.email}").status_code == 204
    assert bearer(leader).get(address).json()["count"] == 2
