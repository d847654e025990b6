"""A mailbox of reservations against the bare extractor; presence of a long journey. JSON."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import extruct

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import bookings as b

from varangian.travel.itineraries.reading import read_file
from varangian.travel.presence_rules import Booked, Spot, presence

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def milliseconds(work: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 1)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found = [b.moved(b.flight(number=f"R{n:05d}"), n) for n in range(count)]
    data = b.mbox(*(b.mail(f"Flight {n}", one) for n, one in enumerate(found)))
    pages = [b.page(one) for one in found]
    legs = read_file(data, now=NOW, zone="Europe/Helsinki").legs
    assert sum(not leg["implied"] for leg in legs) == count
    ours = milliseconds(lambda: read_file(data, now=NOW, zone="Europe/Helsinki"))
    bare = milliseconds(
        lambda: [extruct.extract(one, syntaxes=["json-ld", "microdata"]) for one in pages]
    )
    start, spots = NOW, [Spot("A", "FI"), Spot("B", "GB")]
    booked = [
        Booked(
            title=f"Leg {n}",
            stay=False,
            state="planned",
            starts=start + timedelta(hours=5 * n),
            ends=start + timedelta(hours=5 * n + 2),
            zone="UTC",
            origin=spots[n % 2],
            destination=spots[1 - n % 2],
            kind="flight",
        )
        for n in range(50)
    ]
    report = {
        "bench": "mailbox",
        "mails": count,
        "bytes": len(data),
        "read_file_ms": ours,
        "bare_extruct_ms": bare,
        "ratio_to_bare": round(ours / bare, 2),
        "presence_of_50_legs_ms": milliseconds(lambda: presence(booked, [], NOW)),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
