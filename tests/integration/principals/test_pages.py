"""Masks hold on every page, and what is sensitive asks again who is there."""

import time

import pytest
from django.test import Client
from tests import factories

from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.principals import services
from varangian.principals.models import Contact, PrivacyWindow

pytestmark = pytest.mark.django_db
SECRETS = ("Two children", "1 Invented Street", "lighthouse", "Penicillin", "Runs at six")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def heron(contract, leader):
    who = services.create_principal(
        actor=leader,
        compartment_id=contract.compartment_id,
        code_name="HERON",
        name="Astrid Lindqvist",
        family="Two children",
        addresses="1 Invented Street",
        code_word="lighthouse",
        routine="Runs at six",
    )
    return services.set_medical(actor=leader, principal=who, allergies="Penicillin")


def browser(user, *, proved: bool = False) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = (
        [{"method": "one-time link", "at": time.time()}] if proved else []
    )
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.mark.parametrize("role", Role)
def test_list_and_file_are_masked_for_every_role(contract, heron, role):
    client = browser(factories.member(contract, role))
    listed = client.get("/principals/").content.decode()
    shown = client.get("/principals/heron/").content.decode()
    assert "HERON" in listed and "HERON" in shown
    for secret in SECRETS:
        assert secret not in listed + shown
    assert ("Astrid" in listed) == ("Astrid" in shown) == (role != Role.DRIVER)


def test_strangers_and_administrators_find_nothing(heron):
    administrator = factories.person(is_administrator=True)
    for user in (factories.person(), administrator):
        client = browser(user)
        assert "HERON" not in client.get("/principals/").content.decode()
        for path in ("", "edit", "medical", "erase", "stored"):
            answer = client.get(f"/principals/heron/{path}")
            assert answer.status_code in (302, 404, 422), path
            assert "HERON" not in answer.content.decode()


def test_reading_leaves_a_note(leader, heron):
    browser(leader).get("/principals/heron/")
    assert AuditEntry.objects.filter(kind="read", record=str(heron.pk)).exists()


def test_unmask_needs_a_fresh_proof(leader, heron):
    asked = {"section": "family", "purpose": "school run tomorrow"}
    refused = browser(leader).post("/principals/heron/unmask", asked)
    assert (refused.status_code, "Two children" in refused.content.decode()) == (422, False)
    leader.set_password("a long pass phrase")
    leader.save()
    sent = browser(leader, proved=True).post("/principals/heron/unmask", asked)
    assert (sent.status_code, sent["Location"].split("?")[0]) == (302, "/account/reauthenticate/")
    assert not AuditEntry.objects.filter(kind="unmask").exists()


def test_after_the_password_the_section_stands_in_this_answer_only(leader, heron):
    leader.set_password("a long pass phrase")
    leader.save()
    client = browser(leader)
    asked = {"section": "family", "purpose": "school run tomorrow"}
    sent = client.post("/principals/heron/unmask", asked)
    shown = client.post(sent["Location"], {"password": "a long pass phrase"})
    assert "Two children" in shown.content.decode()
    assert "1 Invented Street" not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "Two children" not in client.get("/principals/heron/").content.decode()
    assert AuditEntry.objects.get(kind="unmask").purpose == "school run tomorrow"


def test_unmask_wants_a_reason(leader, heron):
    client = browser(leader, proved=True)
    answer = client.post("/principals/heron/unmask", {"section": "family", "purpose": "why"})
    assert "at least 8 characters" in answer.content.decode()
    assert "Two children" not in answer.content.decode()


def test_the_medical_card_opens_with_its_form(leader, heron):
    client = browser(leader, proved=True)
    asked = {"section": "medical", "purpose": "allergy before dinner"}
    shown = client.post("/principals/heron/unmask", asked).content.decode()
    assert "Penicillin" in shown and 'name="whole"' in shown
    client.post("/principals/heron/medical", {"whole": "on", "blood_group": "O-", "allergies": ""})
    heron.refresh_from_db()
    assert heron.medical == {"blood_group": "O-"}


def test_the_blind_medical_form_keeps_what_is_not_typed(leader, heron):
    client = browser(leader)
    assert "Penicillin" not in client.get("/principals/heron/medical").content.decode()
    client.post("/principals/heron/medical", {"doctor": "Dr Invented", "blood_group": ""})
    heron.refresh_from_db()
    assert heron.medical == {"allergies": "Penicillin", "doctor": "Dr Invented"}


def test_the_edit_form_neither_shows_nor_loses_masked_fields(contract, heron):
    client = browser(factories.member(contract, Role.ANALYST))
    form = client.get("/principals/heron/edit").content.decode()
    for secret in SECRETS:
        assert secret not in form
    sent = {"code_name": "HERON", "name": "Astrid Lindqvist", "routine": "-", "work": "Chair"}
    assert client.post("/principals/heron/edit", sent).status_code == 302
    heron.refresh_from_db()
    assert (heron.family, heron.routine, heron.work) == ("Two children", "", "Chair")


def test_opening_a_file(contract, leader):
    client = browser(leader)
    address = f"/principals/new/{contract.compartment_id}/"
    assert address in client.get("/principals/").content.decode()
    refused = client.post(address, {"code_name": "LINDQVIST", "name": "Astrid Lindqvist"})
    assert refused.status_code == 422 and "gives the person away" in refused.content.decode()
    sent = client.post(address, {"code_name": "KITE", "name": "Astrid Lindqvist"})
    assert sent["Location"] == "/principals/kite/"
    driver = browser(factories.member(contract, Role.DRIVER))
    assert driver.get(address).status_code == 403


def test_contacts_and_windows_by_their_forms(leader, heron):
    client = browser(leader)
    contact = {"contact-role": "doctor", "contact-name": "Dr Invented"}
    refused = client.post("/principals/heron/contacts", contact).content.decode()
    assert "needs a phone or an e-mail" in refused
    client.post("/principals/heron/contacts", {**contact, "contact-phone": "+358 1"})
    added = Contact.objects.get()
    address = f"/principals/heron/contacts/{added.pk}"
    assert "Dr Invented" in client.get(address).content.decode()
    client.post(address, {"role": "doctor", "name": "Dr Invented", "phone": "+358 2"})
    assert Contact.objects.get().phone == "+358 2"
    client.post(f"{address}/remove")
    assert not Contact.objects.exists()
    times = {"window-starts": "2026-12-01T22:00", "window-ends": "2026-12-01T20:00"}
    assert (
        "ends before it starts" in client.post("/principals/heron/windows", times).content.decode()
    )
    client.post("/principals/heron/windows", {**times, "window-ends": "2026-12-02T06:00"})
    window = PrivacyWindow.objects.get()
    assert "Duress only" in client.get("/principals/heron/").content.decode()
    client.post(f"/principals/heron/windows/{window.pk}/remove")
    assert not PrivacyWindow.objects.exists()


def test_the_clients_page_says_how_much_not_what(contract, heron):
    client = browser(factories.member(contract, Role.CLIENT))
    shown = client.get("/principals/heron/stored").content.decode()
    assert "Principal" in shown and "Preferences" in shown
    for secret in SECRETS:
        assert secret not in shown
    client.post("/principals/heron/stored", {"preferences": "Window seat"})
    heron.refresh_from_db()
    assert heron.preferences == "Window seat"
    officer = browser(factories.member(contract, Role.OFFICER))
    assert officer.get("/principals/heron/stored").status_code == 403


def test_verify_then_erase_by_the_pages(leader, heron):
    client = browser(leader, proved=True)
    client.post("/principals/heron/verify")
    heron.refresh_from_db()
    assert heron.state == "verified"
    page = client.get("/principals/heron/erase").content.decode()
    assert "cannot be taken back" in page
    wrong = {"reason": "asked in writing", "slug": "kite"}
    assert "not the short name" in client.post("/principals/heron/erase", wrong).content.decode()
    client.post("/principals/heron/erase", {**wrong, "slug": "heron"})
    shown = client.get("/principals/heron/").content.decode()
    assert "[erased]" in shown and "Astrid" not in shown


def test_erase_is_refused_without_a_fresh_proof(leader, heron):
    sent = {"reason": "asked in writing", "slug": "heron"}
    assert browser(leader).post("/principals/heron/erase", sent).status_code == 422
    heron.refresh_from_db()
    assert heron.state == "draft"


def test_find_anything_knows_principals(leader, heron):
    assert "HERON" in browser(leader).get("/find?q=astrid").content.decode()
