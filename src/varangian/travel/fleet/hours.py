"""Hours behind the wheel and on duty, against a policy. Pure: stretches in, hours left out.

Whoever waits is on duty: only a break that was written down, or time off duty, is rest.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from .library import HoursPolicy
from .spans import Stretch, merged, total, within, without

Kind = Literal["driving", "duty", "waiting", "break"]
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """``ends`` None goes on now."""

    kind: Kind
    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class Breach:
    rule: str
    words: str


@dataclass(frozen=True)
class Hours:
    """At one moment. What is left is never below zero; over the limit is a breach."""

    at: datetime
    since_break: timedelta
    drive_left: timedelta
    """Until the next break, or the end of the day, week or fortnight, whichever comes first."""
    driven_day: timedelta
    day_left: timedelta
    extended_left: int
    driven_week: timedelta
    week_left: timedelta
    driven_fortnight: timedelta
    fortnight_left: timedelta
    duty_day: timedelta
    day_began: datetime | None
    duty_until: datetime | None
    """When the daily rest must begin at the latest; None while no working day runs."""
    reduced_left: int
    recorded: bool
    """False: nothing at all is on record, so what is left is the whole and says little."""
    breaches: list[Breach] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    work: list[Stretch]
    driving: list[Stretch]

    @property
    def starts(self) -> datetime:
        return self.work[0][0]

    @property
    def ends(self) -> datetime:
        return self.work[-1][1]


def reckon(spans: list[Span], at: datetime, policy: HoursPolicy, zone: str = "UTC") -> Hours:
    driving, work = _lines(spans, at)
    days = _days(work, driving, policy)
    running = _running(days, at, policy)
    monday = _monday(at, zone)
    week = total(within(driving, monday, at))
    fortnight = total(within(driving, monday - timedelta(days=7), at))
    extended = _extended(days, monday, policy, but=running)
    reduced = _reduced(days, policy)
    day = total(running.driving) if running else timedelta()
    since = _since_break(running, at, policy) if running else timedelta()
    day_limit = HOUR * (policy.day_extended if extended > 0 else policy.day)
    lefts = {
        "break": HOUR * policy.without_break - since,
        "day": day_limit - day,
        "week": HOUR * policy.week - week,
        "fortnight": HOUR * policy.fortnight - fortnight,
    }
    duty_until = _duty_until(running, reduced, policy)
    return Hours(
        at=at,
        since_break=since,
        drive_left=max(timedelta(), min(lefts.values())),
        driven_day=day,
        day_left=max(timedelta(), HOUR * policy.day - day),
        extended_left=extended,
        driven_week=week,
        week_left=max(timedelta(), lefts["week"]),
        driven_fortnight=fortnight,
        fortnight_left=max(timedelta(), lefts["fortnight"]),
        duty_day=total(running.work) if running else timedelta(),
        day_began=running.starts if running else None,
        duty_until=duty_until,
        reduced_left=reduced,
        recorded=bool(work),
        breaches=_breaches(lefts, running, duty_until, policy),
    )


def leg(
    spans: list[Span],
    starts: datetime,
    ends: datetime,
    policy: HoursPolicy,
    zone: str = "UTC",
    now: datetime | None = None,
) -> list[Breach]:
    """What would be broken at the end of a leg that is driven without a stop."""
    known = [*_closed(spans, min(now or starts, starts), starts, policy)]
    return reckon([*known, Span("driving", starts, ends)], ends, policy, zone).breaches


def _closed(spans: list[Span], now: datetime, starts: datetime, policy: HoursPolicy) -> list[Span]:
    """What runs now ends now. Too close to the leg for a night's rest, it goes on as duty."""
    running = [span for span in spans if span.ends is None and span.starts < now]
    found = [Span(s.kind, s.starts, s.ends or now) for s in spans if s.starts < now or s.ends]
    waits = any(span.kind != "break" for span in running)
    if waits and starts - now < HOUR * policy.daily_rest_reduced:
        found.append(Span("duty", now, starts))
    return found


def _lines(spans: list[Span], at: datetime) -> tuple[list[Stretch], list[Stretch]]:
    """When driving, and when at work at all, up to ``at``."""
    rows = [(s.kind, s.starts, min(s.ends or at, at)) for s in spans if s.starts < at]
    driving = merged((a, b) for kind, a, b in rows if kind == "driving")
    pauses = without(merged((a, b) for kind, a, b in rows if kind == "break"), driving)
    work = without(merged((a, b) for kind, a, b in rows if kind != "break"), pauses)
    return driving, work


def _days(work: list[Stretch], driving: list[Stretch], policy: HoursPolicy) -> list[Day]:
    """Working days: what lies between two daily rests, whatever the calendar says."""
    groups: list[list[Stretch]] = []
    for start, end in work:
        if groups and start - groups[-1][-1][1] < HOUR * policy.daily_rest_reduced:
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return [Day(group, within(driving, group[0][0], group[-1][1])) for group in groups]


def _running(days: list[Day], at: datetime, policy: HoursPolicy) -> Day | None:
    if not days or at - days[-1].ends >= HOUR * policy.daily_rest_reduced:
        return None
    return days[-1]


def _monday(at: datetime, zone: str) -> datetime:
    there = at.astimezone(ZoneInfo(zone))
    start = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return start - timedelta(days=there.weekday())


def _extended(days: list[Day], monday: datetime, policy: HoursPolicy, but: Day | None) -> int:
    """Longer days that are still allowed this week."""
    long = [d for d in days if d.starts >= monday and total(d.driving) > HOUR * policy.day]
    return max(0, policy.extended_per_week - len([d for d in long if d is not but]))


def _reduced(days: list[Day], policy: HoursPolicy) -> int:
    """Short daily rests that are still allowed before the next weekly rest."""
    used = 0
    for before, after in pairwise(days):
        rest = after.starts - before.ends
        if rest >= HOUR * policy.weekly_rest:
            used = 0
        elif rest < HOUR * policy.daily_rest:
            used += 1
    return max(0, policy.reduced_between_weekly - used)


def _since_break(day: Day, at: datetime, policy: HoursPolicy) -> timedelta:
    """Driven since the last whole break: 45 minutes, or 15 and later 30."""
    driven, first, clock = timedelta(), False, day.starts
    minute = timedelta(minutes=1)
    for start, end in [*day.work, (at, at)]:
        pause = start - clock
        if pause >= policy.break_minutes * minute or (
            first and pause >= policy.break_second * minute
        ):
            driven, first = timedelta(), False
        elif pause >= policy.break_first * minute:
            first = True
        driven += total(within(day.driving, start, end))
        clock = end
    return driven


def _duty_until(day: Day | None, reduced: int, policy: HoursPolicy) -> datetime | None:
    if day is None:
        return None
    rest = policy.daily_rest_reduced if reduced > 0 else policy.daily_rest
    return day.starts + HOUR * (24 - rest)


def _breaches(
    lefts: dict[str, timedelta], day: Day | None, until: datetime | None, policy: HoursPolicy
) -> list[Breach]:
    words = {
        "break": f"more than {words_of(HOUR * policy.without_break)} at the wheel without a break "
        f"of {policy.break_minutes} min, or {policy.break_first} and later {policy.break_second}",
        "day": "more driving in a day than the "
        f"{policy.day:g} h, {policy.extended_per_week} times a week {policy.day_extended:g} h",
        "week": f"more than {policy.week:g} h at the wheel this week",
        "fortnight": f"more than {policy.fortnight:g} h at the wheel in two weeks",
    }
    found = [
        Breach(rule, f"{words_of(-left)} over: {words[rule]}")
        for rule, left in lefts.items()
        if left < timedelta()
    ]
    if day and until and day.ends > until:
        over = words_of(day.ends - until)
        rest = f"{policy.daily_rest:g} h, {policy.daily_rest_reduced:g} h at most "
        rest += f"{policy.reduced_between_weekly} times"
        found.append(Breach("rest", f"{over} too long on duty to leave a daily rest of {rest}"))
    return found


def words_of(span: timedelta) -> str:
    """``4 h 30 min``."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
