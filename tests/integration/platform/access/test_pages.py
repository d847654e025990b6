"""The door, people, members, tokens and one's own security, as a browser sees them."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import caches
from django.test import Client
from tests import factories

from varangian.platform.access import services
from varangian.platform.access.models import ApiToken, Membership, User
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def fresh_limits():
    caches["near"].clear()


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def administrator():
    return factories.person(is_administrator=True)


def browser(user: User, *, proved: bool = False) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    if proved:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def text(response) -> str:
    return response.content.decode()


def sign_in(client: Client, user: User, password: str):
    return client.post("/account/login/", {"login": user.email, "password": password})


def test_a_link_signs_in_once_and_only_by_the_button(leader):
    secret = services.issue_link(user=leader)
    client = Client()
    assert "works once" in text(client.get(f"/enter/{secret}"))
    assert "_auth_user_id" not in client.session
    sent = client.post(f"/enter/{secret}", {"next": "/security/"})
    assert (sent.status_code, sent["Location"]) == (302, "/security/")
    assert client.session["_auth_user_id"] == str(leader.pk)
    note = AuditEntry.objects.get(kind="sign-in")
    assert (note.actor, note.purpose) == (str(leader.pk), "one-time link")
    assert not AuditEntry.objects.filter(purpose__contains=secret).exists()
    again = Client().post(f"/enter/{secret}")
    assert again.status_code == 410 and "used up" in text(again)


def test_a_link_leads_nowhere_else(leader):
    secret = services.issue_link(user=leader)
    sent = Client().post(f"/enter/{secret}", {"next": "https://elsewhere.example/"})
    assert sent["Location"] == "/"


def test_a_link_does_not_pass_the_second_factor(leader):
    TOTP.activate(leader, "JBSWY3DPEHPK3PXP")
    client = Client()
    sent = client.post(f"/enter/{services.issue_link(user=leader)}")
    assert sent["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_lock_the_account_but_not_the_link(leader):
    leader.set_password(PASSWORD)
    leader.save()
    client = Client()
    for _ in range(5):
        assert "is wrong" in text(sign_in(client, leader, "not the pass phrase"))
    locked = text(sign_in(client, leader, PASSWORD))
    assert "locked for five minutes" in locked
    assert "_auth_user_id" not in client.session
    other = factories.person()
    other.set_password(PASSWORD)
    other.save()
    assert sign_in(Client(), other, PASSWORD).status_code == 302
    assert client.post(f"/enter/{services.issue_link(user=leader)}").status_code == 302
    refused = AuditEntry.objects.filter(kind="sign-in refused", record=str(leader.pk))
    assert refused.count() == 5


def test_a_password_signs_in_and_leaves_a_note(leader):
    leader.set_password(PASSWORD)
    leader.save()
    assert leader.password.startswith("argon2")
    assert sign_in(Client(), leader, PASSWORD).status_code == 302
    assert AuditEntry.objects.get(kind="sign-in").purpose == "password"


def test_nobody_signs_up(client):
    sent = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = text(client.post("/account/signup/", sent))
    assert not User.objects.filter(email="me@example.org").exists()
    assert "password1" not in page and "losed" in page


@pytest.mark.parametrize(
    "path",
    [
        "/security/",
        "/tokens/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
        "/account/2fa/webauthn/add/",
        "/account/sessions/",
        "/account/password/change/",
        "/account/reauthenticate/",
    ],
)
def test_security_pages_open_in_the_frame_of_the_house(leader, path):
    leader.set_password(PASSWORD)
    leader.save()
    client = browser(leader, proved=True)
    page = client.get(path)
    assert page.status_code == 200, page
    assert "vg-" in text(page)


def test_an_authenticator_and_recovery_codes(leader):
    leader.set_password(PASSWORD)
    leader.save()
    client = browser(leader, proved=True)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    wrong = client.post("/account/2fa/totp/activate/", {"code": "12345"})
    assert wrong.status_code == 200
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    kinds = set(Authenticator.objects.filter(user=leader).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    codes = client.get("/account/2fa/recovery-codes/")
    assert codes.status_code == 200 and "vg-" in text(codes)
    asked = sign_in(Client(), leader, PASSWORD)
    assert asked["Location"] == "/account/2fa/authenticate/"


def test_an_administrator_manages_people(administrator):
    client = browser(administrator)
    sent = {"name": "New Person", "email": "new@example.org", "duty": ""}
    page = text(client.post("/people/", sent))
    assert "/enter/" in page and "New Person" in page
    assert "/enter/" not in text(client.get("/people/"))
    assert "already a person" in text(client.post("/people/", sent))
    user = User.objects.get(email="new@example.org")
    assert "/enter/" in text(client.post(f"/people/{user.pk}/link"))
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.post(f"/people/{user.pk}/reset")
    assert not Authenticator.objects.filter(user=user).exists()
    inside = browser(user)
    assert inside.get("/security/").status_code == 200
    client.post(f"/people/{user.pk}/deactivate")
    assert inside.get("/security/").status_code == 302
    client.post(f"/people/{user.pk}/reactivate")
    assert User.objects.get(pk=user.pk).is_active
    assert client.post(f"/people/{user.pk}/delete").status_code == 404


def test_others_do_not_manage_people(leader):
    client = browser(leader)
    assert client.get("/people/").status_code == 403
    assert client.post(f"/people/{leader.pk}/deactivate").status_code == 403


def test_an_administrator_sees_no_content(administrator, contract, leader):
    operation = factories.operation(leader, engagement=contract, title="Gala in Turku")
    client = browser(administrator)
    _, secret = services.issue_token(user=administrator, label="test")
    api = Client(headers={"authorization": f"Bearer {secret}"})
    marks = (operation.slug, operation.principal.code_name, "Astrid", "Gala", contract.slug)
    for path in ("/", "/principals/", "/places/", "/operations/", "/people/", "/find?q=gala"):
        page = text(client.get(path))
        assert not [mark for mark in marks if mark in page], path
    for path in (
        f"/members/{contract.compartment_id}/",
        f"/members/{operation.compartment_id}/",
        f"/principals/{operation.principal.slug}/",
    ):
        assert client.get(path).status_code == 404, path
    assert api.get("/api/v1/me").json()["seats"] == []
    assert api.get(f"/api/v1/members/{contract.compartment_id}").status_code == 404
    for path in ("principals", "operations", "places"):
        assert api.get(f"/api/v1/{path}").json()["count"] == 0, path


def test_members_panel(contract, leader):
    officer = factories.person("Officer Invented")
    client = browser(leader)
    address = f"/members/{contract.compartment_id}/"
    unknown = client.post(address, {"email": "nobody@example.org", "role": "officer"})
    assert "Nobody has this address" in text(unknown)
    client.post(address, {"email": officer.email, "role": "officer", "until": "2030-01-01T00:00"})
    member = Membership.objects.get(user=officer)
    assert (member.role, member.until.year) == ("officer", 2030)
    assert "Officer Invented" in text(client.get(address))
    seen = text(browser(officer).get(address))
    assert "Officer Invented" in seen and "Add or change" not in seen
    denied = browser(officer).post(address, {"email": officer.email, "role": "detail_leader"})
    assert denied.status_code == 403
    assert browser(factories.person()).get(address).status_code == 404
    client.post(f"{address}{officer.pk}/remove")
    assert not Membership.objects.filter(user=officer).exists()


def test_a_token_is_issued_after_a_second_proof_and_shown_once(leader):
    leader.set_password(PASSWORD)
    leader.save()
    sent = {"label": "Desk lamp", "scope": "read", "days": 7}
    asked = browser(leader).post("/tokens/new", sent)
    assert asked["Location"].startswith("/account/reauthenticate/")
    client = browser(leader, proved=True)
    shown = text(client.post("/tokens/new", sent))
    assert "vt_" in shown
    assert "vt_" not in text(client.get("/tokens/"))
    token = ApiToken.objects.get()
    assert (token.label, token.writes) == ("Desk lamp", False)
    client.post(f"/tokens/{token.pk}/revoke")
    assert "Desk lamp" not in text(client.get("/tokens/"))
