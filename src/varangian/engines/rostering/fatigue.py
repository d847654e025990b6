"""Facts about each officer's hours: what a fatigue gauge shows beside the limits."""

from datetime import date
from itertools import pairwise

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.model import Fatigue
from varangian.engines.rostering.table import Table


def fatigue(table: Table, roster: Roster) -> tuple[Fatigue, ...]:
    return tuple(_one(table, k, sorted(roster[k])) for k in range(len(table.officers)))


def _one(table: Table, officer: int, duties: list[int]) -> Fatigue:
    person = table.officers[officer]
    days = sorted({int(table.day[s]) for s in duties})
    nights = sorted({int(table.day[s]) for s in duties if table.night[s]})
    paid = {s: int(table.paid[officer, s]) for s in duties}
    span = (table.final_day - table.first_day + 1) / 7
    rests = _rests(table, officer, duties)
    last = date.fromordinal(table.final_day)
    return Fatigue(
        officer=person.id,
        hours=round(sum(paid.values()) / 60, 2),
        busiest_week_hours=round(_busiest(table, paid) / 60, 2),
        mean_week_hours=round(sum(paid.values()) / 60 / span, 2),
        nights=sum(bool(table.night[s]) for s in duties),
        nights_in_row=_row(nights),
        days_in_row=_row(days),
        weekends=len({d - date.fromordinal(d).weekday() for d in days if _weekend(d)}),
        travel_hours=round(sum(2 * int(table.way[officer, s]) for s in duties) / 60, 2),
        shortest_rest_hours=round(min(rests) / 60, 2) if rests else None,
        longest_rest_hours=round(max(rests) / 60, 2) if rests else None,
        expiring=tuple(h for h in person.holdings if h.until and h.until <= last),
    )


def _weekend(day: int) -> bool:
    return date.fromordinal(day).weekday() >= 5


def _row(days: list[int]) -> int:
    """The longest run of days that follow each other."""
    best = run = 0
    for k, day in enumerate(days):
        run = run + 1 if k and day == days[k - 1] + 1 else 1
        best = max(best, run)
    return best


def _busiest(table: Table, paid: dict[int, int]) -> int:
    """Most minutes in any seven days, by the day a duty begins."""
    days = {s: int(table.day[s]) for s in paid}
    return max(
        (
            sum(m for s, m in paid.items() if first <= days[s] < first + 7)
            for first in days.values()
        ),
        default=0,
    )


def _rests(table: Table, officer: int, duties: list[int]) -> list[int]:
    """Minutes between duties, with those before the roster; the way counts when rules say so."""
    spans = [(int(table.begins[officer, s]), int(table.finishes[officer, s])) for s in duties]
    spans = sorted([*spans, *table.busy[officer]])
    return [b[0] - a[1] for a, b in pairwise(spans)] if duties else []
