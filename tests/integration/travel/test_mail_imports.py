"""Mails, passes and tables beside a plan: they add and update, and take away what they cancel."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from tests import bookings as b
from tests import factories

from varangian.config.commands import root
from varangian.kernel.clock import frozen
from varangian.kernel.results import Conflict, NotFound, Refused
from varangian.operations import queries as spine
from varangian.operations.models import Movement, Operation
from varangian.platform.access.roles import Role
from varangian.platform.storage.services import read
from varangian.travel import services
from varangian.travel.models import ItineraryDraft, RefusedFile
from varangian.travel.queries import itineraries as queries

pytestmark = pytest.mark.django_db
CHANGED = {"leaves": "2026-11-26T08:55:00+02:00", "lands": "2026-11-26T10:10:00+00:00"}
LATER = {"sent": "Thu, 12 Nov 2026 09:00:00 +0000"}
OFF = {"reservationStatus": "ReservationCancelled"}


@pytest.fixture(autouse=True)
def november():
    from datetime import UTC, datetime

    with frozen(datetime(2026, 11, 20, tzinfo=UTC)):
        yield


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def heron(leader):
    return factories.principal(factories.engagement(leader), slug="heron")


@pytest.fixture
def take(leader, heron):
    def taken(data, *, accept: bool = False, **given):
        data = data.as_bytes() if hasattr(data, "as_bytes") else data
        data = data.encode() if isinstance(data, str) else data
        draft = services.import_itinerary(actor=leader, principal=heron, data=data, **given)
        leader.__dict__.pop("_reach", None)
        return services.accept_draft(actor=leader, draft=draft) if accept else draft

    return taken


def planned(leader) -> list[Movement]:
    return [leg for leg in spine.movements(leader) if not leg.implied]


def titles(leader) -> list[str]:
    return [leg.title for leg in planned(leader)]


def test_a_mailbox_becomes_a_draft_and_the_draft_the_plan(leader, take):
    data = b.six_mails()
    draft = take(data, name="trip.mbox")
    assert len(draft.parts) == 6 and read(draft.original) == data
    services.accept_draft(actor=leader, draft=draft)
    flight = next(leg for leg in planned(leader) if leg.kind == "flight")
    assert flight.details["reservation"] == "X4K9QP" and flight.details["travellers"] == [b.MARA]
    assert flight.details["source"] == "e-mail"
    hotel = next(leg for leg in planned(leader) if leg.kind == "stay")
    assert hotel.ends is None
    again = take(data)
    assert again.operation == draft.operation
    assert (again.diff["added"], again.diff["removed"], again.diff["changed"]) == ([], [], [])


def test_a_later_mail_changes_its_leg_and_no_other(leader, take):
    take(b.six_mails(), accept=True)
    before = titles(leader)
    draft = take(b.mail("Change", b.flight(leaves="2026-11-26T12:00:00+02:00"), **LATER))
    (change,) = draft.diff["changed"]
    assert "Leaves" in change["words"] and not draft.diff["removed"] and not draft.diff["added"]
    services.accept_draft(actor=leader, draft=draft)
    assert sorted(titles(leader)) == sorted(before) and Operation.objects.count() == 1


def test_a_rebooking_to_another_day_updates_and_does_not_double(leader, take):
    take(b.mail("Your flight", b.flight()), accept=True)
    (leg,) = planned(leader)
    moved = b.flight(leaves="2026-11-29T07:55:00+02:00", lands="2026-11-29T09:10:00+00:00")
    draft = take(b.mail("Rebooked", moved, **LATER))
    assert len(draft.diff["changed"]) == 1 and not draft.diff["added"]
    services.accept_draft(actor=leader, draft=draft)
    (now,) = planned(leader)
    assert now.pk == leg.pk and now.starts.day == 29


@pytest.mark.parametrize("bare", [False, True])
def test_a_cancellation_takes_its_leg_away_and_no_other(leader, take, bare):
    take(b.mbox(b.mail("A", b.flight()), b.mail("B", b.hotel())), accept=True)
    node = {"@type": "FlightReservation", "reservationNumber": "X4K9QP", **OFF}
    draft = take(b.mail("Off", node if bare else b.flight(**OFF), **LATER))
    assert [row["words"] for row in draft.diff["removed"]] == [
        "26 Nov 07:55 EET Flight AY 1331 HEL to LHR"
    ]
    services.accept_draft(actor=leader, draft=draft)
    assert titles(leader) == ["Harbour House"]


def test_a_mail_does_not_overtake_what_waits(leader, take):
    first = take(b.mail("Your flight", b.flight()))
    second = take(b.mail("Your room", b.hotel()), operation=first.operation)
    assert {leg["kind"] for leg in second.legs if not leg["implied"]} == {"flight", "stay"}
    assert len(second.parts) == 2
    first.refresh_from_db()
    assert first.state == "overtaken"
    services.accept_draft(actor=leader, draft=second)
    assert len(planned(leader)) == 2


def test_a_calendar_and_a_mail_of_one_flight_are_one_leg(leader, take):
    lines = ["BEGIN:VEVENT", "UID:c1", "SUMMARY:Flight AY1331 HEL-LHR", "DTSTART:20261126T055500Z"]
    event = "\r\n".join([*lines, "DTEND:20261126T091000Z", "END:VEVENT"])
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VCALENDAR\r\n"
    operation = take(calendar, accept=True).operation
    take(b.mail("Your flight", b.flight(**CHANGED)), operation=operation, accept=True)
    (leg,) = planned(leader)
    assert leg.details["reservation"] == "X4K9QP" and "source" not in leg.details
    again = take(calendar, operation=operation)
    assert len(again.diff["changed"]) == 1 and not again.diff["removed"]


def test_a_calendar_takes_nothing_away_that_came_by_mail(leader, take):
    operation = take(b.mail("Your room", b.hotel()), accept=True).operation
    draft = take(b.invite(), operation=operation, accept=True)
    assert not draft.diff["removed"] and len(planned(leader)) == 2
    other = b.invite("Tea", "20261207T100000Z").replace(b"board-1", b"tea-1")
    removed = take(other, operation=operation).diff["removed"]
    assert [("Board meeting" in row["words"]) for row in removed] == [True]


def test_a_boarding_pass_does_not_wipe_the_times_of_the_plan(leader, take):
    operation = take(b.mail("Your flight", b.flight()), accept=True).operation
    draft = take(b.ONE_LEG, operation=operation)
    assert not draft.diff["changed"] and draft.diff["unchanged"] == 1
    services.accept_draft(actor=leader, draft=draft)
    (leg,) = planned(leader)
    assert leg.starts.isoformat() == "2026-11-26T05:55:00+00:00"
    assert leg.details["checked_in"] and leg.details["travellers"] == [b.MARA, b.TEEMU]


def test_a_boarding_pass_alone_is_a_flight_of_that_day(leader, take):
    take(b.ONE_LEG, accept=True)
    (leg,) = planned(leader)
    assert leg.details["day_only"] and leg.ends is None


def test_a_reservation_finds_its_operation(leader, take):
    first = take(b.mail("Your flight", b.flight()), accept=True)
    second = take(b.mail("Rebooked", b.flight(ends=("HEL", "CDG")), **LATER))
    assert second.operation == first.operation


def test_undated_routes_come_in(leader, take):
    take(b.GPX, accept=True)
    assert set(titles(leader)) == {"North way", "South way"}


def test_what_cannot_be_read_leaves_nothing(take):
    for data in (b.zipped(pass__json=b" " * 50_000_000), b"%PDF-1.7", "no booking at all"):
        with pytest.raises(Refused):
            take(data)
    assert not ItineraryDraft.objects.exists()


def test_page_and_api_take_any_of_them(leader, heron):
    client = factories.signed_in(leader, fresh=True)
    data = b.six_mails()
    file = SimpleUploadedFile("anything.bin", data, "application/octet-stream")
    address = client.post("/travel/import/", {"file": file, "principal": "heron"})["Location"]
    page = client.get(address).content.decode()
    for words in ("Change of your flight", "nothing read", "X4K9QP", b.MARA, "What was read"):
        assert words in page, words
    original = client.get(f"{address}original/")
    assert original["Content-Type"] == "application/octet-stream"
    assert original.content == data


def test_parse_keeps_nothing(tmp_path, capsys):
    path = tmp_path / "trip"
    path.write_bytes(b.six_mails())
    assert root(["itinerary", "parse", str(path), "--json"]) == 0
    out = capsys.readouterr()
    row = json.loads(out.out)
    assert row["kind"] == "mailbox" and len(row["parts"]) == 6 and row["legs"]
    assert {"starts", "zone", "end_zone", "origin", "confidence", "reservation"} <= set(
        row["legs"][0]
    )
    assert "No reservation was found" in out.err
    assert root(["itinerary", "parse", str(path)]) == 0
    assert not ItineraryDraft.objects.exists()


CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:c1", "SUMMARY:Board meeting",
        "DTSTART:20261126T100000Z", "LOCATION:Quay Hall\\, London", "END:VEVENT",
        "END:VCALENDAR", "",
    ]
)  # fmt: skip


@pytest.fixture
def intake(leader, heron):
    def taken(data, *, who=None, **given):
        data = data.as_bytes() if hasattr(data, "as_bytes") else data
        return services.take_in(actor=who or leader, principal=heron, data=data, **given)

    return taken


@pytest.mark.parametrize("what", ["mail", "mailbox", "calendar"])
def test_what_says_nothing_takes_nothing_away(leader, take, intake, what):
    operation = take(CALENDAR, accept=True).operation
    empty = {
        "mail": b.mail("News").as_bytes(),
        "mailbox": b.mbox(b.mail("News"), b.mail("More news")),
        "calendar": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Mine\r\nEND:VCALENDAR\r\n",
    }
    taken = intake(empty[what], operation=operation)
    assert not taken.drafts and taken.refused
    assert titles(leader) == ["Board meeting"]
    waits = take(b.mail("Your room", b.hotel()), operation=operation)
    assert not waits.diff["removed"]
    assert not intake(empty[what], operation=operation).drafts
    waits.refresh_from_db()
    assert waits.state == "proposed", "what waits is not overtaken by nothing"


def test_an_undated_word_takes_away_only_what_it_names(leader, take):
    take(b.mbox(b.mail("A", b.flight()), b.mail("B", b.hotel())), accept=True)
    node = {"@type": "FlightReservation", "reservationNumber": "NOTOURS", **OFF}
    operation = Operation.objects.get()
    draft = take(b.mail("Off", node, **LATER), operation=operation)
    assert not draft.diff["removed"] and not draft.diff["changed"]


def test_another_booking_between_the_same_ends_is_another(leader, take):
    take(b.mail("Yours", b.flight()), accept=True)
    times = {"leaves": "2026-11-26T12:00:00+02:00", "lands": "2026-11-26T13:10:00+00:00"}
    hers = b.flight(number="QQQQQQ", name="Ada Invented", flown="1333", **times)
    operation = Operation.objects.get()
    draft = take(b.mail("Hers", hers), operation=operation, accept=True)
    assert len(draft.diff["added"]) == 1 and not draft.diff["changed"]
    off = b.flight(number="QQQQQQ", flown="1333", **times, **OFF)
    gone = take(b.mail("Off", off, **LATER), operation=operation)
    assert [row["words"] for row in gone.diff["removed"]] == [
        "26 Nov 12:00 EET Flight AY 1333 HEL to LHR"
    ]


def test_of_two_reservations_for_one_flight_one_is_cancelled(leader, take):
    take(b.mail("A", b.flight()), accept=True)
    operation = Operation.objects.get()
    hers = b.flight(number="QQQQQQ", name="Ada Invented")
    take(b.mail("B", hers), operation=operation, accept=True)
    (leg,) = planned(leader)
    assert leg.details["reservation"] == "X4K9QP QQQQQQ"
    draft = take(b.mail("Off", b.flight(**OFF), **LATER), operation=operation)
    assert not draft.diff["removed"]
    assert "X4K9QP is cancelled, QQQQQQ is not" in draft.diff["changed"][0]["words"]
    services.accept_draft(actor=leader, draft=draft)
    (leg,) = planned(leader)
    assert leg.details["reservation"] == "QQQQQQ"


def test_two_trips_are_two_drafts_of_two_operations(leader, intake):
    paris = b.moved(b.flight(number="ZZ1", ends=("HEL", "CDG")), 60)
    data = b.mbox(b.mail("A", b.flight()), b.mail("H", b.hotel()), b.mail("B", paris))
    first, second = intake(data).drafts
    assert first.operation != second.operation and Operation.objects.count() == 2
    assert read(second.original) == data
    assert "another journey" in first.problems[0]["what"]
    again = intake(data).drafts
    assert {draft.operation for draft in again} == {first.operation, second.operation}
    assert {draft.version for draft in again} == {2}
    into = intake(data, operation=first.operation).drafts
    assert len(into) == 1, "who names the operation puts all of it there"


def test_a_calendar_does_not_lose_the_mails_that_wait(leader, take):
    operation = take(CALENDAR).operation
    take(b.mail("Your room", b.hotel()), operation=operation)
    draft = take(CALENDAR, operation=operation)
    assert {leg["kind"] for leg in draft.legs if not leg["implied"]} == {"event", "stay"}


def test_a_file_of_unknown_kind_is_kept_sealed_with_the_reason(leader, heron, intake):
    data = b"%PDF-1.7 an itinerary nobody can read"
    refused = intake(data, name="trip.pdf").refused
    assert read(refused.original) == data and refused.original.name == "trip.pdf"
    assert "no calendar file, mail or booking" in refused.reason["what"]
    assert refused.compartment_id == heron.compartment_id and not Operation.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select reason, problems from travel_refusedfile")
        assert all(b"calendar" not in bytes(part or b"") for part in cursor.fetchone())
    services.put_away_refused(actor=leader, refused=refused)
    assert not queries.refused_files(leader)
    with pytest.raises(Conflict):
        services.put_away_refused(actor=leader, refused=refused)


def test_an_empty_file_and_a_stranger_leave_nothing(heron, intake):
    with pytest.raises(Refused):
        intake(b"  ")
    with pytest.raises(NotFound):
        intake(b"%PDF-1.7", who=factories.person("Stranger"))
    assert not RefusedFile.objects.exists()


def test_who_may_not_import_does_not_see_what_was_refused(leader, heron, intake):
    refused = intake(b"%PDF-1.7").refused
    officer = factories.member(heron, Role.OFFICER)
    assert not queries.refused_files(officer)
    with pytest.raises(NotFound):
        queries.refused_file(officer, refused.pk)


def test_a_batch_goes_on_past_what_cannot_be_read(leader, heron):
    client = factories.signed_in(leader, fresh=True)
    files = [
        SimpleUploadedFile("scan.pdf", b"%PDF-1.7 scan"),
        SimpleUploadedFile("flight.eml", b.mail("Your flight", b.flight()).as_bytes()),
    ]
    shown = client.post("/travel/import/", {"file": files, "principal": "heron"}, follow=True)
    page = shown.content.decode()
    for words in ("1 draft from 2 files", "1 file could not be read", "scan.pdf"):
        assert words in page, words
    assert ItineraryDraft.objects.count() == 1
    refused = RefusedFile.objects.get()
    page = client.get(f"/travel/refused/{refused.pk}/").content.decode()
    assert "no calendar file, mail or booking" in page and "Nothing of the plan" in page
    original = client.get(f"/travel/refused/{refused.pk}/original/")
    assert original.content == b"%PDF-1.7 scan"
    client.post(f"/travel/refused/{refused.pk}/away/")
    assert "scan.pdf" not in client.get("/travel/").content.decode()


def test_the_api_and_the_command_say_the_same(leader, heron, tmp_path, capsys):
    client = factories.signed_in(leader, fresh=True)
    sent = {"file": SimpleUploadedFile("scan.pdf", b"%PDF-1.7"), "principal": "heron"}
    answer = client.post("/api/v1/itineraries", sent)
    assert answer.status_code == 202, answer.content
    refused = answer.json()["refused"]
    rows = client.get("/api/v1/refused-files").json()["items"]
    assert [row["id"] for row in rows] == [refused["id"]] and "id" not in answer.json()
    away = client.post(f"/api/v1/refused-files/{refused['id']}/put-away")
    assert away.json()["put_away_at"]
    bad, good = tmp_path / "scan.pdf", tmp_path / "flight.eml"
    bad.write_bytes(b"%PDF-1.7")
    good.write_bytes(b.mail("Your flight", b.flight()).as_bytes())
    words = ["operation", "import", str(bad), str(good), "--principal", "heron", "--json"]
    assert root(words) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["refused"]["name"] == "scan.pdf" and second["version"] == 1
    assert root(["operation", "import", str(bad), "--principal", "heron"]) == 1
    assert "The original is kept" in capsys.readouterr().err
    assert root(["itinerary", "refused", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_a_leg_to_a_hotel_lies_where_its_booking_says(leader, take):
    inn = b.hotel()
    inn["reservationFor"]["geo"] = {"latitude": 51.5, "longitude": -0.07}
    take(b.mbox(b.mail("A", b.flight()), b.mail("B", inn)), accept=True)
    way = next(leg for leg in spine.movements(leader) if leg.implied)
    assert way.destination.position == [51.5, -0.07] and way.destination.kind == "hotel"
    stay = next(leg for leg in planned(leader) if leg.kind == "stay")
    assert stay.destination == way.destination
