"""From posts and legs to stretches of duty. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from varangian.engines.rostering.civil import zone_named

SLIVER = timedelta(hours=2)
"""A piece shorter than this goes to its neighbour."""
LONGEST = timedelta(hours=13)


@dataclass(frozen=True)
class Stretch:
    """Aware instants, and the zones in which it begins and ends."""

    start: datetime
    end: datetime
    zone: str
    end_zone: str = ""


@dataclass(frozen=True)
class LegTimes:
    start: datetime
    end: datetime | None
    zone: str


def by_day(legs: Iterable[LegTimes], lead: timedelta, zone: str) -> list[Stretch]:
    """One stretch a day of the clock of ``zone``: from ``lead`` before its first leg to ``lead``
    after its last. The end of a leg that is not known is taken as its beginning."""
    days: dict[object, list[LegTimes]] = {}
    for leg in sorted(legs, key=lambda one: one.start):
        days.setdefault(leg.start.astimezone(zone_named(zone)).date(), []).append(leg)
    made: list[Stretch] = []
    for group in days.values():
        last = max(group, key=lambda one: one.end or one.start)
        start, end = group[0].start - lead, (last.end or last.start) + lead
        if made and start <= made[-1].end:
            start = made.pop().start
        made.append(Stretch(start, end, zone, last.zone if last.zone != zone else ""))
    return made


def pieces(whole: Stretch, handover: Iterable[time]) -> list[Stretch]:
    """The stretch cut where the clock of its zone shows a handover time: the night in which clocks
    change has its hour more or less, and every piece ends where the next begins."""
    cuts = [whole.start, *_cuts(whole, sorted(handover)), whole.end]
    spans = [(a, b) for a, b in pairwise(cuts) if b > a]
    joined: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        before = joined[-1] if joined else None
        short = end - start < SLIVER or (before is not None and before[1] - before[0] < SLIVER)
        if before is not None and short and end - before[0] <= LONGEST:
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    made = [Stretch(start, end, whole.zone) for start, end in joined]
    if made and whole.end_zone:
        made[-1] = Stretch(made[-1].start, made[-1].end, whole.zone, whole.end_zone)
    return made


def _cuts(whole: Stretch, handover: list[time]) -> Iterator[datetime]:
    there = zone_named(whole.zone)
    day, last = whole.start.astimezone(there).date(), whole.end.astimezone(there).date()
    while day <= last:
        for at in handover:
            cut = datetime.combine(day, at, there).astimezone(UTC)
            if whole.start < cut < whole.end:
                yield cut
        day += timedelta(days=1)
