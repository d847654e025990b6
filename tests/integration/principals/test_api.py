"""Principals over the API: masked like the page, unmasked only by token or fresh session."""

import json

import pytest
from django.test import Client
from tests import factories

from varangian.platform.access.models import Replay
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.principals import services

pytestmark = pytest.mark.django_db
HERON = "/api/v1/principals/heron"


def bearer(user, *, writes: bool = True) -> Client:
    _, secret = issue_token(user=user, label="test", writes=writes)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def heron(contract, leader):
    return services.create_principal(
        actor=leader,
        compartment_id=contract.compartment_id,
        code_name="HERON",
        name="Astrid Lindqvist",
        family="Two children",
    )


def send(client: Client, method: str, path: str, body: dict | None = None, **headers):
    return getattr(client, method)(
        path, json.dumps(body or {}), content_type="application/json", headers=headers
    )


def test_masked_by_role(contract, heron):
    leader = bearer(factories.member(contract, Role.ANALYST)).get(HERON).json()
    driver = bearer(factories.member(contract, Role.DRIVER)).get(HERON).json()
    assert (leader["name"], leader["family"]) == ("Astrid Lindqvist", "masked")
    assert (driver["name"], driver["family"], driver["contacts"]) == ("masked",) * 3
    items = (
        bearer(factories.member(contract, Role.DRIVER)).get("/api/v1/principals").json()["items"]
    )
    assert [(row["code_name"], row["name"]) for row in items] == [("HERON", "masked")]


def test_strangers_get_404_and_an_empty_list(heron):
    stranger = bearer(factories.person())
    assert stranger.get(HERON).status_code == 404
    assert stranger.get("/api/v1/principals").json()["count"] == 0
    asked = {"section": "family", "purpose": "school run tomorrow"}
    assert send(stranger, "post", f"{HERON}/unmask", asked).status_code == 404
    assert Client().get(HERON).status_code == 401


def test_opened_changed_and_verified(contract, leader):
    client = bearer(leader)
    new = {"engagement": contract.slug, "code_name": "KITE", "routine": "Runs at six"}
    made = send(client, "post", "/api/v1/principals", new)
    assert (made.status_code, made.json()["routine"]) == (201, "masked")
    kite = "/api/v1/principals/kite"
    assert send(client, "patch", kite, {"work": "Chair"}).json()["work"] == "Chair"
    card = send(client, "patch", f"{kite}/medical", {"blood_group": "O-"}).json()
    assert card["medical"] == "masked" and card["medical_checked_at"]
    assert send(client, "post", f"{kite}/verify").json()["state"] == "verified"
    assert send(client, "post", f"{kite}/archive").json()["state"] == "archived"


def test_contacts_and_windows(leader, heron):
    client = bearer(leader)
    contact = {"role": "doctor", "name": "Dr Invented", "phone": "+358 1"}
    made = send(client, "post", f"{HERON}/contacts", contact).json()
    changed = send(client, "patch", f"{HERON}/contacts/{made['id']}", {"phone": "+358 2"}).json()
    assert (changed["phone"], changed["name"]) == ("+358 2", "Dr Invented")
    assert send(client, "delete", f"{HERON}/contacts/{made['id']}").status_code == 204
    window = {"starts": "2026-12-01T20:00:00Z", "ends": "2026-12-02T06:00:00Z"}
    made = send(client, "post", f"{HERON}/windows", window)
    assert made.status_code == 201
    assert send(client, "post", f"{HERON}/windows", window).status_code == 422
    assert client.get(f"{HERON}/windows").json()["count"] == 1
    assert send(client, "delete", f"{HERON}/windows/{made.json()['id']}").status_code == 204
    stored = {row["kind"]: row["count"] for row in client.get(f"{HERON}/stored").json()}
    assert stored["Principal"] == 1 and "Privacy window" not in stored


def test_unmask_by_token_with_a_reason(leader, heron):
    client = bearer(leader)
    asked = {"section": "family", "purpose": "school run tomorrow"}
    assert send(client, "post", f"{HERON}/unmask", asked).json() == {"family": "Two children"}
    short = send(client, "post", f"{HERON}/unmask", {**asked, "purpose": "why"})
    assert short.status_code == 422
    reading = bearer(leader, writes=False)
    assert send(reading, "post", f"{HERON}/unmask", asked).status_code == 403


def test_a_stolen_session_cannot_unmask_by_the_api(leader, heron):
    client = Client(headers={"authorization": "Bearer vt_wrong"})
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = send(client, "post", f"{HERON}/unmask", {"section": "family", "purpose": "x" * 9})
    assert answer.status_code == 403
    assert "Two children" not in answer.content.decode()


def test_a_repeated_write_answers_the_same_and_is_kept_sealed(leader, heron):
    client = bearer(leader)
    contact = {"role": "doctor", "name": "Dr Invented", "phone": "+358 1"}
    first, second = (
        send(client, "post", f"{HERON}/contacts", contact, **{"idempotency-key": "k1"})
        for _ in range(2)
    )
    assert (first.json(), second.status_code) == (second.json(), 201)
    assert b"Invented" not in bytes(Replay.objects.get().body)
    services.erase(actor=leader, principal=heron, reason="asked in writing")
    assert not Replay.objects.exists()
