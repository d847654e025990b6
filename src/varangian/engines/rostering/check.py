"""Why an officer cannot take a shift, rule by rule and in words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from varangian.engines.rostering.model import Holding, Reason
from varangian.engines.rostering.rules import working_time
from varangian.engines.rostering.table import Table
from varangian.kernel.windows import TimeWindow

Roster = list[set[int]]
"""For each officer the shifts they have, as indices."""


def reasons(table: Table, officer: int, shift: int, others: set[int]) -> list[Reason]:
    """All rules that forbid this shift to an officer who has ``others``; empty: nothing does."""
    return [
        *_qualifications(table, officer, shift),
        *_absence(table, officer, shift),
        *_length(table, shift),
        *_rest(table, officer, shift, others - {shift}),
        *_limits(table, officer, shift, others - {shift}),
        *_weekly_rest(table, officer, others | {shift}),
    ]


def fits(table: Table, officer: int, shift: int, others: set[int]) -> bool:
    return not reasons(table, officer, shift, others)


def _qualifications(table: Table, officer: int, shift: int) -> list[Reason]:
    made = []
    for need in table.shifts[shift].needs:
        if need.count or table.holds[table.names[need.kind, need.name], officer, shift]:
            continue
        meets = working_time().met_by(need.kind, need.name)
        held = [h for h in table.officers[officer].holdings if _is(h, need.kind, meets)]
        if held:
            until = max(h.until for h in held if h.until)
            last = date.fromordinal(int(table.last_day[shift]))
            words = f"{need} expires on {until}, before the shift is over on {last}"
            made.append(Reason(f"{need.kind}_expired", words))
        else:
            made.append(Reason(f"{need.kind}_missing", f"has no {need}"))
    return made


def _is(held: Holding, kind: str, meets: frozenset[str]) -> bool:
    return held.kind == kind and held.name in meets


def _absence(table: Table, officer: int, shift: int) -> list[Reason]:
    asked = table.shifts[shift]
    mine = TimeWindow(asked.start, asked.end)
    return [
        Reason(word, f"{word} from {_at(window.start)}" + _until(window))
        for word, window in table.officers[officer].unavailable
        if mine.overlap(window)
    ]


def _until(window: TimeWindow) -> str:
    return f" to {_at(window.end)}" if window.end else ", no end known"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


def _length(table: Table, shift: int) -> list[Reason]:
    hours, rules, made = (table.end[shift] - table.start[shift]) / 60, table.rules, []
    if rules.duty and hours > rules.duty.longest_hours:
        words = f"the shift has {hours:g} h; a duty has at most {rules.duty.longest_hours:g} h"
        made.append(Reason("longest_duty", words))
    if rules.nights and table.night[shift] and hours > rules.nights.longest_hours:
        words = f"the shift has {hours:g} h; a night has at most {rules.nights.longest_hours:g} h"
        made.append(Reason("longest_night", words))
    return made


def _rest(table: Table, officer: int, shift: int, others: set[int]) -> list[Reason]:
    begins, finishes = table.begins[officer], table.finishes[officer]
    spans = [(int(begins[s]), int(finishes[s]), table.shifts[s].id) for s in sorted(others)]
    spans += [(low, high, "other work") for low, high in table.busy[officer]]
    low, high, rest = int(begins[shift]), int(finishes[shift]), table.rules.rest_minutes
    travelled = begins[shift] != table.start[shift]
    made = []
    for begin, finish, name in spans:
        between = max(begin - high, low - finish)
        if between < 0:
            made.append(Reason("double_booking", f"overlaps with {name}"))
        elif between < rest:
            after = ", the way counted" if travelled else ""
            words = f"{between / 60:.1f} h of rest beside {name}{after}; {rest / 60:g} h are due"
            made.append(Reason("daily_rest", words))
    return made


def _limits(table: Table, officer: int, shift: int, others: set[int]) -> list[Reason]:
    made: dict[str, Reason] = {}
    for window in table.windows:
        if not window.members[shift] or window.rule in made:
            continue
        duties = [shift, *(s for s in others if window.members[s])]
        cost = int(table.paid[officer, duties].sum()) if window.in_minutes else len(duties)
        bound = int(window.bound[officer])
        if cost > bound:
            unit = f"{cost / 60:.1f} h" if window.in_minutes else str(cost)
            left = f"{bound / 60:.1f} h" if window.in_minutes else str(bound)
            words = f"the limit is {window.words}; {left} are left, this makes {unit}"
            made[window.rule] = Reason(window.rule, words)
    return list(made.values())


def _weekly_rest(table: Table, officer: int, duties: set[int]) -> list[Reason]:
    rule = table.rules.weekly_rest
    if rule is None or has_weekly_rest(table, officer, duties):
        return []
    words = f"no {rule.hours:g} h of unbroken rest would be left in {rule.days} days"
    return [Reason("weekly_rest", words)]


def has_weekly_rest(table: Table, officer: int, duties: set[int]) -> bool:
    """Whether every whole period keeps its unbroken rest."""
    rule = table.rules.weekly_rest
    if rule is None:
        return True
    due = round(rule.hours * 60)
    spans = table.busy[officer] + [
        (int(table.begins[officer, s]), int(table.finishes[officer, s])) for s in duties
    ]
    spans.sort()
    return all(_rests(spans, low, high, due) for low, high in table.periods[officer])


def _rests(spans: list[tuple[int, int]], low: int, high: int, due: int) -> bool:
    free = low
    for begin, finish in spans:
        if finish <= low or begin >= high:
            continue
        if begin - free >= due:
            return True
        free = max(free, finish)
    return high - free >= due


def clean(
    table: Table, pairs: Iterable[tuple[int, int]]
) -> tuple[Roster, list[tuple[int, int, list[Reason]]]]:
    """A roster of those pairs that keep the rules beside those before them; and the others."""
    roster: Roster = [set() for _ in table.officers]
    heads, broken = [0] * len(table.shifts), []
    for officer, shift in pairs:
        why = reasons(table, officer, shift, roster[officer])
        if heads[shift] >= table.wanted[shift]:
            why.append(Reason("full", f"{table.wanted[shift]} wanted, as many are on it already"))
        if why:
            broken.append((officer, shift, why))
            continue
        heads[shift] += 1
        roster[officer].add(shift)
    return roster, broken
