"""A roster file into a problem of the engine; a bad item is told and left out, the rest goes on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from varangian.engines.rostering import (
    Duty,
    Holding,
    Need,
    Officer,
    Problem,
    Shift,
    Wish,
    working_time,
)
from varangian.engines.rostering.civil import instant, midnight, zone_named
from varangian.kernel.results import NotFound, Refused
from varangian.kernel.windows import TimeWindow
from varangian.kernel.words import plural

from .schema import (
    AssignmentFile,
    Days,
    OfficerFile,
    RosterFile,
    ShiftFile,
    Way,
    WishFile,
)

HELP = "See docs/how-to/solve-a-roster.md, or varangian roster schema."
KINDS = {
    "skills": "skill", "licences": "licence", "languages": "language",
    "medical": "medical", "driving": "driving", "firearms": "firearms",
}  # fmt: skip
ITEMS: dict[str, type[BaseModel]] = {
    "officers": OfficerFile,
    "shifts": ShiftFile,
    "travel": Way,
    "assignments": AssignmentFile,
}
PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a field here",
    "string_type": "should be text",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where in the file, how to mend it. The item it is in was left out."""

    what: str
    where: str
    mend: str = ""


@dataclass
class Read:
    problem: Problem
    assignments: list[tuple[str, str]]
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_roster(data: bytes) -> Read:
    """Raises Refused when nothing sensible is left: no JSON, no format, zone, officer or shift."""
    return read_document(_document(data))


def read_document(document: dict[str, Any]) -> Read:
    """The same of a document that is read already."""
    faults: list[Fault] = []
    zone = str(document.get("zone") or "")
    zone_named(zone)
    rules = working_time().get(str(document.get("jurisdiction") or ""))
    items = {name: _items(document, name, faults) for name in ITEMS}
    officers = _made(items["officers"], lambda o: _officer(o, zone), faults)
    shifts = _made(items["shifts"], lambda s: _shift(s, zone), faults)
    for name, kept in (("officers", officers), ("shifts", shifts)):
        if not kept:
            first = f"{faults[0].where}: {faults[0].what}" if faults else name
            raise Refused(f"The file has no {name} that can be used", first, HELP)
    travel = {(way.home, way.site): way.minutes for _, way in items["travel"]}
    pairs = _pairs(items["assignments"], officers, shifts, faults)
    locked = frozenset((a.officer, a.shift) for a in pairs if a.locked)
    problem = Problem(tuple(officers.values()), tuple(shifts.values()), rules, travel, locked)
    notes = _unknown_ways(problem)
    return Read(problem, [(a.officer, a.shift) for a in pairs], faults, notes)


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(
            "The file is not UTF-8", f"byte {error.start}", "Save it as UTF-8."
        ) from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused("The file is not JSON", where, HELP) from error
    if not isinstance(document, dict) or document.get("format") != "varangian-roster/1":
        raise Refused("The file is no roster", "format", 'Write "format": "varangian-roster/1".')
    for name in document:
        if name not in RosterFile.model_fields:
            raise Refused("The file has a field that is not known", name, HELP)
    return document


def _items(document: dict[str, Any], name: str, faults: list[Fault]) -> list[tuple[str, Any]]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise Refused("This should be a list", name, HELP)
    made = []
    for k, item in enumerate(found):
        where = f"{name}[{k}]"
        if isinstance(item, dict) and item.get("id"):
            where += f" {item['id']}"
        try:
            made.append((where, ITEMS[name].model_validate(item)))
        except ValidationError as error:
            faults += [_fault(each, where) for each in error.errors(include_url=False)]
    return made


def _fault(error: ErrorDetails, where: str) -> Fault:
    path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error["loc"])
    said = PLAIN.get(error["type"], error["msg"].removeprefix("Value error, "))
    mend = "Correct it." if error["type"] not in PLAIN else HELP
    return Fault(said[:1].upper() + said[1:], where + path, mend)


def _made[T: (Officer, Shift)](
    items: list[tuple[str, Any]], make: Callable[[Any], T], faults: list[Fault]
) -> dict[str, T]:
    made: dict[str, T] = {}
    for where, item in items:
        try:
            if item.id in made:
                raise Refused(f"The id {item.id} stands twice", mend="Give each its own id.")
            made[item.id] = make(item)
        except Refused as refused:
            place = f"{where}: {refused.where}" if refused.where else where
            faults.append(Fault(refused.what, place, refused.mend))
    return made


def _shift(item: ShiftFile, zone: str) -> Shift:
    begins = item.zone or zone
    ends = item.end_zone or begins
    asked = item.everyone.model_dump()
    needs = [
        Need(kind, word)  # type: ignore[arg-type]
        for name, kind in KINDS.items()
        for word in _words(asked[name])
    ]
    needs += [Need(c.kind, c.name, c.count) for c in item.among]
    start, end = instant(item.start, begins), instant(item.end, ends)
    zone_named(begins), zone_named(ends)
    return Shift(
        item.id, item.post, item.site, start, end, begins, item.wanted, tuple(needs),
        item.priority, item.end_zone,
    )  # fmt: skip


def _words(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _officer(item: OfficerFile, zone: str) -> Officer:
    here = item.zone or zone
    zone_named(here)
    holdings = [Holding("skill", name) for name in item.skills]
    holdings += [Holding("language", name) for name in item.languages]
    for field_name in ("licences", "medical", "driving", "firearms"):
        kind = KINDS[field_name]
        held = getattr(item, field_name)
        holdings += [Holding(kind, h.name, h.until) for h in held]  # type: ignore[arg-type]
    wishes = [_wish(wish, True, here) for wish in item.wishes]
    wishes += [_wish(wish, False, here) for wish in item.dislikes]
    prior = [
        Duty(
            instant(d.start, d.zone or here), instant(d.end, d.zone or here), d.zone or here, d.site
        )
        for d in item.prior
    ]
    return Officer(
        id=item.id,
        name=item.name or item.id,
        zone=here,
        home=item.home,
        holdings=tuple(holdings),
        unavailable=tuple((days.why, _window(days, here)) for days in item.away),
        wishes=tuple(wishes),
        contract_hours=item.contract_hours,
        most_hours=item.most_hours,
        prior=tuple(prior),
        history=(item.history.hours, item.history.days) if item.history else None,
        opted_out=item.opted_out,
    )


def _window(days: Days, zone: str) -> TimeWindow:
    return TimeWindow(midnight(days.first, zone), midnight(days.last + timedelta(days=1), zone))


def _wish(wish: WishFile, liked: bool, zone: str) -> Wish:
    window = None
    if wish.first:
        last = wish.last or wish.first
        window = TimeWindow(midnight(wish.first, zone), midnight(last + timedelta(days=1), zone))
    return Wish(liked, wish.weight, wish.shift or "", wish.post or "", window)


def _pairs(
    items: list[tuple[str, AssignmentFile]],
    officers: dict[str, Officer],
    shifts: dict[str, Shift],
    faults: list[Fault],
) -> list[AssignmentFile]:
    kept = []
    for where, pair in items:
        if pair.officer not in officers:
            faults.append(Fault(f"There is no officer {pair.officer}", where, "Correct the id."))
        elif pair.shift not in shifts:
            faults.append(Fault(f"There is no shift {pair.shift}", where, "Correct the id."))
        else:
            kept.append(pair)
    return kept


def _unknown_ways(problem: Problem) -> list[str]:
    """An unknown way is counted as none, and said."""
    homes = {o.home for o in problem.officers if o.home}
    sites = {s.site for s in problem.shifts if s.site}
    unknown = [
        f"{home} to {site}"
        for home in sorted(homes)
        for site in sorted(sites)
        if (home, site) not in problem.travel and home != site
    ]
    if not unknown:
        return []
    some = "; ".join(unknown[:5]) + ("; ..." if len(unknown) > 5 else "")
    ways = plural(len(unknown), "way is", "ways are")
    return [f"{ways} not known and counted as 0 minutes: {some}"]


def sick_call(words: str, problem: Problem) -> tuple[str, datetime, datetime | None]:
    """``OFFICER``, ``OFFICER:FROM`` or ``OFFICER:FROM/TO``, in the officer's zone; ``FROM`` missing
    is the start of the roster."""
    known = {o.id: o for o in problem.officers}
    name, _, times = words.partition(":") if words not in known else (words, "", "")
    if name not in known:
        near = ", ".join(list(known)[:8])
        raise NotFound("There is no such officer in the roster", name, f"There is: {near}.")
    try:
        parsed = [datetime.fromisoformat(word) for word in times.split("/") if word]
    except ValueError as error:
        mend = f"Such as {name}:2026-12-01T06:00, or with /2026-12-03 for when it ends."
        raise Refused("This is no time", times, mend) from error
    first = min(s.start for s in problem.shifts)
    at = [instant(moment, known[name].zone) for moment in parsed[:2]]
    since, until = (at[0] if at else first), (at[1] if len(at) > 1 else None)
    if until is not None and until <= since:
        raise Refused("The officer is well before falling sick", times, "Swap the two times.")
    return name, since, until
