"""Reading an itinerary of 2,000 events against the bare parser it stands on. JSON to stdout."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from varangian.travel.itineraries.ical import read_itinerary
from varangian.travel.itineraries.legs import draft_legs

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TITLES = (
    ("Flight LH2462 MUC-HEL", "Munich (MUC)"),
    ("Drive: Hotel Norrsken to Harbour Hall", ""),
    ("Board meeting", "Harbour Hall\\, Helsinki"),
    ("Dinner at Villa Linden", "Villa Linden"),
)


def calendar(events: int) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-TIMEZONE:Europe/Helsinki"]
    for n in range(events):
        start = NOW + timedelta(hours=3 * n)
        title, place = TITLES[n % len(TITLES)]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{n}@bench.example",
            "DTSTAMP:20261101T000000Z",
            f"DTSTART;TZID=Europe/Helsinki:{start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Helsinki:{start + timedelta(hours=1):%Y%m%dT%H%M%S}",
            f"SUMMARY:{title}",
            f"LOCATION:{place}",
            "DESCRIPTION:Made for measuring\\, with a line\\nand another one",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT30M",
            "END:VALARM",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def milliseconds(work: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 1)


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    data = calendar(events)
    items = read_itinerary(data, now=NOW).items
    assert len(items) == events
    ours = milliseconds(lambda: read_itinerary(data, now=NOW))
    bare = milliseconds(lambda: Calendar.from_ical(data))
    report = {
        "bench": "itinerary",
        "events": events,
        "bytes": len(data),
        "read_itinerary_ms": ours,
        "bare_icalendar_ms": bare,
        "ratio_to_bare": round(ours / bare, 2),
        "draft_legs_ms": milliseconds(lambda: draft_legs(items)),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
