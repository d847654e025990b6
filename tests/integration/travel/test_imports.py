"""From a calendar file to a draft, and from a draft to the plan."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests import factories

from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations import queries as spine
from varangian.operations import services as operations
from varangian.operations.models import Movement, Operation
from varangian.places.models import Place
from varangian.places.services import change_place, locate_place
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage.services import read
from varangian.travel import services
from varangian.travel.models import ItineraryDraft
from varangian.travel.queries import itineraries as queries
from varangian.travel.shapes.itineraries import affected_posts, draft_shape, still_unlocated

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[2] / "fixtures" / "ical"
FIXTURES = sorted(path.name for path in FOLDER.glob("*.ics"))


def entry(uid: str, title: str, start: str, end: str = "", place: str = "", *more: str) -> str:
    lines = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART;TZID=Europe/Helsinki:{start}"]
    lines += [f"DTEND;TZID=Europe/Helsinki:{end}"] if end else []
    lines += [f"LOCATION:{place}"] if place else []
    return "\n".join(["BEGIN:VEVENT", *lines, *more, "END:VEVENT"])


def calendar(*entries: str, name: str = "Two days") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//EN", f"X-WR-CALNAME:{name}"]
    return "\r\n".join([*head, *entries, "END:VCALENDAR", ""]).replace("\n\n", "\n").encode()


MEETING = entry("m1", "Board meeting", "20261126T100000", "20261126T113000", "Harbour Hall")
LUNCH = entry("m2", "Lunch", "20261126T123000", "20261126T133000", "Cafe Aalto")
DINNER = entry("m3", "Dinner", "20261126T190000", "20261126T220000", "Harbour Hall")
DAY = calendar(MEETING, LUNCH, DINNER)


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def contract(leader):
    return factories.engagement(leader)


@pytest.fixture
def heron(contract):
    return factories.principal(contract, slug="heron")


@pytest.fixture
def take(leader, heron):
    def taken(data: bytes, **given):
        draft = services.import_itinerary(actor=leader, principal=heron, data=data, **given)
        leader.__dict__.pop("_reach", None)
        return draft

    return taken


@pytest.fixture
def accepted(take, leader):
    return services.accept_draft(actor=leader, draft=take(DAY))


def legs(leader, operation) -> list[Movement]:
    return list(spine.movements(leader, operation))


def titles(leader, operation) -> list[str]:
    return [leg.title for leg in legs(leader, operation) if not leg.implied]


def test_a_new_calendar_opens_an_operation_as_a_draft(leader, contract, heron, take):
    draft = take(DAY, name="day.ics")
    operation = draft.operation
    assert (operation.state, operation.title, operation.slug) == (
        "draft",
        "Two days",
        "heron-2026-11-26",
    )
    assert (operation.engagement, operation.principal) == (contract, heron)
    assert operation.time_zone == "Europe/Helsinki"
    assert (draft.version, draft.state, draft.imported_by) == (1, "proposed", leader)
    assert not legs(leader, operation), "nothing moves until a person accepts"
    assert len(draft.diff["added"]) == len(draft.legs) and not draft.diff["removed"]
    (said, *_) = [row.body["event"] for row in log.entries(leader, operation)]
    assert said.startswith("Itinerary version 1 imported")


def test_accepting_makes_the_legs(leader, accepted):
    operation = accepted.operation
    assert (accepted.state, accepted.decided_by) == ("accepted", leader)
    assert titles(leader, operation) == ["Board meeting", "Lunch", "Dinner"]
    implied = [leg for leg in legs(leader, operation) if leg.implied]
    assert [leg.title for leg in implied] == [
        "Harbour Hall to Cafe Aalto",
        "Cafe Aalto to Harbour Hall",
    ]
    operation.refresh_from_db()
    assert operation.state == "planned"
    assert operation.starts.isoformat() == "2026-11-26T08:00:00+00:00"
    assert operation.ends.isoformat() == "2026-11-26T20:00:00+00:00"
    hall = [leg.destination for leg in legs(leader, operation) if leg.title == "Board meeting"]
    assert hall[0].name == "Harbour Hall" and not hall[0].located
    assert Place.objects.count() == 2, "one place per text, used twice"
    assert set(still_unlocated(leader, accepted)) == {"Harbour Hall", "Cafe Aalto"}


def test_a_located_place_is_no_longer_unlocated(leader, accepted):
    for place in Place.objects.all():
        locate_place(actor=leader, place=place, latitude=60.1, longitude=24.9)
    assert still_unlocated(leader, accepted) == []


def test_a_renamed_place_is_no_longer_unlocated(leader, accepted):
    for place in Place.objects.all():
        position = [60.1, 24.9]
        change_place(actor=leader, place=place, name=f"The new {place.name}", position=position)
    assert still_unlocated(leader, accepted) == []


def test_the_same_calendar_finds_its_operation(leader, accepted, take):
    again = take(DAY)
    assert (again.operation_id, again.version) == (accepted.operation_id, 2)
    assert (again.diff["added"], again.diff["changed"], again.diff["removed"]) == ([], [], [])
    assert Operation.objects.count() == 1
    services.accept_draft(actor=leader, draft=again)
    assert titles(leader, accepted.operation) == ["Board meeting", "Lunch", "Dinner"]


def test_an_unaccepted_draft_is_found_too_and_overtaken(take):
    first, second = take(DAY), take(DAY)
    first.refresh_from_db()
    assert (second.operation_id, second.version) == (first.operation_id, 2)
    assert (first.state, second.state) == ("overtaken", "proposed")


def test_another_calendar_opens_another_operation(accepted, take):
    other = take(calendar(entry("x9", "Trip", "20270105T100000", place="Somewhere")))
    assert other.operation_id != accepted.operation_id


def test_a_closed_operation_is_not_found_again(leader, accepted, take):
    operation = accepted.operation
    operation.refresh_from_db()
    factories.may_start(leader, operation)
    for state in ("active", "closed"):
        operations.set_operation_state(actor=leader, operation=operation, state=state)
    assert take(DAY).operation_id != operation.pk
    with pytest.raises(Refused, match="closed"):
        take(DAY, operation=operation)


@pytest.mark.parametrize("name", FIXTURES)
def test_every_fixture_comes_in_and_the_same_file_again_changes_nothing(leader, take, name):
    data = (FOLDER / name).read_bytes()
    draft = take(data, name=name)
    assert draft.legs, name
    services.accept_draft(actor=leader, draft=draft)
    wanted = [leg for leg in draft.legs if not leg["cancelled"]]
    assert len(legs(leader, draft.operation)) == len(wanted)
    again = take(data, name=name)
    assert again.operation_id == draft.operation_id
    changes = [row["words"] for row in again.diff["changed"]]
    assert (again.diff["added"], changes, again.diff["removed"]) == ([], [], [])


def test_a_changed_file_says_what_changed_and_for_which_posts(leader, accepted, take):
    operation = accepted.operation
    meeting = next(leg for leg in legs(leader, operation) if leg.title == "Board meeting")
    given = {"actor": leader, "operation": operation, "edition": "ppo"}
    named = operations.add_post(title="Door man", role="sap", **given)
    operations.add_post(title="PPO", role="ppo", **given)
    operations.cover_movements(actor=leader, post=named, movements=[meeting])
    later = entry("m1", "Board meeting", "20261126T103000", "20261126T113000", "Harbour Hall")
    draft = take(calendar(later, LUNCH))
    (change,) = [c for c in draft.diff["changed"] if c["movement"] == str(meeting.pk)]
    assert change["words"] == "Begins 30 min later (10:30 instead of 10:00 EET)"
    removed = [row["words"] for row in draft.diff["removed"]]
    assert any("Dinner" in words for words in removed)
    posts = affected_posts(leader, draft)
    assert posts[str(meeting.pk)] == ["Door man", "PPO"]
    gone = [row["movement"] for row in draft.diff["removed"] if "Dinner" in row["words"]]
    assert posts[gone[0]] == ["PPO"]
    services.accept_draft(actor=leader, draft=draft)
    meeting.refresh_from_db()
    assert meeting.starts.isoformat() == "2026-11-26T08:30:00+00:00"
    assert titles(leader, operation) == ["Board meeting", "Lunch"]


def test_a_draft_is_decided_once(leader, take):
    draft = take(DAY)
    stale = ItineraryDraft.objects.get(pk=draft.pk)
    services.accept_draft(actor=leader, draft=draft)
    for act in (services.accept_draft, services.reject_draft):
        with pytest.raises(Conflict, match="accepted already"):
            act(actor=leader, draft=stale)
    assert Movement.objects.count() == 5


def test_an_overtaken_draft_cannot_be_accepted(leader, take):
    first = take(DAY)
    take(DAY)
    with pytest.raises(Conflict, match="overtaken already"):
        services.accept_draft(actor=leader, draft=first)


def test_a_rejected_draft_leaves_the_plan(leader, accepted, take):
    draft = services.reject_draft(actor=leader, draft=take(calendar(MEETING)))
    assert draft.state == "rejected"
    assert titles(leader, accepted.operation) == ["Board meeting", "Lunch", "Dinner"]


def test_the_differences_are_those_of_the_moment_of_acceptance(leader, accepted, take):
    operation = accepted.operation
    later = entry("m1", "Board meeting", "20261126T103000", "20261126T120000", "Harbour Hall")
    draft = take(calendar(later, LUNCH, DINNER))
    meeting = next(leg for leg in legs(leader, operation) if leg.title == "Board meeting")
    operations.change_movement(actor=leader, movement=meeting, notes="Side door", title="Board")
    services.accept_draft(actor=leader, draft=draft)
    meeting.refresh_from_db()
    assert meeting.starts.isoformat() == "2026-11-26T08:30:00+00:00"


def test_hand_made_legs_are_none_of_the_calendars_business(leader, accepted, take):
    operation = accepted.operation
    mine = operations.add_movement(
        actor=leader, operation=operation, kind="road", title="Recce by the leader"
    )
    draft = take(calendar(MEETING))
    assert "Recce" not in str(draft.diff)
    services.accept_draft(actor=leader, draft=draft)
    mine.refresh_from_db()
    assert (mine.title, mine.version) == ("Recce by the leader", 1)
    assert set(titles(leader, operation)) == {"Board meeting", "Recce by the leader"}


def test_a_leg_that_began_is_not_removed(leader, accepted, take):
    operation = accepted.operation
    dinner = next(leg for leg in legs(leader, operation) if leg.title == "Dinner")
    operations.set_movement_state(actor=leader, movement=dinner, state="under_way")
    services.accept_draft(actor=leader, draft=take(calendar(MEETING, LUNCH)))
    dinner.refresh_from_db()
    assert dinner.state == "under_way"


def test_a_cancelled_entry_takes_its_leg_away(leader, accepted, take):
    off = entry(
        "m3", "Dinner", "20261126T190000", "20261126T220000", "Harbour Hall", "STATUS:CANCELLED"
    )
    draft = take(calendar(MEETING, LUNCH, off))
    assert any("Dinner" in row["words"] for row in draft.diff["removed"])
    services.accept_draft(actor=leader, draft=draft)
    assert titles(leader, accepted.operation) == ["Board meeting", "Lunch"]


def test_places_are_used_again_whoever_named_them(leader, accepted, take):
    hall = next(place for place in Place.objects.all() if place.name == "Harbour Hall")
    change_place(actor=leader, place=hall, name="Harbour Hall, north door", position=[60.1, 24.9])
    extra = entry("m4", "Press", "20261126T140000", "20261126T150000", "HARBOUR HALL, Helsinki")
    draft = take(calendar(MEETING, LUNCH, DINNER, extra))
    changes = [row["words"] for row in draft.diff["changed"] if "Board" in row["title"]]
    assert changes == [], "a person's better name is no change of the calendar"
    services.accept_draft(actor=leader, draft=draft)
    press = next(leg for leg in legs(leader, accepted.operation) if leg.title == "Press")
    assert press.destination_id == hall.pk
    assert Place.objects.count() == 2


def test_two_hotels_of_one_name_in_two_towns_are_two_places(leader, take):
    stays = [
        entry("h1", "Dinner", "20261126T190000", "20261126T220000", "Grand Hotel\\, London"),
        entry("h2", "Lunch", "20261128T120000", "20261128T130000", "Grand Hotel\\, Paris"),
        entry("h3", "Tea", "20261128T160000", "20261128T170000", "grand hotel"),
    ]
    draft = take(calendar(*stays))
    services.accept_draft(actor=leader, draft=draft)
    assert {place.name for place in Place.objects.all()} == {
        "Grand Hotel, London",
        "Grand Hotel, Paris",
    }


def test_a_flight_is_located_by_its_airports(leader, take):
    draft = take((FOLDER / "tripit.ics").read_bytes())
    services.accept_draft(actor=leader, draft=draft)
    flight = next(leg for leg in legs(leader, draft.operation) if leg.kind == "flight")
    assert flight.origin.kind == flight.destination.kind == "airport"
    assert flight.origin.located and flight.destination.located
    assert flight.details["flight_number"]


def test_an_entry_without_a_title_comes_in(leader, take):
    bare = "\n".join(
        [
            "BEGIN:VEVENT",
            "UID:b1",
            "DTSTART:20261126T100000Z",
            "LOCATION:Harbour Hall",
            "END:VEVENT",
        ]
    )
    draft = take(calendar(bare))
    services.accept_draft(actor=leader, draft=draft)
    (leg,) = legs(leader, draft.operation)
    assert leg.title and leg.ends is None


def test_the_original_is_kept_and_sealed(leader, take):
    draft = take(DAY, name="day.ics")
    assert read(draft.original) == DAY and draft.original.name == "day.ics"
    with connection.cursor() as cursor:
        cursor.execute("select legs, diff, problems from travel_itinerarydraft")
        row = cursor.fetchone()
    assert all(b"Harbour" not in bytes(part) for part in row)


@pytest.mark.parametrize(
    "broken",
    [b"", b"   \n", b"%PDF-1.7 no calendar", b"\x00" * 100, b"BEGIN:VCALENDAR\nEND:VCALENDAR"],
)
def test_what_is_no_calendar_is_refused_in_words(take, broken):
    with pytest.raises(Refused) as refused:
        take(broken, name="x.ics")
    assert refused.value.what and not Operation.objects.exists()
    assert not ItineraryDraft.objects.exists()


def test_a_huge_file_is_refused(take):
    with pytest.raises(Refused):
        take(b"BEGIN:VCALENDAR\n" + b"X-FILL:" + b"x" * (26 * 1024 * 1024))


def test_broken_lines_are_reported_and_the_rest_goes_on(take):
    draft = take((FOLDER / "broken_lines.ics").read_bytes())
    assert draft.legs and draft.problems
    for problem in draft.problems:
        assert problem["where"] and problem["what"]


def test_who_imports_and_who_accepts(contract, heron, leader, take):
    for role in (Role.CLIENT, Role.ANALYST, Role.OPERATOR):
        user = factories.member(contract, role)
        draft = services.import_itinerary(actor=user, principal=heron, data=DAY)
        assert draft.imported_by == user
    client = factories.member(draft, Role.CLIENT)
    analyst = factories.member(draft, Role.ANALYST)
    for user in (client, analyst):
        with pytest.raises(Denied):
            services.accept_draft(actor=user, draft=draft)
    for role in (Role.OFFICER, Role.DRIVER):
        with pytest.raises(Denied):
            services.import_itinerary(
                actor=factories.member(contract, role), principal=heron, data=DAY
            )
    operator = factories.member(draft, Role.OPERATOR, factories.member(contract, Role.OPERATOR))
    assert services.accept_draft(actor=operator, draft=draft).decided_by == operator


def test_a_foreign_team_finds_nothing(heron, take):
    draft = take(DAY)
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        services.import_itinerary(actor=stranger, principal=heron, data=DAY)
    with pytest.raises(NotFound):
        services.accept_draft(actor=stranger, draft=draft)
    with pytest.raises(NotFound):
        queries.draft(stranger, draft.pk)
    assert not queries.drafts(stranger)


def test_one_principals_calendar_does_not_go_into_anothers_operation(leader, contract, take):
    kite = factories.principal(contract, slug="kite")
    other = factories.operation(leader, engagement=contract, principal=kite)
    with pytest.raises(Refused, match="another principal"):
        take(DAY, operation=other)
    draft = services.import_itinerary(actor=leader, principal=kite, data=DAY)
    take(DAY)
    assert {d.operation.principal.slug for d in ItineraryDraft.objects.all()} == {"heron", "kite"}
    assert draft.operation.principal == kite


def test_the_house_accepts_without_a_name(heron):
    draft = services.import_itinerary(actor=SYSTEM, principal=heron, data=DAY)
    row = draft_shape(services.accept_draft(actor=SYSTEM, draft=draft))
    assert (row["state"], draft.decided_by) in (("accepted", None),)


def test_real_calendars_come_in(leader, take, shared_data):
    samples = sorted((shared_data / "travel").glob("**/*.ics"))
    if not samples:
        pytest.skip("no calendars among the shared data")
    for path in samples[:40]:
        try:
            draft = take(path.read_bytes(), name=path.name)
        except Refused as refused:
            assert refused.what
            continue
        services.accept_draft(actor=leader, draft=draft)
        again = take(path.read_bytes(), name=path.name)
        changes = [row["words"] for row in again.diff["changed"]]
        assert (again.diff["added"], changes) == ([], []), path.name


def test_a_far_change_keeps_the_same_leg(leader, accepted, take):
    before = next(leg for leg in legs(leader, accepted.operation) if leg.title == "Lunch")
    moved = before.starts + timedelta(days=1)
    text = f"{moved.astimezone(before.starts.tzinfo):%Y%m%d}T123000"
    draft = take(calendar(MEETING, entry("m2", "Lunch", text, place="Cafe Aalto"), DINNER))
    services.accept_draft(actor=leader, draft=draft)
    before.refresh_from_db()
    assert before.starts == moved and before.ends is None
