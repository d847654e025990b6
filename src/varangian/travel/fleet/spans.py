"""Stretches of time as plain pairs: merged, cut and measured."""

from collections.abc import Iterable
from datetime import datetime, timedelta

type Stretch = tuple[datetime, datetime]


def merged(rows: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, without overlap; stretches that touch are one."""
    found: list[Stretch] = []
    for start, end in sorted(row for row in rows if row[1] > row[0]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(rows: list[Stretch], holes: list[Stretch]) -> list[Stretch]:
    """``rows`` less ``holes``; both merged."""
    left = []
    for start, end in rows:
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                left.append((start, hole_start))
            start = max(start, hole_end)
        if start < end:
            left.append((start, end))
    return left


def within(rows: list[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    cut = ((max(a, start), min(b, end)) for a, b in rows)
    return [(a, b) for a, b in cut if a < b]


def total(rows: Iterable[Stretch]) -> timedelta:
    return sum((end - start for start, end in rows), timedelta())
