"""Closing an engagement on screen, over the API and at the console: for its leader alone."""

import json

import pytest
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.models import Engagement
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def contract(leader):
    return factories.engagement(leader, slug="quay")


def state() -> str:
    return Engagement.objects.get(slug="quay").state


def page_of(contract) -> str:
    return f"/operations/engagements/{contract.slug}/close/"


def test_the_page_says_what_it_means_and_asks_who_is_there(leader, contract):
    assert factories.signed_in(leader).get(page_of(contract)).status_code in (302, 422)
    client = factories.signed_in(leader, fresh=True)
    assert page_of(contract).encode() in client.get("/operations/engagements/quay/").content
    page = client.get(page_of(contract)).content.decode()
    assert "No operation can be opened under it again" in page and "Nothing is deleted" in page
    assert state() == "active"
    done = client.post(page_of(contract), follow=True).content.decode()
    assert state() == "closed" and "The engagement is closed." in done
    assert page_of(contract) not in done
    entry = AuditEntry.objects.filter(table_name="operations_engagement", kind="update").last()
    assert entry.changes["state"] == ["active", "closed"]


def test_the_page_names_what_is_still_open(leader, contract):
    operation = factories.operation(leader, engagement=contract)
    client = factories.signed_in(leader, fresh=True)
    page = client.get(page_of(contract)).content.decode()
    assert operation.title in page and "This cannot be taken back" not in page
    assert client.post(page_of(contract)).status_code == 422
    assert state() == "active"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DETAIL_LEADER])
def test_others_of_the_team_close_nothing(contract, role):
    client = factories.signed_in(factories.member(contract, role), fresh=True)
    assert client.post(page_of(contract)).status_code in (403, 404)
    assert state() == "active"


def test_over_the_api(leader, contract):
    def bearer(user):
        _, secret = issue_token(user=user, label="t", writes=True)
        return Client(headers={"authorization": f"Bearer {secret}"})

    address = "/api/v1/engagements/quay/close"
    assert bearer(factories.person()).post(address).status_code == 404
    assert bearer(factories.member(contract, Role.ANALYST)).post(address).status_code == 403
    session = factories.signed_in(leader)
    assert session.post(address).status_code == 403, "a browser session proves itself again"
    answer = bearer(leader).post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    assert bearer(leader).post(address).status_code == 422


def test_at_the_console(leader, contract, capsys):
    with pytest.raises(Refused, match="named person"):
        root(["engagement", "close", "quay"])
    with pytest.raises(NotFound):
        root(["--as", factories.person().email, "engagement", "close", "quay"])
    with pytest.raises(Denied):
        analyst = factories.member(contract, Role.ANALYST)
        root(["--as", analyst.email, "engagement", "close", "quay"])
    assert root(["--as", leader.email, "engagement", "close", "quay", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "closed"
    root(["engagement", "list"])
