"""A batch of fixes into the tables: judged, written, told to the screens, in one transaction.

The same words for the door of the live process, which speaks psycopg, and for uploads, which
speak through Django: both bring a cursor that acts for the house.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.live.services import CHANNEL

from .fix import Fix
from .rules import UNPLACED, Known, judge, shares

TOPIC = "positions"
MOST_BYTES = 7_000
"""A NOTIFY carries up to 8,000 bytes."""
SQL = {
    name: files(__package__).joinpath("sql", f"{name}.sql").read_text()
    for name in ("facts", "insert", "last", "stray", "refuse")
}


@dataclass(slots=True)
class Unit:
    """A device as a batch meets it."""

    compartment: UUID
    shut: str
    """Why it may not speak now, or nothing."""
    known: Known


def kept() -> timedelta:
    return timedelta(days=settings.POSITIONS_DAYS)


def write(cursor: Any, fixes: Sequence[Fix], *, deliberate: bool = False) -> list[str]:
    """For each fix the reason it was not believed, or nothing. What a person gives
    deliberately is not asked for its share mode."""
    units = _units(cursor, {fix.device_id for fix in fixes})
    for unit in units.values() if deliberate else ():
        unit.shut = "" if unit.shut == "sharing" else unit.shut
    order = sorted(range(len(fixes)), key=lambda n: (fixes[n].device_id, fixes[n].at))
    reasons = [""] * len(fixes)
    for n in order:
        unit = units.get(fixes[n].device_id)
        reasons[n] = "expired" if unit is None else unit.shut or _judged(fixes[n], unit)
    good = [fixes[n] for n in order if not reasons[n]]
    fresh = _insert(cursor, good, units)
    for n in order:
        if not reasons[n] and (fixes[n].device_id, fixes[n].at) not in fresh:
            reasons[n] = "duplicate"
        fresh.discard((fixes[n].device_id, fixes[n].at))
    new = [fixes[n] for n in order if not reasons[n]]
    shown = _last(cursor, new, units)
    _stray(cursor, units)
    _refuse(cursor, [(fixes[n], reasons[n]) for n in order if reasons[n]], units)
    _tell(cursor, shown, units)
    return reasons


def _judged(fix: Fix, unit: Unit) -> str:
    return judge(fix, unit.known, kept=kept())


def _units(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, Unit]:
    cursor.execute(SQL["facts"], [list(ids)])
    found = {}
    for row in cursor.fetchall():
        pk, compartment, live, mode, private, on_duty, moving, emergency, *last = row
        may = shares(mode, on_duty=on_duty, moving=moving, emergency=emergency)
        shut = "" if may else "sharing"
        if private and not emergency:
            shut = "privacy"
        found[pk] = Unit(compartment, shut if live else "expired", Known(*last))
    return found


def _columns(fixes: Sequence[Fix], units: dict[UUID, Unit]) -> list[list[Any]]:
    """One array a column, as the statements unnest them."""
    return [
        [fix.device_id for fix in fixes],
        [units[fix.device_id].compartment for fix in fixes],
        [fix.at for fix in fixes],
        [fix.heard_at for fix in fixes],
        [fix.lat for fix in fixes],
        [fix.lon for fix in fixes],
        [fix.altitude for fix in fixes],
        [fix.accuracy for fix in fixes],
        [fix.speed for fix in fixes],
        [fix.course for fix in fixes],
        [fix.battery for fix in fixes],
        [fix.activity[:20] for fix in fixes],
        [fix.source[:20] for fix in fixes],
    ]


def _insert(
    cursor: Any, good: Sequence[Fix], units: dict[UUID, Unit]
) -> set[tuple[UUID, datetime]]:
    if not good:
        return set()
    days = sorted({fix.at.date() for fix in good})
    cursor.execute("select tracking_make_day(day) from unnest(%s::date[]) as day", [days])
    cursor.execute(SQL["insert"], [*_columns(good, units), [fix.trigger[:20] for fix in good]])
    return {(row[0], row[1]) for row in cursor.fetchall()}


def _last(cursor: Any, new: Sequence[Fix], units: dict[UUID, Unit]) -> list[Fix]:
    """The newest of each device; returns those that became what the map shows."""
    newest = {fix.device_id: fix for fix in new}
    if not newest:
        return []
    cursor.execute(SQL["last"], _columns(list(newest.values()), units))
    moved = {row[0] for row in cursor.fetchall()}
    return [fix for pk, fix in newest.items() if pk in moved]


def _stray(cursor: Any, units: dict[UUID, Unit]) -> None:
    for pk, unit in sorted(units.items()):
        known = unit.known
        if known.strayed and known.stray_count:
            told = [known.stray_lat, known.stray_lon, known.stray_at, known.stray_count]
            cursor.execute(SQL["stray"], [*told, pk])


def _refuse(cursor: Any, bad: list[tuple[Fix, str]], units: dict[UUID, Unit]) -> None:
    """Counted, so that a device gone mad fills a row and not the disk."""
    heaps: dict[tuple[UUID, date, str], list[Fix]] = defaultdict(list)
    for fix, reason in bad:
        if fix.device_id in units:
            heaps[fix.device_id, fix.heard_at.date(), reason].append(fix)
    for (pk, day, reason), heap in sorted(heaps.items()):
        heard = [fix.heard_at for fix in heap]
        last = heap[-1]
        place = [None, None] if reason in UNPLACED else [last.lat, last.lon]
        row = [new_id(), units[pk].compartment, pk, day, reason, len(heap), min(heard), max(heard)]
        cursor.execute(SQL["refuse"], [*row, last.at, *place])


def complain(cursor: Any, *, device_id: UUID, reason: str, count: int = 1) -> None:
    """Count something that came from a device and was no fix at all."""
    heard = now()
    units = _units(cursor, [device_id])
    if device_id in units:
        row = [new_id(), units[device_id].compartment, device_id, heard.date(), reason, count]
        cursor.execute(SQL["refuse"], [*row, heard, heard, None, None, None])


def _tell(cursor: Any, shown: list[Fix], units: dict[UUID, Unit]) -> None:
    by_circle: dict[UUID, list[str]] = defaultdict(list)
    for fix in shown:
        by_circle[units[fix.device_id].compartment].append(_short(fix))
    for circle, words in sorted(by_circle.items()):
        head = {"topic": TOPIC, "kind": "moved", "record": None, "compartment": str(circle)}
        for part in _cut(words):
            news = json.dumps(head)[:-1] + f', "data": [{",".join(part)}]}}'
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, news])


def _short(fix: Fix) -> str:
    """[device, lat, lon, at, heard, course, speed, accuracy, battery]"""
    course = None if fix.course is None else round(fix.course)
    speed = None if fix.speed is None else round(fix.speed, 1)
    accuracy = None if fix.accuracy is None else round(fix.accuracy)
    battery = None if fix.battery is None else round(fix.battery, 2)
    times = [round(fix.at.timestamp(), 3), round(fix.heard_at.timestamp(), 3)]
    place = [round(fix.lat, 6), round(fix.lon, 6)]
    row = [str(fix.device_id), *place, *times, course, speed, accuracy, battery]
    return json.dumps(row, separators=(",", ":"))


def _cut(words: list[str]) -> Iterable[list[str]]:
    part: list[str] = []
    size = 0
    for word in words:
        if part and size + len(word) + 1 > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(word)
        size += len(word) + 1
    if part:
        yield part
