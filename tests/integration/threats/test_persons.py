"""Persons of interest: nothing without its basis, nothing beyond its end, and erased is erased."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from tests import factories
from tests.integration.threats.referred import FROM, GIVEN, NAME, end, refer

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.platform.storage.models import StoredFile
from varangian.platform.thread.queries import stale_by_record
from varangian.threats import person_printing
from varangian.threats.models import Person, PersonFact, PersonStep
from varangian.threats.queries import bolo as cards
from varangian.threats.queries import persons as queries
from varangian.threats.services import add_source, bolo
from varangian.threats.services import persons as services


@pytest.mark.parametrize("lacking", ["name", "concern", "purpose", "proportionality"])
def test_there_is_no_file_without_its_reasons(desk, operation, lacking):
    with pytest.raises(Refused, match="without this"):
        refer(desk, operation, **{lacking: "  "})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"legal_basis": "because"}, "legal basis"),
        ({"legal_basis": "no_personal_data"}, "personal data"),
        ({"reviewer": None}, "without a reviewer"),
        ({"score": 7}, "no such field"),
        ({"expires_at": timedelta(days=700)}, "at most 365 days"),
        ({"expires_at": timedelta(days=-1)}, "over already"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(desk, operation, change, words):
    if "expires_at" in change:
        change = {"expires_at": now() + change["expires_at"]}
    with pytest.raises(Refused, match=words):
        refer(desk, operation, **change)


@pytest.mark.parametrize(
    "change", [{"legal_basis": ""}, {"purpose": None}, {"proportionality": None}]
)
def test_the_database_itself_refuses_a_file_without_a_basis(person, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        for name, value in change.items():
            setattr(person, name, value)
        person.save()


def test_nobody_reviews_their_own_referral_and_only_the_desk_may(desk, operation):
    for reviewer in ("analyst", "driver", "stranger"):
        with pytest.raises(Refused):
            refer(desk, operation, reviewer=desk[reviewer])


def test_only_the_desk_of_the_engagement_sees_them(desk, person, operation):
    for who in ("detail_leader", "analyst", "operator"):
        assert queries.person(desk[who], person.pk).name == NAME
    field = factories.member(operation, Role.ANALYST)
    for who in (desk["officer"], desk["driver"], desk["client"], desk["stranger"], field):
        with pytest.raises(NotFound):
            queries.person(who, person.pk)
    with pytest.raises(Denied):
        services.move_person(actor=desk["operator"], person=person, state="triaged", reason="x")


def test_it_moves_along_its_ways_and_each_move_is_dated_with_reason_and_name(desk, person):
    for state in ("triaged", "under_assessment", "managed", "monitored", "dormant", "closed"):
        person = services.move_person(
            actor=desk["analyst"], person=person, state=state, reason=f"Now {state}"
        )
    with pytest.raises(Refused, match="no way leads"):
        services.move_person(actor=desk["analyst"], person=person, state="managed", reason="x")
    with pytest.raises(Refused, match="Say why"):
        services.move_person(actor=desk["analyst"], person=person, state="triaged", reason=" ")
    steps = list(queries.steps(desk["analyst"], person))
    assert [row.after for row in steps][:2] == ["closed", "dormant"] and len(steps) == 7
    assert steps[0].reason == "Now closed" and steps[0].by == desk["analyst"]


def test_the_history_is_never_changed(person):
    with pytest.raises(Exception, match="append"), transaction.atomic():
        PersonStep.objects.filter(person=person).update(what="moved")


def test_the_log_names_nobody(desk, person, leader, operation):
    services.move_person(actor=leader, person=person, state="triaged", reason=f"{NAME} came")
    entries = AuditEntry.objects.filter(compartment=person.compartment_id)
    assert not any(NAME in json.dumps(row.changes or {}) for row in entries)
    assert not any(NAME in str(row.body) for row in log.entries(leader, operation))


def test_time_closes_it_at_once_the_job_asks_once_and_the_reviewer_renews(desk, person):
    services.add_fact(actor=desk["analyst"], person=person, kind="alias", value="Pen man", **FROM)
    person = end(person)
    assert not person.readable and person.shown_name == "closed to reading"
    assert not list(queries.facts(desk["analyst"], person))
    assert queries.search(desk["analyst"], queries.persons(desk["analyst"]), "pen man") == []
    assert services.ask_about_ended() == 1 and services.ask_about_ended() == 0
    assert person in queries.persons(desk["analyst"], view="due")
    for deed in (
        lambda: services.change_person(actor=desk["analyst"], person=person, name="Other"),
        lambda: services.add_fact(
            actor=desk["analyst"], person=person, kind="alias", value="x", **FROM
        ),
    ):
        with pytest.raises(Refused, match="has run out"):
            deed()
    with pytest.raises(Refused, match="is reviewed by"):
        services.review_person(actor=desk["analyst"], person=person, words="Mine")
    person = services.review_person(actor=desk["operator"], person=person, words="Still needed")
    assert person.readable and person.asked_at is None and person.review_due <= person.expires_at
    assert [row.value for row in queries.facts(desk["analyst"], person)] == ["Pen man"]


def test_the_reviewer_closes_it(desk, person):
    done = services.review_person(
        actor=desk["operator"], person=person, words="Not fair", stands=False
    )
    assert done.state == "closed"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "shoe size"}, "no kind"),
        ({"value": " "}, "Say what"),
        ({"source": ""}, "from where"),
        ({"source_grade": "Z"}, "not on the scale"),
        ({"colour": "red"}, "no such field"),
    ],
)
def test_a_record_has_a_kind_a_source_and_a_grade_of_the_scale(desk, person, change, words):
    given = {"kind": "alias", "value": "Pen man", **FROM, **change}
    with pytest.raises(Refused, match=words):
        services.add_fact(actor=desk["analyst"], person=person, **given)


def test_two_who_share_an_alias_are_shown_to_each_other_and_stay_two(desk, person, operation):
    other = refer(desk, operation, name="unknown, grey coat", identified=False)
    analyst = desk["analyst"]
    services.add_fact(actor=analyst, person=person, kind="alias", value="The Pen-Man", **FROM)
    services.add_fact(actor=analyst, person=other, kind="alias", value="the pen man", **FROM)
    services.add_fact(actor=analyst, person=other, kind="vehicle", value="ABC-123", **FROM)
    with pytest.raises(Refused, match="already"):
        services.add_fact(actor=analyst, person=other, kind="alias", value="THE PEN MAN", **FROM)
    for one, another in ((person, other), (other, person)):
        found = queries.sharing(analyst, one)
        assert [(row.person, row.kind) for row in found] == [(another, "alias")]
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_withdrawn_record_stays_readable_and_counts_for_nothing(desk, person, operation):
    analyst = desk["analyst"]
    other = refer(desk, operation, name="Somebody else")
    made = services.add_fact(actor=analyst, person=person, kind="alias", value="Pen", **FROM)
    services.add_fact(actor=analyst, person=other, kind="alias", value="Pen", **FROM)
    given = {"actor": analyst, "person": person, "kind": "fact", "record": made.pk}
    services.withdraw(**given, reason="Misheard")
    assert not list(queries.facts(analyst, person)) and not queries.sharing(analyst, other)
    assert queries.facts(analyst, person, withdrawn=True).get().withdrawn_reason == "Misheard"
    with pytest.raises(Refused, match="no such record"):
        services.withdraw(**given, reason="Again")


def snapshot(person):
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(p) from threats_person p where id = %s", [person.pk])
        row = json.loads(cursor.fetchone()[0])
        cursor.execute(
            "select to_jsonb(f) from threats_personfact f where person_id = %s order by id",
            [person.pk],
        )
        return row, cursor.fetchall()


def test_a_merge_is_read_together_and_undone_exactly(desk, person, operation, leader):
    analyst = desk["analyst"]
    other = refer(desk, operation, name="unknown, grey coat", identified=False)
    services.add_fact(actor=analyst, person=person, kind="mail", value="a@example.org", **FROM)
    services.add_fact(actor=analyst, person=other, kind="vehicle", value="ABC-123", **FROM)
    other.refresh_from_db()
    before = snapshot(person), snapshot(other)
    with pytest.raises(Refused, match="what makes them one"):
        services.merge_persons(actor=analyst, kept=person, other=other, reason=" ")
    with pytest.raises(Denied):
        services.merge_persons(actor=desk["operator"], kept=person, other=other, reason="Same")
    services.merge_persons(actor=analyst, kept=person, other=other, reason="The same coat")
    other.refresh_from_db()
    assert {row.value for row in queries.facts(analyst, person)} == {"a@example.org", "ABC-123"}
    assert other not in queries.persons(analyst, view="open")
    with pytest.raises(Refused, match="is part of P1"):
        services.move_person(actor=analyst, person=other, state="triaged", reason="x")
    third = refer(desk, operation, name="Third")
    with pytest.raises(Refused, match="part of another"):
        services.merge_persons(actor=analyst, kept=third, other=other, reason="Same")
    with pytest.raises(Refused, match="folded into it"):
        services.merge_persons(actor=analyst, kept=third, other=person, reason="Same")
    services.unmerge_persons(actor=leader, other=other, reason="Seen together")
    assert (snapshot(person), snapshot(other)) == before
    words = [row.undone_reason for row in queries.merges(analyst, person)]
    assert words == ["Seen together"]
    services.merge_persons(actor=analyst, kept=other, other=person, reason="After all")


def test_what_a_folded_file_holds_goes_with_its_own_end(desk, person, operation):
    analyst = desk["analyst"]
    other = refer(desk, operation, name="Grey coat")
    services.add_fact(actor=analyst, person=other, kind="alias", value="Coat", **FROM)
    services.merge_persons(actor=analyst, kept=person, other=other, reason="The same")
    end(other)
    assert not list(queries.facts(analyst, person))


def test_a_threat_that_names_somebody_is_stale_when_the_file_moves(desk, person, operation, leader):
    threat = add_source(actor=leader, operation=operation, title="Letters")
    services.name_in_threat(actor=leader, person=person, source=threat)
    assert queries.threats_naming(leader, person) == {threat.pk}
    services.move_person(actor=leader, person=person, state="triaged", reason="Read")
    stale = stale_by_record(leader, "threat", [threat.pk])[threat.pk]
    assert stale == ["Person P1 moved: referred to triaged"]
    services.unname_in_threat(actor=leader, person=person, source=threat)
    assert queries.threats_naming(leader, person) == set()


def test_a_card_is_filled_in_from_the_file_and_looked_through(desk, person, operation, leader):
    reviewer = factories.member(operation, Role.OPERATOR, desk["operator"])
    services.add_fact(actor=leader, person=person, kind="alias", value="Pen man", **FROM)
    services.add_fact(
        actor=leader, person=person, kind="vehicle", value="ABC-123", description="Blue", **FROM
    )
    services.add_image(actor=leader, person=person, data=factories.picture(), source="Doorbell")
    fields = services.prefilled(leader, person)
    assert fields["title"] == f"{NAME} (Pen man)"
    assert fields["features"] == {"marks": "Tall, grey parka", "carries": "Blue ABC-123"}
    card = services.draw_card_of(
        actor=leader, person=person, operation=operation, kind="person", tell="Desk",
        reviewer=reviewer, **fields,
    )  # fmt: skip
    assert card.person == person and card.key_id == person.key_id and card.pictures.count() == 1
    assert services.prefilled(leader, person, "vehicle")["features"]["plate"] == "ABC-123"


def test_a_card_does_not_outlive_the_file(desk, operation, leader):
    soon = now() + timedelta(hours=30)
    person = refer(desk, operation, expires_at=soon)
    assert card_of(desk, operation, leader, person).expires_at == soon
    with pytest.raises(Refused, match="outlive"):
        card_of(desk, operation, leader, person, expires_at=soon + timedelta(hours=1))


def card_of(desk, operation, leader, person, **fields):
    reviewer = factories.member(operation, Role.OPERATOR, desk["operator"])
    given = services.prefilled(leader, person) | {"kind": "person", "tell": "Desk", **fields}
    return services.draw_card_of(
        actor=leader, person=person, operation=operation, reviewer=reviewer, **given
    )


def test_erasing_leaves_nothing_readable(
    desk, person, operation, leader, django_capture_on_commit_callbacks
):
    analyst = desk["analyst"]
    other = refer(desk, operation, name="Marla Tiebound")
    services.add_fact(actor=analyst, person=person, kind="alias", value="Pen man", **FROM)
    tie = services.add_tie(
        actor=analyst, person=other, other=person, kind="friend", words=f"Of {NAME}", **FROM
    )
    services.add_image(actor=analyst, person=person, data=factories.picture(), **FROM)
    services.add_court_order(
        actor=analyst, person=person, kind="no_contact", court="Invented court",
        issued_on=date(2026, 1, 1), conditions=f"{NAME} stays away", **FROM,
    )  # fmt: skip
    own = card_of(desk, operation, leader, person)
    old = bolo.draw_card(
        actor=leader, operation=operation, kind="person", title=NAME, why="w", tell="t",
        drill="observe_report", reviewer=desk["operator"],
        **{n: GIVEN[n] for n in ("legal_basis", "purpose", "proportionality")},
    )  # fmt: skip
    services.tie_card(actor=leader, person=person, card=old)
    blobs = set(StoredFile.objects.filter(key_id=person.key_id).values_list("blob", flat=True))
    assert blobs and blob_paths(blobs)
    with pytest.raises(Denied):
        services.erase_person(actor=analyst, person=person, reason="Asked for it")
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_person(actor=leader, person=person, reason="Asked for it")
    keys.forget_open_keys()
    person = queries.person(leader, person.pk)
    assert person.erased and person.shown_name == "erased" and not person.legal_basis
    assert keys.data_key(person.key_id) is None and keys.data_key(tie.key_id) is None
    assert not PersonFact.objects.filter(person=person).exists()
    assert not StoredFile.objects.filter(key_id=person.key_id).exists() and not blob_paths(blobs)
    assert {row.reason for row in queries.steps(leader, person)} <= {"[erased]", ""}
    assert not queries.ties(leader, other)
    for card in (own, old):
        card = cards.card(leader, card.pk)
        assert card.state == "recalled" and card.title == "[erased]" and card.features == {}
    assert NAME not in everything()
    with pytest.raises(Refused, match="erased already"):
        services.erase_person(actor=leader, person=person, reason="Again")


def everything():
    """What each table of the register and the audit holds, as it lies there."""
    found = []
    with connection.cursor() as cursor:
        for table in (
            "threats_person",
            "threats_personstep",
            "audit_auditentry",
            "threats_bolocard",
        ):
            cursor.execute(f"select coalesce(jsonb_agg(to_jsonb(t))::text, '') from {table} t")
            found.append(cursor.fetchone()[0])
    return "".join(found)


def blob_paths(blobs):
    folder = Path(settings.FILES if settings.FILES != "database" else settings.HOME)
    return [path for path in folder.rglob("*") if path.name in blobs]


def test_who_is_folded_is_erased_with_the_kept_one(desk, person, operation, leader):
    other = refer(desk, operation, name="Grey coat")
    services.merge_persons(actor=leader, kept=person, other=other, reason="The same")
    other.refresh_from_db()
    with pytest.raises(Refused, match="is part of P1"):
        services.erase_person(actor=leader, person=other, reason="Asked")
    services.erase_person(actor=leader, person=person, reason="Asked")
    assert {row.state for row in Person.objects.all()} == {"erased"}


def test_all_that_is_held_is_handed_out_and_others_by_number_only(desk, person, operation, leader):
    analyst = desk["analyst"]
    other = refer(desk, operation, name="Marla Tiebound")
    services.add_fact(actor=analyst, person=person, kind="phone", value="+358 40 000", **FROM)
    services.add_image(actor=analyst, person=person, data=factories.picture(), **FROM)
    services.add_tie(actor=analyst, person=person, other=other, kind="friend", words="x", **FROM)
    with pytest.raises(Denied):
        person_printing.archive(analyst, person)
    with zipfile.ZipFile(io.BytesIO(person_printing.archive(leader, person))) as zipped:
        assert set(zipped.namelist()) == {"held.json", "held.pdf", "pictures/P1-1.jpg"}
        found = json.loads(zipped.read("held.json"))
        assert zipped.read("held.pdf").startswith(b"%PDF")
    words = json.dumps(found)
    assert NAME in words and "+358 40 000" in words and "Marla" not in words
    parts = {part["name"]: part["rows"] for part in found["parts"]}
    assert parts["ties"][0]["with"] == "P2" and len(parts["images"]) == 1
    assert queries.steps(leader, person).first().what == "exported"


def test_who_looked_is_told_to_who_oversees_and_to_the_reviewer(desk, person, leader):
    services.looked(actor=desk["analyst"], person=person, purpose="Check a sighting")
    for who in (leader, desk["operator"]):
        rows = queries.looks(who, person)
        assert (rows[0].who, rows[0].purpose) == (desk["analyst"].name, "Check a sighting")
    with pytest.raises(Denied):
        queries.looks(desk["analyst"], person)
