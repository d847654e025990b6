"""Damaged calendars: every mutation is read or refused, and never hangs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.travel.itineraries.ical import read_itinerary
from varangian.travel.itineraries.legs import draft_legs

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FILES = [
    p.read_bytes() for p in sorted((Path(__file__).parents[1] / "fixtures/ical").glob("*.ics"))
]
PIECES = st.sampled_from(
    [
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n",
        b"END:VTIMEZONE\r\n",
        b"RRULE:FREQ=SECONDLY\r\n",
        b"RRULE:FREQ=MONTHLY;BYDAY=6MO\r\n",
        b"RRULE:FREQ=DAILY;INTERVAL=-1;COUNT=0\r\n",
        b"RRULE:FREQ=WEEKLY;UNTIL=99999999\r\n",
        b"DTSTART:00000000T000000\r\n",
        b"DTSTART;TZID=:99991231T235959\r\n",
        b"DTEND;VALUE=DATE:00010101\r\n",
        b"DURATION:-P99999999W\r\n",
        b"EXDATE:x,,20261124\r\n",
        b"RDATE;VALUE=PERIOD:20261124T090000Z/PT1H\r\n",
        b"RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T090000Z\r\n",
        b"GEO:nan;inf\r\n",
        b"SUMMARY:\x00\xff to -> from\r\n",
        b" ",
        b";",
        b":",
        b"\\",
        b'"',
    ]
)


@st.composite
def damaged(draw) -> bytes:
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["insert", "cut", "flip", "swap"])):
            case "insert":
                data[at:at] = draw(PIECES)
            case "cut":
                del data[at : at + draw(st.integers(1, 200))]
            case "flip" if data:
                data[at] = draw(st.integers(0, 255))
            case _:
                data[:] = data[at:] + data[:at]
    return bytes(data)


def survive(data: bytes) -> None:
    try:
        itinerary = read_itinerary(data, now=NOW, home_zone="Europe/Helsinki", horizon_days=60)
    except Refused as refusal:
        assert refusal.what
        return
    assert all(item.start.tzinfo is not None for item in itinerary.items)
    assert all(item.end is None or item.end >= item.start for item in itinerary.items)
    assert all((item.end is not None) == item.end_known for item in itinerary.items)
    draft_legs(itinerary.items)


@settings(
    max_examples=250,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(damaged())
def test_mutations_of_real_shapes(data):
    survive(data)


@settings(max_examples=150, deadline=timedelta(seconds=2))
@given(st.lists(PIECES, max_size=30), st.binary(max_size=200))
def test_calendars_from_scraps(pieces, noise):
    survive(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"".join(pieces) + noise)
