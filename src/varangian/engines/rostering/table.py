"""The problem as arrays: officers in rows, shifts in columns, time in minutes since 1970 UTC."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from varangian.engines.rostering import civil
from varangian.engines.rostering.model import Officer, Problem, Shift
from varangian.engines.rostering.rules import working_time
from varangian.kernel.windows import TimeWindow

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
NEVER = -1
ALWAYS = date.max.toordinal()
HEAD, SKILL = 3, 2
"""What an empty place costs beside a need that is not met."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most so much work among some shifts: minutes, or duties when ``in_minutes`` is False.

    ``members``: (shifts,) which count; ``bound``: (officers,) what is left after prior work.
    """

    rule: str
    members: Bools
    in_minutes: bool
    bound: Ints
    words: str


class Table:
    """Everything the search asks again and again, worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rules = problem.rules
        self.officers, self.shifts = problem.officers, problem.shifts
        self.officer_at = {o.id: k for k, o in enumerate(self.officers)}
        self.shift_at = {s.id: k for k, s in enumerate(self.shifts)}
        self.start = self._each(lambda s: civil.minutes(s.start))
        self.end = self._each(lambda s: -int(-s.end.timestamp() // 60))
        self.day = self._each(lambda s: civil.day_of(s.start, s.zone).toordinal())
        self.last_day = self._each(last_day)
        self.weekend = np.array([date.fromordinal(d).weekday() >= 5 for d in self.day.tolist()])
        self.night = np.array([self.is_night(s.start, s.end, s.zone) for s in self.shifts])
        self.wanted = self._each(lambda s: s.wanted)
        self.weight = self._each(lambda s: 4 ** (5 - s.priority))
        self.first_day, self.final_day = int(self.day.min()), int(self.day.max())
        self.way = self._ways()
        travel = self.rules.travel
        out = self.way if travel and travel.shortens_rest else np.zeros_like(self.way)
        self.begins, self.finishes = self.start - out, self.end + out
        worked = 2 * self.way if travel and travel.counts_as_work else np.zeros_like(self.way)
        self.paid = (self.end - self.start) + worked
        self.busy = [self._busy(o) for o in self.officers]
        self.names, self.holds = self._holdings()
        self.among = [
            [(self.names[n.kind, n.name], n.count, n) for n in s.needs if n.count]
            for s in self.shifts
        ]
        self.windows = list(self._windows())
        self.allowed = self._allowed()

    def _each(self, of: Callable[[Shift], int]) -> Ints:
        return np.array([of(s) for s in self.shifts], dtype=np.int64)

    def is_night(self, start: datetime, end: datetime, zone: str) -> bool:
        nights = self.rules.nights
        if nights is None:
            return False
        there = civil.night_minutes(start, end, zone, nights.begin, nights.end)
        return there >= nights.counts_from_hours * 60

    def _ways(self) -> Ints:
        known, sites = self.problem.travel, [s.site for s in self.shifts]
        rows: dict[str, list[int]] = {}
        for home in {o.home for o in self.officers}:
            rows[home] = [known.get((home, site), 0) for site in sites]
        return np.array([rows[o.home] for o in self.officers], dtype=np.int64)

    def _busy(self, officer: Officer) -> list[tuple[int, int]]:
        """Prior duties, widened by the way to them when travel shortens rest."""
        travel = self.rules.travel
        spans = []
        for duty in officer.prior:
            way = self.problem.travel.get((officer.home, duty.site), 0)
            way = way if travel and travel.shortens_rest else 0
            spans.append((civil.minutes(duty.start) - way, civil.minutes(duty.end) + way))
        return sorted(spans)

    def _holdings(self) -> tuple[dict[tuple[str, str], int], Bools]:
        """(needs, officers, shifts): who meets which need through the last day of which shift."""
        asked = sorted({(n.kind, n.name) for s in self.shifts for n in s.needs})
        until = np.full((len(asked), len(self.officers)), NEVER, dtype=np.int64)
        for row, (kind, name) in enumerate(asked):
            meets = working_time().met_by(kind, name)
            for k, officer in enumerate(self.officers):
                for held in officer.holdings:
                    if held.kind == kind and held.name in meets:
                        last = held.until.toordinal() if held.until else ALWAYS
                        until[row, k] = max(until[row, k], last)
        names = {pair: row for row, pair in enumerate(asked)}
        return names, until[:, :, None] >= self.last_day[None, None, :]

    def _allowed(self) -> Bools:
        """Pairs that no rule forbids while the officer has no other shift."""
        ok = np.ones((len(self.officers), len(self.shifts)), dtype=bool)
        for s, shift in enumerate(self.shifts):
            for need in shift.needs:
                if not need.count:
                    ok[:, s] &= self.holds[self.names[need.kind, need.name], :, s]
        rest = self.rules.rest_minutes
        for o, officer in enumerate(self.officers):
            for _, window in officer.unavailable:
                late = civil.minutes(window.end) if window.end else np.iinfo(np.int64).max
                ok[o] &= (self.end <= civil.minutes(window.start)) | (self.start >= late)
            for low, high in self.busy[o]:
                ok[o] &= (self.begins[o] >= high + rest) | (self.finishes[o] <= low - rest)
        ok &= ~self.too_long
        for window in self.windows:
            cost = self.paid if window.in_minutes else np.ones_like(self.paid)
            ok &= ~(window.members & (cost > window.bound[:, None]))
        return ok

    @cached_property
    def too_long(self) -> Bools:
        length, rules = self.end - self.start, self.rules
        long = np.zeros(len(self.shifts), dtype=bool)
        if rules.duty:
            long |= length > rules.duty.longest_hours * 60
        if rules.nights:
            long |= self.night & (length > rules.nights.longest_hours * 60)
        return long

    def _windows(self) -> Iterator[Window]:
        rules = self.rules
        if rules.one_duty_a_day:
            words = "one duty begins on a day"
            yield from self._rolling("one_duty_a_day", 1, 1, words)
        if rules.days_in_row:
            most = rules.days_in_row.days
            yield from self._rolling("days_in_row", most + 1, most, f"{most} days in a row")
        if rules.nights:
            most, row = rules.nights.most, rules.nights.in_row
            words = f"{most} nights in {rules.nights.in_days} days"
            yield from self._rolling("nights", rules.nights.in_days, most, words, nights=True)
            yield from self._rolling(
                "nights_in_row", row + 1, row, f"{row} nights in a row", nights=True
            )
        if rules.week:
            most = round(rules.week.hours * 60)
            words = f"{rules.week.hours:g} h in seven days"
            yield from self._rolling("week", 7, most, words, in_minutes=True)
        yield from self._means()

    def _rolling(
        self, rule: str, span: int, most: int, words: str, nights: bool = False,
        in_minutes: bool = False,
    ) -> Iterator[Window]:  # fmt: skip
        """Windows of ``span`` days, from those that reach back into prior work.

        A window that can hold no more than the window before it is left out.
        """
        prior = self._prior_days(nights, in_minutes)
        counted = self.night if nights else np.ones_like(self.night)
        earliest = min((day for each in prior for day in each), default=self.first_day)
        begin = max(self.first_day - span + 1, min(earliest, self.first_day))
        for first in range(begin, max(self.final_day - span + 1, begin) + 1):
            inside = counted & (self.day >= first) & (self.day < first + span)
            spent = [
                sum(cost for day, cost in each.items() if first <= day < first + span)
                for each in prior
            ]
            bound = np.maximum(most - np.array(spent, dtype=np.int64), 0)
            if inside.any():
                yield Window(rule, inside, in_minutes, bound, words)

    def _prior_days(self, nights: bool, in_minutes: bool) -> list[dict[int, int]]:
        """For each officer: cost of prior duties by the day they began."""
        made: list[dict[int, int]] = []
        worked = self.rules.travel and self.rules.travel.counts_as_work
        for officer in self.officers:
            costs: dict[int, int] = {}
            for duty in officer.prior:
                if nights and not self.is_night(duty.start, duty.end, duty.zone):
                    continue
                day = civil.day_of(duty.start, duty.zone).toordinal()
                way = self.problem.travel.get((officer.home, duty.site), 0) if worked else 0
                minutes = civil.minutes(duty.end) - civil.minutes(duty.start) + 2 * way
                costs[day] = costs.get(day, 0) + minutes if in_minutes else 1
            made.append(costs)
        return made

    def _means(self) -> Iterator[Window]:
        """The mean week over the reference period, leave left out, and each officer's own limit."""
        days = self.final_day - self.first_day + 1
        if rule := self.rules.mean_week:
            span = min(rule.reference_days, days)
            for first in range(self.first_day, self.final_day - span + 2, 7):
                inside = (self.day >= first) & (self.day < first + span)
                bound = [self._mean_bound(o, first, span) for o in self.officers]
                words = f"a mean of {rule.hours:g} h a week"
                yield Window("mean_week", inside, True, np.array(bound), words)
        if any(o.most_hours is not None for o in self.officers):
            most = [
                np.iinfo(np.int64).max // 4 if o.most_hours is None
                else int(o.most_hours * 60 * ceil(days / 7))
                for o in self.officers
            ]  # fmt: skip
            everything = np.ones_like(self.night)
            yield Window("own_hours", everything, True, np.array(most), "the officer's own limit")

    def _mean_bound(self, officer: Officer, first: int, span: int) -> int:
        rule = self.rules.mean_week
        if rule is None or (officer.opted_out and rule.opt_out):
            return np.iinfo(np.int64).max // 4
        low = civil.midnight(date.fromordinal(first), officer.zone)
        high = civil.midnight(date.fromordinal(first + span), officer.zone)
        absent = [window for word, window in officer.unavailable if word in ("leave", "sick")]
        away = _days(absent, low, high)
        whole = 7 * ceil(span / 7)
        hours, days = officer.history or (0.0, 0)
        kept = min(days, rule.reference_days - span)
        worked = hours * kept / days if days else 0.0
        return max(0, int((rule.hours / 7 * (whole + kept - min(away, span)) - worked) * 60))

    @cached_property
    def periods(self) -> list[list[tuple[int, int]]]:
        """For each officer the whole periods of the weekly rest, by the clock of their zone."""
        rule = self.rules.weekly_rest
        if rule is None:
            return [[] for _ in self.officers]
        firsts = range(self.first_day, self.final_day - rule.days + 2, rule.days)
        by_zone = {
            zone: [
                (civil.minutes(civil.midnight(date.fromordinal(first), zone)),
                 civil.minutes(civil.midnight(date.fromordinal(first + rule.days), zone)))
                for first in firsts
            ]
            for zone in {o.zone for o in self.officers}
        }  # fmt: skip
        return [by_zone[o.zone] for o in self.officers]

    @cached_property
    def share(self) -> Floats:
        """(officers,) fair share of all the work, by contract hours and days not on leave."""
        days = self.final_day - self.first_day + 1
        able = self.allowed.any(axis=1)
        present = np.array([max(0.0, 1 - self._away(o) / days) for o in self.officers])
        raw = np.array([o.contract_hours for o in self.officers]) * present * able
        return raw / raw.sum() if raw.sum() else np.zeros(len(self.officers))

    def _away(self, officer: Officer) -> float:
        low = civil.midnight(date.fromordinal(self.first_day), officer.zone)
        high = civil.midnight(date.fromordinal(self.final_day + 1), officer.zone)
        return _days([window for _, window in officer.unavailable], low, high)

    @cached_property
    def dislike(self) -> Ints:
        """(officers, shifts) weight of dislikes less weight of wishes."""
        made = np.zeros_like(self.paid)
        for o, officer in enumerate(self.officers):
            for wish in officer.wishes:
                for s, shift in enumerate(self.shifts):
                    if wish.meets(shift):
                        made[o, s] += -wish.weight if wish.liked else wish.weight
        return made


def last_day(shift: Shift) -> int:
    """The civil day on which the shift's last minute falls, where it ends."""
    last = shift.end - timedelta(minutes=1)
    return civil.day_of(last, shift.end_zone or shift.zone).toordinal()


def _days(windows: list[TimeWindow], low: datetime, high: datetime) -> float:
    """Days between two instants that at least one window holds."""
    total, reached = timedelta(), low
    for window in sorted(windows, key=lambda w: w.start):
        begin, end = max(window.start, reached), min(window.end or high, high)
        if end > begin:
            total, reached = total + (end - begin), end
    return total / timedelta(days=1)
