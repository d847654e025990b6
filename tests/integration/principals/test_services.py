"""The file of a principal: opened, changed, masked, verified, erased."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.principals import queries, services
from varangian.principals.events import principal_changed, principal_erased
from varangian.principals.models import Contact, Principal, PrivacyWindow
from varangian.principals.shapes import shape

pytestmark = pytest.mark.django_db
WHY = "meeting the doctor tonight"


@contextmanager
def heard(signal):
    news = []

    def listen(**given):
        news.append(given)

    signal.connect(listen)
    yield news
    signal.disconnect(listen)


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def heron(contract, leader) -> Principal:
    return services.create_principal(
        actor=leader,
        compartment_id=contract.compartment_id,
        code_name="HERON",
        name="Astrid Lindqvist",
        family="Two children",
        addresses="1 Invented Street",
        code_word="lighthouse",
        duress_word="umbrella",
    )


def test_opened_by_a_leader_and_sealed(heron: Principal) -> None:
    stored = Principal.objects.get(pk=heron.pk)
    assert (stored.slug, stored.state, stored.name) == ("heron", "draft", "Astrid Lindqvist")
    assert b"Astrid" not in bytes(stored.__dict__["name"].blob)


def test_a_second_code_name_gets_a_number_and_a_taken_slug_is_refused(contract, leader, heron):
    where = {"actor": leader, "compartment_id": contract.compartment_id}
    assert services.create_principal(code_name="Heron", **where).slug == "heron-2"
    with pytest.raises(Conflict, match="taken"):
        services.create_principal(code_name="KITE", slug="heron", **where)


def test_opening_needs_the_role_and_the_circle(contract):
    driver = factories.member(contract, Role.DRIVER)
    with pytest.raises(Denied):
        services.create_principal(
            actor=driver, compartment_id=contract.compartment_id, code_name="KITE"
        )
    with pytest.raises(NotFound):
        services.create_principal(
            actor=factories.person(), compartment_id=contract.compartment_id, code_name="KITE"
        )


def test_a_principal_belongs_to_an_engagement(leader):
    operation = factories.operation(leader)
    with pytest.raises(Refused, match="belongs to an engagement"):
        services.create_principal(
            actor=leader, compartment_id=operation.compartment_id, code_name="KITE"
        )


def test_a_foreign_team_sees_nothing(heron):
    stranger = factories.member(factories.engagement(), Role.DETAIL_LEADER)
    with pytest.raises(NotFound):
        queries.principal(stranger, heron.slug)
    with pytest.raises(NotFound):
        services.unmask(actor=stranger, principal=heron, section="family", purpose=WHY)
    assert list(queries.search(stranger, "heron")) == []


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.DETAIL_LEADER, "Astrid Lindqvist"),
        (Role.OFFICER, "Astrid Lindqvist"),
        (Role.CLIENT, "Astrid Lindqvist"),
        (Role.DRIVER, "masked"),
    ],
)
def test_masks_by_role(contract, heron, role, name):
    seen = shape(factories.member(contract, role), heron)
    assert seen["name"] == name
    for field in ("family", "addresses", "routine", "code_word", "duress_word", "medical"):
        assert seen[field] == "masked"


def test_the_console_sees_masks_too(heron):
    assert shape(SYSTEM, heron)["family"] == "masked"


def test_search_by_name_only_for_those_who_may_read_it(contract, leader, heron):
    driver = factories.member(contract, Role.DRIVER)
    assert [row.slug for row in queries.search(leader, "lindq")] == ["heron"]
    assert list(queries.search(driver, "lindq")) == []
    assert [row.slug for row in queries.search(driver, "HER")] == ["heron"]


def test_unmask_answers_once_and_leaves_a_note(leader, heron):
    fields = services.unmask(actor=leader, principal=heron, section="words", purpose=WHY)
    assert fields == {"code_word": "lighthouse", "duress_word": "umbrella"}
    note = AuditEntry.objects.get(kind="unmask")
    assert (note.actor, note.purpose) == (str(leader.pk), WHY)
    assert note.changes == {"section": "words"}
    assert "lighthouse" not in str(note.__dict__)
    assert shape(leader, heron)["code_word"] == "masked"


@pytest.mark.parametrize(
    ("role", "section"),
    [(Role.OFFICER, "family"), (Role.ANALYST, "medical"), (Role.CLIENT, "addresses")],
)
def test_unmask_needs_the_right_role(contract, heron, role, section):
    with pytest.raises(Denied):
        services.unmask(
            actor=factories.member(contract, role), principal=heron, section=section, purpose=WHY
        )


def test_an_officer_may_read_the_medical_card(contract, leader, heron):
    services.set_medical(actor=leader, principal=heron, blood_group="O-", allergies="Penicillin")
    officer = factories.member(contract, Role.OFFICER)
    heron.refresh_from_db()
    fields = services.unmask(actor=officer, principal=heron, section="medical", purpose=WHY)
    assert fields["medical"] == {"blood_group": "O-", "allergies": "Penicillin"}


def test_medical_lines_that_are_not_given_stay(leader, heron):
    services.set_medical(actor=leader, principal=heron, allergies="Nuts", doctor="Dr Invented")
    done = services.set_medical(actor=leader, principal=heron, allergies="")
    assert done.medical == {"doctor": "Dr Invented"}
    assert done.medical_checked_at is not None


def test_a_change_after_verifying_asks_for_verifying_again(leader, heron):
    heron = services.verify_principal(actor=leader, principal=heron)
    assert (heron.state, heron.verified_by) == ("verified", leader)
    same = services.change_principal(actor=leader, principal=heron, name="Astrid Lindqvist")
    assert same.state == "verified"
    with heard(principal_changed) as news:
        changed = services.change_principal(actor=leader, principal=heron, family="Three children")
    assert changed.state == "draft"
    assert [one["fields"] for one in news] == [["family"]]


def test_only_a_named_person_verifies(heron):
    with pytest.raises(Refused, match="named person"):
        services.verify_principal(actor=SYSTEM, principal=heron)


def test_reviews_come_due(leader, heron):
    services.verify_principal(actor=leader, principal=heron)
    assert services.mark_reviews_due(today=now().date()) == 0
    assert services.mark_reviews_due(today=(now() + timedelta(days=181)).date()) == 1
    heron.refresh_from_db()
    assert heron.state == "review_due"


def test_contacts_are_added_changed_and_removed(contract, leader, heron):
    contact = services.add_contact(
        actor=leader, principal=heron, role="doctor", name="Dr Invented", phone="+358 0", notes=""
    )
    services.change_contact(actor=leader, contact=contact, phone="+358 1", emergency=True)
    assert Contact.objects.get().phone == "+358 1"
    driver = factories.member(contract, Role.DRIVER)
    assert list(queries.contacts(driver, heron)) == []
    with pytest.raises(Denied):
        services.remove_contact(actor=driver, contact=contact)
    services.remove_contact(actor=leader, contact=contact)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("given", [{"name": "", "phone": "1"}, {"name": "X"}])
def test_a_contact_can_be_reached(leader, heron, given):
    with pytest.raises(Refused):
        services.add_contact(actor=leader, principal=heron, role="doctor", **given)


def test_the_client_agrees_privacy_and_says_preferences(contract, heron):
    client = factories.member(contract, Role.CLIENT)
    start = now() - timedelta(minutes=5)
    window = services.add_window(
        actor=client, principal=heron, starts=start, ends=start + timedelta(hours=1)
    )
    assert queries.private_now(heron.pk)
    with pytest.raises(Refused, match="already"):
        services.add_window(
            actor=client, principal=heron, starts=start, ends=start + timedelta(hours=2)
        )
    services.remove_window(actor=client, window=window)
    assert not queries.private_now(heron.pk)
    assert not PrivacyWindow.objects.exists()
    services.set_preferences(actor=client, principal=heron, preferences="Window seat")
    heron.refresh_from_db()
    assert heron.preferences == "Window seat"
    with pytest.raises(Denied):
        services.change_principal(actor=client, principal=heron, family="x")


def test_what_is_stored_counts_everything_under_the_key(contract, leader, heron):
    services.add_contact(actor=leader, principal=heron, role="doctor", name="Dr I", phone="1")
    factories.operation(leader, engagement=contract, principal=heron)
    client = factories.member(contract, Role.CLIENT)
    counts = dict(queries.stored_for(client, heron))
    assert (counts["Contact"], counts["Operation"], counts["Principal"]) == (1, 1, 1)
    assert "Engagement" not in counts
    with pytest.raises(Denied):
        queries.stored_for(factories.member(contract, Role.OFFICER), heron)


def test_erase_leaves_only_the_code_name(contract, leader, heron):
    services.add_contact(actor=leader, principal=heron, role="doctor", name="Dr I", phone="1")
    with heard(principal_erased) as news:
        services.erase(actor=leader, principal=heron, reason="asked for it in writing")
    assert [one["principal"].pk for one in news] == [heron.pk]
    keys.forget_open_keys()
    gone = queries.principal(leader, "heron")
    assert (gone.name, gone.family, gone.medical) == ("[erased]", "[erased]", {})
    seen = shape(leader, gone)
    assert (seen["state"], seen["code_name"]) == ("erased", "HERON")
    assert {seen[name] for name in ("name", "family", "medical", "code_word")} == {"[erased]"}
    assert (seen["contacts"], Contact.objects.count()) == ([], 0)
    assert AuditEntry.objects.get(kind="erase").purpose == "asked for it in writing"
    for refused in (
        lambda: services.change_principal(actor=leader, principal=gone, name="New"),
        lambda: services.unmask(actor=leader, principal=gone, section="family", purpose=WHY),
        lambda: services.erase(actor=leader, principal=gone, reason="once more please"),
    ):
        with pytest.raises(Refused, match="erased"):
            refused()


def test_erase_is_for_a_named_leader(contract, heron):
    with pytest.raises(Refused, match="named person"):
        services.erase(actor=SYSTEM, principal=heron, reason="asked for it in writing")
    analyst = factories.member(contract, Role.ANALYST)
    with pytest.raises(Denied):
        services.erase(actor=analyst, principal=heron, reason="asked for it in writing")
