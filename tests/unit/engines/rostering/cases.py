"""Small rosters, and the rules of working time written once more, plainly, to judge answers by."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from zoneinfo import ZoneInfo

from varangian.engines.rostering import Need, Officer, Problem, Shift, working_time
from varangian.engines.rostering.civil import instant
from varangian.kernel.windows import TimeWindow

HELSINKI = "Europe/Helsinki"
MONDAY = date(2027, 5, 3)
EU = working_time().get("eu")


def at(day: date, hour: float, zone: str = HELSINKI) -> datetime:
    clock = datetime(day.year, day.month, day.day) + timedelta(hours=hour)
    return instant(clock, zone)


def shift(name: str, day: int = 0, begin: float = 8, hours: float = 8, **more) -> Shift:
    """``day`` counts from Monday; the hours are those of the clock."""
    zone = more.setdefault("zone", HELSINKI)
    first = more.pop("monday", MONDAY) + timedelta(days=day)
    more.setdefault("site", "villa")
    start, end = at(first, begin, zone), at(first, begin + hours, zone)
    return Shift(name, more.pop("post", "gate"), start=start, end=end, **more)


def officer(name: str, **more) -> Officer:
    more.setdefault("zone", HELSINKI)
    return Officer(name, name.title(), **more)


def problem(officers: Iterable[Officer], shifts: Iterable[Shift], **more) -> Problem:
    return Problem(tuple(officers), tuple(shifts), more.pop("rules", EU), **more)


def away(first: date, last: date, word: str = "leave") -> tuple[str, TimeWindow]:
    return word, TimeWindow(at(first, 0), at(last + timedelta(days=1), 0))


def skill(name: str, count: int = 0) -> Need:
    return Need("skill", name, count)


def faults(task: Problem, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Every breach of the rules by this roster, found by brute force."""
    shifts = {s.id: s for s in task.shifts}
    found = []
    for person in task.officers:
        mine = sorted((shifts[s] for o, s in pairs if o == person.id), key=lambda s: s.start)
        found += [f"{person.id}: {fault}" for fault in _one(task, person, mine)]
    count: dict[str, int] = {}
    for _, s in pairs:
        count[s] = count.get(s, 0) + 1
    found += [f"{s} is overfull" for s, n in count.items() if n > shifts[s].wanted]
    return found


def _one(task: Problem, person: Officer, mine: list[Shift]) -> list[str]:
    rules, found = task.rules, []
    for each in mine:
        found += [f"{need} on {each.id}" for need in each.needs if not _holds(person, need, each)]
        found += [
            f"{word} on {each.id}"
            for word, window in person.unavailable
            if each.start < (window.end or each.end) and each.end > window.start
        ]
        night, hours = _night(task, each), (each.end - each.start) / timedelta(hours=1)
        if hours > (rules.nights.longest_hours if night else rules.duty.longest_hours):
            found.append(f"{each.id} is too long")
    spans = sorted(
        (s.start - _way(task, person, s.site), s.end + _way(task, person, s.site))
        for s in (*mine, *person.prior)
    )
    rest = timedelta(hours=rules.daily_rest.hours)
    found += [f"rest at {b[0]}" for a, b in pairwise(spans) if b[0] - a[1] < rest]
    return found + _counts(task, person, mine) + _weekly(task, person, spans)


def _way(task: Problem, person: Officer, site: str) -> timedelta:
    return timedelta(minutes=task.travel.get((person.home, site), 0))


def _holds(person: Officer, need: Need, each: Shift) -> bool:
    last = (each.end - timedelta(minutes=1)).astimezone(ZoneInfo(each.end_zone or each.zone)).date()
    return bool(need.count) or any(
        h.kind == need.kind and h.name == need.name and (h.until is None or h.until >= last)
        for h in person.holdings
    )


def _night(task: Problem, each) -> bool:
    """Minute by minute between 23:00 and 06:00."""
    zone, minutes, now = ZoneInfo(each.zone), 0, each.start
    while now < each.end:
        clock = now.astimezone(zone)
        minutes += clock.hour >= 23 or clock.hour < 6
        now += timedelta(minutes=1)
    return minutes >= task.rules.nights.counts_from_hours * 60


def _day(each) -> date:
    return each.start.astimezone(ZoneInfo(each.zone)).date()


def _counts(task: Problem, person: Officer, mine: list[Shift]) -> list[str]:
    rules, found = task.rules, []
    work = [*mine, *person.prior]
    days = [_day(w) for w in work]
    nights = [_day(w) for w in work if _night(task, w)]
    found += ["two duties in a day"] * (len(days) != len(set(days)))

    def most(of: list[date], span: int) -> int:
        return max((sum(0 <= (d - e).days < span for d in of) for e in of), default=0)

    limit = rules.days_in_row.days
    found += ["days in a row"] * (most(days, limit + 1) > limit)
    found += ["nights in a row"] * (most(nights, rules.nights.in_row + 1) > rules.nights.in_row)
    found += ["nights"] * (most(nights, rules.nights.in_days) > rules.nights.most)
    hours = {
        _day(w): (w.end - w.start + 2 * _way(task, person, w.site)) / timedelta(hours=1)
        for w in work
    }
    for first in hours:
        week = sum(h for d, h in hours.items() if 0 <= (d - first).days < 7)
        found += ["hours in seven days"] * (week > rules.week.hours)
    first, last = _horizon(task)
    planned = sum(hours[_day(w)] for w in mine)
    days = 7 * ceil(((last - first).days + 1) / 7)
    absent = {
        first + timedelta(days=k)
        for k in range((last - first).days + 1)
        for _, window in person.unavailable
        if window.start <= at(first + timedelta(days=k), 12) < window.end
    }
    if not person.history and planned > rules.mean_week.hours / 7 * (days - len(absent)):
        found.append("mean week")
    return found


def _horizon(task: Problem) -> tuple[date, date]:
    return min(_day(s) for s in task.shifts), max(_day(s) for s in task.shifts)


def _weekly(task: Problem, person: Officer, spans: list[tuple[datetime, datetime]]) -> list[str]:
    rule, found = task.rules.weekly_rest, []
    first, last = _horizon(task)
    while first + timedelta(days=rule.days - 1) <= last:
        low = at(first, 0, person.zone)
        high = at(first + timedelta(days=rule.days), 0, person.zone)
        edges = [(low, low), *[s for s in spans if s[1] > low and s[0] < high], (high, high)]
        longest = max(b[0] - a[1] for a, b in pairwise(edges))
        if longest < timedelta(hours=rule.hours):
            found.append(f"weekly rest from {first}")
        first += timedelta(days=rule.days)
    return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
