"""Reading of calendar files as the usual programs write them, and as they get broken."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from varangian.kernel.results import Refused
from varangian.travel.itineraries.ical import read_itinerary
from varangian.travel.itineraries.itinerary import Itinerary, ItineraryItem

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "ical"


def read(name: str, **options) -> Itinerary:
    return read_itinerary((FIXTURES / f"{name}.ics").read_bytes(), now=NOW, **options)


def by_uid(itinerary: Itinerary) -> dict[str, ItineraryItem]:
    return {item.uid: item for item in itinerary.items}


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode()


def test_google_flight_is_shown_in_the_zone_of_the_calendar():
    itinerary = read("google")
    items = by_uid(itinerary)
    flight = items["g1abc@google.com"]
    assert itinerary.name == "Autumn visit, north"
    assert (flight.kind, flight.flight_number) == ("flight", "LH 2462")
    assert (flight.origin, flight.destination) == ("Munich MUC", "Helsinki")
    assert flight.start == datetime(2026, 11, 25, 8, 15, tzinfo=UTC)
    assert (flight.zone, flight.start.hour) == ("Europe/Helsinki", 10)
    assert items["g2abc@google.com"].kind == "stay"
    assert items["g3abc@google.com"].location == "Harbour Hall, Helsinki"
    assert itinerary.problems == []


def test_a_call_is_no_place():
    call = by_uid(read("google"))["g4abc@google.com"]
    assert call.location == ""
    assert any("no place" in reason for reason in call.reasons)


def test_alarm_text_does_not_leak_into_the_event():
    assert "alarm" not in by_uid(read("google"))["g1abc@google.com"].description


def test_exchange_windows_zone_html_and_bad_quotes():
    itinerary = read("outlook_exchange", home_zone="Europe/Helsinki")
    pick_up = by_uid(itinerary)["040000008200E00074C5B7101A82E00800000000A1"]
    assert pick_up.zone == "Europe/Berlin"
    assert pick_up.start == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert (pick_up.kind, pick_up.sequence) == ("road", 2)
    assert (pick_up.origin, pick_up.destination) == ("Hotel Isarblick", "Messe Riem")


def test_exchange_custom_zone_is_read_by_its_rules():
    dinner = by_uid(read("outlook_exchange"))["040000008200E00074C5B7101A82E00800000000A2"]
    assert dinner.start == datetime(2026, 7, 24, 17, 0, tzinfo=UTC)


def test_custom_zone_like_home_is_home():
    itinerary = read("outlook_exchange", home_zone="Europe/Helsinki")
    dinner = by_uid(itinerary)["040000008200E00074C5B7101A82E00800000000A2"]
    assert dinner.zone == "Europe/Helsinki"


def test_unknown_zone_is_reported_and_read_as_home():
    itinerary = read("outlook_exchange", home_zone="Europe/Helsinki")
    briefing = by_uid(itinerary)["040000008200E00074C5B7101A82E00800000000A4"]
    assert briefing.start == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert any("Planet Nine" in problem.where for problem in itinerary.problems)


def test_outlook_all_day_flag():
    stay = by_uid(read("outlook_exchange"))["040000008200E00074C5B7101A82E00800000000A3"]
    assert stay.all_day
    assert stay.kind == "stay"


def test_apple_location_and_coordinates():
    itinerary = read("apple")
    gala, drive, lunch = (
        by_uid(itinerary)[f"5F0A7D1E-0000-4000-8000-00000000000{n}"] for n in (1, 2, 3)
    )
    assert gala.geo == (60.165, 24.95)
    assert gala.location == "Harbour Hall, Quay Street 7, Helsinki"
    assert (drive.origin, drive.destination) == ("Hotel Norrsken", "Harbour Hall")
    assert drive.geo is None
    assert drive.end == drive.start + timedelta(minutes=45)
    assert lunch.geo is None
    assert any("coordinates" in problem.what for problem in itinerary.problems)


def test_tripit_marks_and_endpoints():
    items = by_uid(read("tripit"))
    assert items["item-1@tripit.example"].flight_number == "LH 2462"
    train = items["item-4@tripit.example"]
    assert train.kind == "train"
    assert (train.origin, train.destination) == ("Helsinki Central", "Tampere station")
    assert items["item-3@tripit.example"].kind == "stay"


def test_broken_lines_lose_nothing_else():
    itinerary = read("broken_lines")
    items = by_uid(itinerary)
    assert list(items) == ["b1", "b2", "b4", "b5"]
    assert items["b1"].title == "Visit to the old town and harbour"
    assert items["b1"].description.splitlines()[1:3] == ["From: Hotel Norrsken", "To: Old Town"]
    assert items["b5"].end is None
    assert not items["b5"].end_known
    where = [problem.where for problem in itinerary.problems]
    assert {"line 9", "line 11", "line 15", "line 34"} <= set(where)


def test_impossible_start_is_reported_with_the_original():
    problem = next(p for p in read("broken_lines").problems if "Impossible start" in p.what)
    assert problem.where == "line 24, 'Impossible'"
    assert "DTSTART:20260231T110000Z" in problem.raw


def test_half_a_file_keeps_what_is_there():
    itinerary = read("truncated")
    assert [item.uid for item in itinerary.items] == ["t1", "t2"]
    assert any("cut off" in problem.what for problem in itinerary.problems)


def test_series_with_exception_extra_date_and_moved_instance():
    weekly = [item for item in read("recurring").items if item.uid.startswith("weekly")]
    assert [item.uid.partition("#")[2] for item in weekly] == [
        "20261005T060000Z",
        "20261013T060000Z",
        "20261019T060000Z",
        "20261026T070000Z",
        "20261102T070000Z",
        "20261109T070000Z",
    ]
    moved = weekly[2]
    assert (moved.title, moved.location) == ("Weekly briefing (moved)", "Room 7")
    assert moved.start.hour == 14


def test_endless_series_is_cut_and_says_so():
    itinerary = read("recurring", horizon_days=10)
    runs = [item for item in itinerary.items if item.uid.startswith("endless")]
    assert runs[-1].start <= NOW + timedelta(days=10)
    assert runs[0].start >= NOW - timedelta(days=31)
    assert len(runs) == 40
    assert any("repeats without end" in problem.what for problem in itinerary.problems)


@pytest.mark.parametrize("uid", ["bomb", "never", "zero"])
def test_series_that_would_never_finish_keeps_its_first_instance(uid):
    itinerary = read("recurring")
    assert [i.uid for i in itinerary.items if i.uid.startswith(uid)] == [f"{uid}#20261124T090000Z"]
    assert any(uid.title() in p.where and "not repeated" in p.what for p in itinerary.problems)


def test_new_years_eve_and_last_workday_are_no_bombs():
    itinerary = read_itinerary(
        calendar(
            "UID:a\nDTSTART:20251231T220000Z\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=3",
            "UID:b\nDTSTART:20261130T090000Z\n"
            "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
        ),
        now=NOW,
    )
    days = [item.start.strftime("%Y%m%d") for item in itinerary.items]
    assert days == ["20251231", "20261130", "20261231", "20261231", "20270129"]


def test_cancelled_instance_of_a_series_stays_visible():
    itinerary = read_itinerary(
        calendar(
            "UID:s\nDTSTART:20261201T090000Z\nRRULE:FREQ=DAILY;COUNT=2",
            "UID:s\nRECURRENCE-ID:20261202T090000Z\nDTSTART:20261202T090000Z\nSTATUS:CANCELLED",
        ),
        now=NOW,
    )
    assert [(i.uid, i.status) for i in itinerary.items] == [
        ("s#20261201T090000Z", ""),
        ("s#20261202T090000Z", "cancelled"),
    ]


def test_all_day_in_the_zone_of_the_calendar():
    items = by_uid(read("allday", home_zone="Europe/Paris"))
    holiday, hotel, lake = items["a1"], items["a2"], items["a3"]
    assert holiday.start.isoformat() == "2026-11-24T00:00:00-05:00"
    assert holiday.all_day
    assert holiday.end - holiday.start == timedelta(days=1)
    assert hotel.kind == "stay"
    assert hotel.end - hotel.start == timedelta(days=1)
    assert (lake.kind, lake.confidence) == ("stay", "guess")


def test_missing_end_is_never_guessed():
    itinerary = read("noend")
    items = by_uid(itinerary)
    assert (items["n1"].end, items["n1"].end_known) == (None, False)
    assert items["n2"].end == items["n2"].start + timedelta(minutes=90)
    assert (items["n3"].end, items["n3"].end_known) == (None, False)
    assert any("Impossible end" in problem.what for problem in itinerary.problems)


@pytest.mark.parametrize("name", ["latin1", "utf16"])
def test_encodings(name):
    itinerary = read(name, home_zone="Europe/Paris")
    assert itinerary.items[0].title == "Dîner à l'Hôtel de la Forêt"
    assert itinerary.items[0].start == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert bool(itinerary.problems) == (name == "latin1")


def test_cancellations_by_status_and_by_method():
    itinerary = read("cancelled")
    assert {i.uid: i.status for i in itinerary.items} == {"c1": "cancelled", "c2": "cancelled"}


def test_duplicates_newest_wins_and_is_reported():
    itinerary = read("duplicates")
    titles = [item.title for item in itinerary.items]
    assert titles == ["Visit (new time)", "Newer", "Without a UID"]
    assert sum("occurs twice" in problem.what for problem in itinerary.problems) == 2


def test_made_up_uid_is_stable():
    first, second = (read("duplicates").items[-1].uid for _ in range(2))
    assert first == second
    assert first.startswith("no-uid-")


def test_line_ends_do_not_matter():
    data = (FIXTURES / "google.ics").read_bytes()
    lf = read_itinerary(data.replace(b"\r\n", b"\n"), now=NOW)
    cr = read_itinerary(data.replace(b"\r\n", b"\r"), now=NOW)
    assert (
        [i.uid for i in lf.items]
        == [i.uid for i in cr.items]
        == [i.uid for i in read("google").items]
    )


def test_flight_lands_in_the_zone_of_its_end():
    itinerary = read_itinerary(
        calendar(
            "UID:f\nSUMMARY:LH2462 MUC-HEL\nDTSTART;TZID=Europe/Berlin:20261125T070500\n"
            "DTEND;TZID=Europe/Helsinki:20261125T103500"
        ),
        now=NOW,
    )
    (flight,) = itinerary.items
    assert (flight.zone, flight.end_zone) == ("Europe/Berlin", "Europe/Helsinki")
    assert flight.end.isoformat() == "2026-11-25T10:35:00+02:00"


def test_zone_bomb_is_not_followed():
    data = (
        b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Zed\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        b"TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=SECONDLY\nEND:STANDARD\n"
        b"END:VTIMEZONE\nBEGIN:VEVENT\nUID:z\nDTSTART;TZID=Zed:20261124T090000\nEND:VEVENT\n"
        b"END:VCALENDAR\n"
    )
    itinerary = read_itinerary(data, now=NOW)
    assert itinerary.items[0].start == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert any("time zone 'Zed'" in problem.what for problem in itinerary.problems)


@pytest.mark.parametrize("data", [b"", b"<html>no</html>", b"BEGIN:VEVENT\nEND:VEVENT\n"])
def test_no_calendar_is_refused(data):
    with pytest.raises(Refused, match="no calendar file"):
        read_itinerary(data, now=NOW)


def test_huge_file_is_refused():
    with pytest.raises(Refused, match="limit is 25 MB"):
        read_itinerary(b"BEGIN:VCALENDAR\n" + b"x" * (25 * 1024 * 1024), now=NOW)


def test_two_thousand_events():
    events = (
        f"UID:{n}\nSUMMARY:Visit {n}\nDTSTART:202612{n % 28 + 1:02d}T090000Z" for n in range(2000)
    )
    assert len(read_itinerary(calendar(*events), now=NOW).items) == 2000
