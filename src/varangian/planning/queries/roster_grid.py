"""The roster as a grid of people or posts by days, gaps first, with each officer's hours."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from varangian.engines.rostering import Answer, Fatigue, Gap, Reason, Rules
from varangian.engines.rostering.civil import midnight, zone_named
from varangian.kernel.words import plural
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor

from ..models import Assignment, Shift
from . import roster as rows
from .roster_problem import Book, book

DAYS = 7
NEAR = 0.85
"""From this part of a limit on it is amber."""
MOST_GAPS = 40
"""So many are explained; the most important come first."""


@dataclass(frozen=True)
class Chip:
    """One duty, or an open place (``row`` None), in a cell."""

    shift: Shift
    row: Assignment | None = None
    broken: tuple[Reason, ...] = ()
    name: str = ""

    @property
    def tone(self) -> str:
        if self.row is None:
            return "red"
        if self.broken:
            return "amber"
        return self.row.tone

    @property
    def words(self) -> str:
        return self.row.get_state_display().lower() if self.row else "open"  # pyright: ignore

    @property
    def rules(self) -> str:
        return ", ".join(reason.rule.replace("_", " ") for reason in self.broken)

    @property
    def why(self) -> str:
        told = "; ".join(f"{reason.rule}: {reason.words}" for reason in self.broken)
        over = self.row.override if self.row else ""
        return f"{told}. Overridden: {over}" if over and told else told


@dataclass
class Cell:
    day: date
    chips: list[Chip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Input:
    """One fact of an officer's hours against its limit."""

    words: str
    value: float
    limit: float | None = None
    least: bool = False

    @property
    def tone(self) -> str:
        if self.limit is None:
            return ""
        if self.least:
            return "red" if self.value < self.limit else ""
        if self.value > self.limit:
            return "red"
        return "amber" if self.value >= NEAR * self.limit else ""


@dataclass(frozen=True)
class Gauge:
    """Facts of hours beside the limits of the rules; the bar is the busiest seven days."""

    week: Input
    inputs: tuple[Input, ...]

    @property
    def tone(self) -> str:
        tones = {one.tone for one in self.inputs}
        return "red" if "red" in tones else "amber" if "amber" in tones else "green"

    @property
    def tight(self) -> list[str]:
        return [one.words for one in self.inputs if one.tone]


@dataclass
class Line:
    """A row of the grid: a person, or a post."""

    title: str
    cells: list[Cell]
    person: User | None = None
    gauge: Gauge | None = None


@dataclass(frozen=True)
class Open:
    """A gap, and why it is one."""

    shift: Shift
    missing: int
    lacking: str
    could: list[User]
    rules: str

    @property
    def words(self) -> str:
        said = [f"{self.missing} missing"] if self.missing else []
        said += [f"lacking {self.lacking}"] if self.lacking else []
        return ", ".join(said)


@dataclass
class Grid:
    days: list[date]
    lines: list[Line]
    gaps: list[Open]
    open: int
    """All shifts with a gap; ``gaps`` are the first of them."""
    first: date
    last: date
    book: Book | None = None
    answer: Answer | None = None


def grid(
    actor: Actor, operation: Any, *, by: str = "person", start: date | None = None, days: int = DAYS
) -> Grid | None:
    """None while there are no shifts. For the team: what was published, without gaps and hours."""
    if not rows.shifts(actor, operation).exists():
        return None
    plans = rows.may_plan(actor, operation)
    found = book(actor, operation) if plans else None
    answer = found.look() if found else None
    shifts = found.shifts if found else list(rows.shifts(actor, operation))
    assigned = list(rows.assignments(actor, operation))
    zone = operation.time_zone
    begin, end = _day(shifts[0].starts, zone), max(_day(s.starts, zone) for s in shifts)
    shown = [(start or begin) + timedelta(days=n) for n in range(days)]
    broken = {(o, s): why for o, s, why in answer.broken} if answer else {}
    chips = [
        Chip(row.shift, row, broken.get((row.person.email, row.shift.code), ())) for row in assigned
    ]
    people = found.people if found else rows.team(actor, operation)
    make = _by_post if by == "post" else _by_person
    lines = make(operation, people, shifts, chips, shown, gaps_too=plans)
    if found and answer:
        _dress(lines, found, answer, shown, zone)
    gaps = _gaps(found, answer) if found and answer else []
    return Grid(shown, lines, gaps, len(answer.gaps) if answer else 0, begin, end, found, answer)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(zone_named(zone)).date()


def _by_person(
    operation: Any, people: list[User], shifts: list[Shift], chips: list[Chip], days: list[date],
    *, gaps_too: bool,
) -> list[Line]:  # fmt: skip
    del shifts, gaps_too
    known = {person.pk: person for person in people}
    for chip in chips:
        if chip.row and chip.row.person_id not in known:
            known[chip.row.person_id] = chip.row.person
    made = {pk: Line(str(who), [Cell(d) for d in days], who) for pk, who in known.items()}
    for chip in chips:
        _put(made[chip.row.person_id], chip, days, operation.time_zone)  # type: ignore[union-attr]
    return sorted(made.values(), key=lambda line: line.title)


def _by_post(
    operation: Any, people: list[User], shifts: list[Shift], chips: list[Chip], days: list[date],
    *, gaps_too: bool,
) -> list[Line]:  # fmt: skip
    del people
    made: dict[Any, Line] = {}
    on = Counter(c.shift.pk for c in chips if c.row and c.row.state in rows.STANDING)
    for shift in shifts:
        key = shift.post_id or shift.title
        line = made.setdefault(key, Line(shift.title, [Cell(d) for d in days]))
        for chip in chips:
            if chip.shift.pk == shift.pk and chip.row:
                named = Chip(shift, chip.row, chip.broken, str(chip.row.person))
                _put(line, named, days, operation.time_zone)
        for _ in range(shift.wanted - on[shift.pk] if gaps_too else 0):
            _put(line, Chip(shift, name="open"), days, operation.time_zone)
    return list(made.values())


def _put(line: Line, chip: Chip, days: list[date], zone: str) -> None:
    day = _day(chip.shift.starts, zone)
    if days[0] <= day <= days[-1]:
        line.cells[(day - days[0]).days].chips.append(chip)


def _dress(lines: list[Line], found: Book, answer: Answer, days: list[date], zone: str) -> None:
    """Hours of each officer, and when somebody is away or on duty elsewhere."""
    hours = {row.officer: row for row in answer.fatigue}
    for line in lines:
        if line.person is not None and line.person.email in hours:
            line.gauge = gauge(hours[line.person.email], found.read.problem.rules)
    low, high = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
    here = {row.pk for row in found.assignments}
    by_person = {line.person.pk: line for line in lines if line.person}
    for hold in rows.taken([line.person for line in lines if line.person], low, high):
        if hold.source in here:
            continue
        words = "duty elsewhere" if hold.kind == "duty" else hold.kind.replace("_", " ")
        there = zone_named(zone)
        for cell in by_person[hold.person_id].cells:
            begin, end = midnight(cell.day, zone), midnight(cell.day + timedelta(days=1), zone)
            if hold.starts < end and hold.ends > begin:
                a, b = max(hold.starts, begin), min(hold.ends, end)
                whole = (a, b) == (begin, end)
                span = f" {a.astimezone(there):%H:%M}–{b.astimezone(there):%H:%M}"
                cell.notes.append(words if whole else words + span)


def gauge(row: Fatigue, rules: Rules) -> Gauge:
    """Each input with its limit; a rule that does not apply gives none."""
    most = rules.week.hours if rules.week else None
    week = _input(f"{row.busiest_week_hours:g} h in the busiest seven days",
                  row.busiest_week_hours, most)  # fmt: skip
    inputs = [week]
    if rules.nights:
        nights = f"{plural(row.nights_in_row, 'night')} in a row"
        inputs.append(_input(nights, row.nights_in_row, rules.nights.in_row))
    if rules.days_in_row:
        days = f"{plural(row.days_in_row, 'day')} in a row"
        inputs.append(_input(days, row.days_in_row, rules.days_in_row.days))
    if row.shortest_rest_hours is not None and rules.daily_rest:
        rest, due = row.shortest_rest_hours, rules.daily_rest.hours
        words = f"{rest:g} h shortest rest, {due:g} are due"
        inputs.append(Input(words, rest, due, least=True))
    inputs.append(Input(f"{row.hours:g} h in all", row.hours))
    inputs += [
        Input(f"{held.kind} {held.name} expires {held.until}", 1, 1) for held in row.expiring
    ]
    return Gauge(week, tuple(inputs))


def _input(words: str, value: float, limit: float | None) -> Input:
    return Input(f"{words}, at most {limit:g}" if limit else words, value, limit)


def _gaps(found: Book, answer: Answer) -> list[Open]:
    shifts = {shift.code: shift for shift in found.shifts}
    ordered = sorted(
        answer.gaps, key=lambda gap: (shifts[gap.shift].priority, shifts[gap.shift].starts)
    )[:MOST_GAPS]
    if not ordered:
        return []
    barred = found.why_nots_of([shifts[gap.shift] for gap in ordered])
    return [_open(found, shifts[gap.shift], gap, barred[gap.shift]) for gap in ordered]


def _open(found: Book, shift: Shift, gap: Gap, barred: dict[str, tuple[Reason, ...]]) -> Open:
    on = {o for o, s in found.pairs if s == shift.code}
    could = [p for p in found.people if p.email not in barred and p.email not in on]
    counted = Counter(reason.rule for why in barred.values() for reason in why)
    rules = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in counted.most_common())
    lacking = ", ".join(f"{count} with {need}" for need, count in gap.lacking)
    return Open(shift, gap.missing, lacking, could, rules)
