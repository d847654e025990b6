"""Surveys: who may answer, what disagrees, what runs out, and what is signed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import add_movement
from varangian.places import services
from varangian.places.models import SurveyAnswer, SurveyFact, SurveyVersion
from varangian.places.queries import surveys
from varangian.places.snapshots import fault
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.crypto import keys
from varangian.platform.storage.services import read
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import tie

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def hotel(operation, leader):
    return factories.place(operation.engagement, leader, name="Hotel Invented")


@pytest.fixture
def officer(operation):
    """A member of the operation alone, who reaches the place from below."""
    return factories.member(operation, Role.OFFICER, factories.person("Leo Advance"))


@pytest.fixture
def second(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Boris Second"))


def answer(person, place, value="North door, revolving", item="main_entrance", **more):
    return services.answer_fact(actor=person, place=place, item=item, value=value, **more)


def fact(person, place, item="main_entrance"):
    return surveys.survey(person, place).fact(item)


def test_a_new_place_knows_nothing(leader, hotel):
    view = surveys.survey(leader, hotel)
    assert (view.total, view.known, view.never, view.tone) == (42, 0, 42, "grey")
    assert view.progress == "0 of 42 known, 0 to re-verify"


def test_an_answer_has_its_author_its_time_and_its_shelf_life(officer, hotel):
    seen = now() - 2 * DAY
    answer(officer, hotel, note="Ice in winter", seen_at=seen)
    found = fact(officer, hotel)
    assert (found.words, found.note, found.by) == (
        "North door, revolving",
        "Ice in winter",
        officer,
    )
    assert found.standing.verified_at == seen
    assert found.standing.expires_at == seen + timedelta(days=found.rule.days)
    row = SurveyFact.objects.get(place=hotel, item="main_entrance")
    assert (row.expires_at, row.disputed) == (found.standing.expires_at, False)


def test_what_was_answered_is_sealed_in_the_row(officer, hotel):
    answer(officer, hotel, value="ZEPHYRMARK door", note="ZEPHYRMARK note")
    with connection.cursor() as cursor:
        for table in ("places_surveyanswer", "places_surveyfact", "audit_auditentry"):
            cursor.execute(f"select count(*) from {table} t where t::text like '%ZEPHYRMARK%'")
            assert cursor.fetchone()[0] == 0, table


def test_two_people_who_disagree_both_stand_until_somebody_settles(officer, second, leader, hotel):
    answer(officer, hotel)
    answer(second, hotel, value="South door")
    found = fact(leader, hotel)
    assert found.standing.disputed
    assert [claim["words"] for claim in found.claims] == ["North door, revolving", "South door"]
    with pytest.raises(Refused, match="different things"):
        services.still_so(actor=officer, place=hotel, item="main_entrance")
    with pytest.raises(Denied):
        settle(officer, hotel, 2)
    with pytest.raises(Refused, match="how you know"):
        settle(leader, hotel, 2, note=" ")
    with pytest.raises(NotFound):
        settle(leader, hotel, 7)
    settle(leader, hotel, 2)
    found = fact(leader, hotel)
    assert (found.words, found.standing.disputed, found.by) == ("South door", False, leader)
    assert len(found.history) == 3, "nothing is forgotten"
    with pytest.raises(Refused, match="Nobody disputes"):
        settle(leader, hotel, 2)


def settle(person, place, number, note="Walked it myself"):
    return services.settle_fact(
        actor=person, place=place, item="main_entrance", number=number, note=note
    )


def test_still_so_renews_what_has_run_out(officer, second, hotel):
    answer(officer, hotel, seen_at=now() - 400 * DAY)
    assert fact(officer, hotel).standing.state == "expired"
    services.still_so(actor=second, place=hotel, item="main_entrance")
    found = fact(officer, hotel)
    assert (found.words, found.standing.state, found.by) == (
        "North door, revolving",
        "fresh",
        second,
    )


def test_what_cannot_be_answered(officer, hotel, leader):
    for wrong in ({"value": ""}, {"value": "x" * 2001}, {"seen_at": now() + DAY}):
        with pytest.raises(Refused):
            answer(officer, hotel, **wrong)
    with pytest.raises(Refused, match="no question"):
        answer(officer, hotel, item="moat")
    with pytest.raises(Refused, match="why this does not apply"):
        answer(officer, hotel, absent=True)
    with pytest.raises(Refused, match="Nothing is known"):
        services.still_so(actor=officer, place=hotel, item="main_entrance")
    with pytest.raises(Refused, match="named person"):
        answer(SYSTEM, hotel)
    city = factories.place(hotel, SYSTEM, kind="city", name="Helsinki")
    with pytest.raises(Refused, match="no survey form"):
        answer(leader, city)
    assert not SurveyAnswer.objects.exists()


def test_a_question_that_does_not_apply_is_known(officer, hotel):
    answer(officer, hotel, value="", absent=True, note="One storey", item="lifts")
    found = fact(officer, hotel, "lifts")
    assert (found.words, found.note, found.standing.known) == (
        "Does not apply here",
        "One storey",
        True,
    )


def test_many_at_once_each_by_itself(officer, hotel):
    answer(officer, hotel, seen_at=now() - 400 * DAY)
    report = services.answer_many(
        actor=officer,
        place=hotel,
        answers=[
            {"item": "main_entrance", "still_so": True},
            {"item": "police_minutes", "value": "soon"},
            {"item": "moat", "value": "x"},
            {"item": "room_floor", "value": 5},
        ],
    )
    assert [row["taken"] for row in report] == [True, False, False, True]
    assert "number" in report[1]["problem"]
    assert surveys.survey(officer, hotel).known == 2


def test_a_client_sees_and_writes_nothing(operation, hotel):
    client = factories.member(operation, Role.CLIENT)
    with pytest.raises(Denied):
        answer(client, hotel)
    assert surveys.survey(client, hotel).known == 0


def test_another_team_meets_nothing(hotel, officer):
    answer(officer, hotel)
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        answer(stranger, hotel)
    with pytest.raises(NotFound):
        services.sign_survey(actor=stranger, place=hotel)
    with pytest.raises(NotFound):
        services.add_photo(
            actor=stranger, place=hotel, item="main_entrance_photo", data=factories.picture()
        )
    assert surveys.survey(stranger, hotel).known == 0


def test_the_database_itself_refuses_to_change_an_answer(officer, hotel):
    answer(officer, hotel)
    for act in (
        lambda: SurveyAnswer.objects.update(number=9),
        lambda: SurveyAnswer.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            act()


@pytest.fixture
def leg(leader, operation, hotel):
    found = add_movement(
        actor=leader,
        operation=operation,
        kind="road",
        title="To the hotel",
        destination=hotel,
        starts=now() + DAY,
    )
    line = factories.person().pk  # any record to the right of the place
    tie(
        left=("place", hotel.pk),
        right=("order_line", line),
        relation="is the reason for",
        compartment_id=operation.compartment_id,
    )
    return found, line


def reasons(leader, leg):
    """Of the leg and of the line, which hear the same."""
    found = line_reasons(leader, leg)
    assert stale_by_record(leader, "movement", [leg[0].pk]).get(leg[0].pk, []) == found
    return found


def line_reasons(leader, leg):
    return stale_by_record(leader, "order_line", [leg[1]]).get(leg[1], [])


def test_a_changed_fact_marks_what_depends_on_it(leader, officer, second, hotel, leg):
    answer(officer, hotel)
    services.still_so(actor=second, place=hotel, item="main_entrance")
    assert reasons(leader, leg) == [], "a first answer and a confirmed one change nothing"
    answer(officer, hotel, value="South door", has_changed=True)
    assert reasons(leader, leg) == ["Survey of hotel: Main entrance has changed"]
    answer(second, hotel, value="East door")
    assert reasons(leader, leg)[-1] == "Survey of hotel: Main entrance is disputed"
    settle(leader, hotel, fact(leader, hotel).claims[1]["number"])
    assert reasons(leader, leg)[-1] == "Survey of hotel: Main entrance is settled"


def test_what_has_run_out_marks_what_depends_on_it_once(leader, officer, hotel, leg):
    for item in ("main_entrance", "stairs"):
        answer(officer, hotel, item=item, seen_at=now() - 364 * DAY)
    assert services.tell_expired(at=now()) == 0
    assert services.tell_expired(at=now() + 2 * DAY) == 2
    words = "Survey of hotel: 2 answers out of date: Main entrance, Stairs"
    assert reasons(leader, leg) == [words]
    assert services.tell_expired(at=now() + 3 * DAY) == 0, "told once"
    services.still_so(actor=officer, place=hotel, item="stairs")
    assert SurveyFact.objects.get(item="stairs").told_at is None, "it may run out again"


def test_a_picture_is_kept_as_it_came_and_shown_bare(officer, hotel):
    data = factories.picture((2000, 1000))
    made = services.add_photo(
        actor=officer, place=hotel, item="main_entrance_photo", data=data, caption="From the kerb"
    )
    slot = surveys.survey(officer, hotel).sections[1].photos[0]
    assert slot.photo == made and slot.standing.state == "fresh"
    assert read(made.original) == data
    assert read(made.preview)[:3] == b"\xff\xd8\xff"
    again = services.add_photo(
        actor=officer, place=hotel, item="main_entrance_photo", data=factories.picture()
    )
    assert surveys.survey(officer, hotel).sections[1].photos[0].photo == again
    assert surveys.photos(officer, hotel).count() == 2


def test_a_picture_that_is_none_is_refused(officer, hotel):
    for data in (b"", b"<svg onload='x'/>", b"MZ" + b"\0" * 100):
        with pytest.raises(Refused):
            services.add_photo(actor=officer, place=hotel, item="main_entrance_photo", data=data)
    with pytest.raises(Refused, match="no picture"):
        services.add_photo(actor=officer, place=hotel, item="moat", data=factories.picture())


def test_only_the_leader_signs_and_a_gap_needs_its_reason(leader, officer, hotel):
    with pytest.raises(Denied):
        services.sign_survey(actor=officer, place=hotel)
    with pytest.raises(Refused, match="Nothing has been answered"):
        services.sign_survey(actor=leader, place=hotel)
    factories.surveyed(hotel, officer, skip=("safe_room", "main_entrance_photo"))
    with pytest.raises(Refused) as refusal:
        services.sign_survey(actor=leader, place=hotel, gaps={"safe_room": "Refused by the house"})
    assert "Main entrance from the kerb (no photo)" in refusal.value.where
    gaps = {"safe_room": "Refused by the house", "main_entrance_photo": "Camera banned"}
    signed = services.sign_survey(actor=leader, place=hotel, gaps=gaps)
    assert (signed.number, signed.complete, signed.signed_name) == (1, False, "Lea Leader")
    assert [gap["reason"] for gap in signed.content["gaps"]] == [
        "Camera banned",
        "Refused by the house",
    ]


def test_versions_are_numbered_and_say_what_they_said(leader, officer, hotel):
    factories.surveyed(hotel, officer)
    first = services.sign_survey(actor=leader, place=hotel)
    assert first.complete and fault(first) == ""
    answer(officer, hotel, value="South door", has_changed=True)
    assert surveys.since(leader, hotel, first) == 1
    second = services.sign_survey(actor=leader, place=hotel, note="After the works")
    assert [v.number for v in surveys.versions(leader, hotel)] == [2, 1]
    kept = surveys.version(leader, hotel, 1)
    assert "South door" not in str(kept.content) and "South door" in str(second.content)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SurveyVersion.objects.update(signed_name="Somebody Else")


def test_a_signature_tells_of_every_alteration(leader, officer, hotel):
    factories.surveyed(hotel, officer)
    services.sign_survey(actor=leader, place=hotel)
    for name, value in (
        ("content", {"sections": []}),
        ("signed_name", "Somebody Else"),
        ("signed_at", now() - DAY),
        ("number", 7),
        ("note", "added later"),
    ):
        signed = surveys.version(leader, hotel, 1)
        setattr(signed, name, value)
        assert fault(signed), name


def test_erasing_the_subject_erases_what_was_found(leader, officer, operation):
    who = operation.principal
    home = factories.place(who, leader, kind="residence", name="Shore House")
    factories.surveyed(home, officer)
    services.sign_survey(actor=leader, place=home)
    keys.destroy(who.key_id)
    view = surveys.survey(leader, home)
    assert {found.words for found in view.facts} == {"[erased]"}
    assert "erased" in fault(surveys.version(leader, home, 1))
    with pytest.raises(Refused, match="erased"):
        read(surveys.photos(leader, home)[0].preview)


def test_a_route_leads_from_one_place_to_another(leader, operation, hotel):
    contract = operation.engagement
    venue = factories.place(contract, leader, kind="venue", name="Hall")
    with pytest.raises(Refused, match="leads from one place"):
        factories.place(contract, leader, kind="route", name="Shore road")
    with pytest.raises(Refused, match="leads from one place"):
        factories.place(contract, leader, kind="venue", begins_at=hotel, ends_at=venue)
    road = factories.place(
        contract, leader, kind="route", name="Shore road", begins_at=hotel, ends_at=venue
    )
    assert list(surveys.routes_between(leader, hotel, venue)) == [road]
    assert not surveys.routes_between(leader, venue, hotel).exists()
    assert surveys.survey(leader, road).form.id == "route"
    with pytest.raises(Refused, match="stays a route"):
        services.change_place(actor=leader, place=road, kind="venue")
