"""Series to instances: the newest version of each entry, within a horizon and a budget of work.

dateutil, which finds the instances, looks up to the year 9999 for a day that fulfils a rule, and
at every second of a year for a rule that fires each second. So the work of a rule is estimated
before it runs; one over the budget keeps only its first instance and says so. A limit on time
stands behind the estimate: after it, all further series keep their first instance.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any, cast

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur

from varangian.travel.itineraries.ical_entry import Entry, Moment
from varangian.travel.itineraries.itinerary import Problem

LOOK_BACK = timedelta(days=30)
MAX_INSTANCES = 1_000
MAX_TOTAL = 20_000
MAX_STEPS_SERIES = 200_000
MAX_STEPS_FILE = 2_000_000
YEAR_STEP = 40  # a step of a yearly rule costs as much as 40 of a daily one
MAX_SECONDS = 10.0
SOURCE = "X-VARANGIAN-SOURCE"
UNIT_SECONDS = {
    "SECONDLY": 1,
    "MINUTELY": 60,
    "HOURLY": 3600,
    "DAILY": 86_400,
    "WEEKLY": 604_800,
    "MONTHLY": 2_629_746,
    "YEARLY": 31_556_952,
}
DATE_FILTERS = (
    *("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"),
    *("BYWEEKDAY", "BYSETPOS", "BYEASTER"),
)


@dataclass(slots=True)
class Instance:
    entry: Entry
    uid: str
    start: Moment
    end: Moment | None


@dataclass(frozen=True, slots=True)
class Load:
    """What a rule costs: steps that dateutil may take, instances it may yield each day."""

    steps: float
    daily: float
    endless: bool


def unroll(
    entries: list[Entry], now: datetime, horizon_days: int, problems: list[Problem]
) -> list[Instance]:
    """Instances of all entries; what is cut, dropped or refused is in ``problems``."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in _newest(entries, problems):
        groups[entry.uid].append(entry)
    unroller = _Unroller(now, now + timedelta(days=horizon_days), problems)
    found: list[Instance] = []
    for uid, group in groups.items():
        if any(entry.rules or entry.extra for entry in group):
            found.extend(unroller.series(uid, group))
        else:
            found.extend(_single(uid, entry) for entry in group)
    return found


def _single(uid: str, entry: Entry) -> Instance:
    name = uid if entry.recurrence_id is None else f"{uid}#{moment_key(entry.recurrence_id)}"
    return Instance(entry, name, entry.start, entry.end)


def moment_key(moment: Moment) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return moment.strftime("%Y%m%d")


def _newest(entries: list[Entry], problems: list[Problem]) -> list[Entry]:
    """Per UID and instance the highest SEQUENCE, then the latest LAST-MODIFIED or DTSTAMP."""
    best: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.uid, moment_key(entry.recurrence_id) if entry.recurrence_id else "")
        other = best.get(key)
        if other is None:
            best[key] = entry
            continue
        kept, dropped = (entry, other) if _rank(entry) >= _rank(other) else (other, entry)
        best[key] = kept
        same = "the same" if kept.raw == dropped.raw else f"an older ({moment_key(dropped.start)})"
        problems.append(
            Problem(
                dropped.where,
                f"UID {entry.uid!r} occurs twice; {same} version was dropped, "
                f"that of {kept.where} kept.",
                "Compare both if they are two different entries.",
                dropped.raw,
            )
        )
    return list(best.values())


def _rank(entry: Entry) -> tuple[int, str, bool]:
    return entry.sequence, entry.stamp, entry.cancelled


class _Unroller:
    def __init__(self, now: datetime, horizon: datetime, problems: list[Problem]) -> None:
        self.now = now
        self.horizon = horizon
        self.problems = problems
        self.steps_left = MAX_STEPS_FILE
        self.instances_left = MAX_TOTAL
        self.deadline = monotonic() + MAX_SECONDS

    def series(self, uid: str, group: list[Entry]) -> list[Instance]:
        master = next((e for e in group if e.recurrence_id is None), group[0])
        try:
            loads = [rule_load(rule, master.start, self.horizon) for rule in master.rules]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return self._first_only(uid, group, f"its rule cannot be read ({error})")
        steps = sum(load.steps for load in loads)
        if steps > min(MAX_STEPS_SERIES, self.steps_left) or self.instances_left <= 0:
            return self._first_only(uid, group, "its rule asks for too many instances")
        if monotonic() > self.deadline:
            return self._first_only(uid, group, "reading the series takes too long")
        self.steps_left -= int(steps)
        first, last = self._window(master, loads)
        try:
            query = recurring_ical_events.of(_calendar(group))
            events: list[Any] = query.between(first, last)
        except Exception as error:  # the libraries raise many kinds on hostile rules
            return self._first_only(uid, group, f"its rule cannot be followed ({error})")
        return self._instances(uid, group, events)

    def _window(self, master: Entry, loads: list[Load]) -> tuple[datetime, datetime]:
        begin = _as_datetime(master.start)
        first, last = min([begin, *map(_as_datetime, master.extra)]), self.horizon
        title = master.text("SUMMARY") or master.uid
        if any(load.endless for load in loads):
            first = max(first, self.now - LOOK_BACK)
            self.problems.append(
                Problem(
                    master.where,
                    f"{title!r} repeats without end: read up to {last:%d %b %Y}.",
                    "Import again later for the time after.",
                )
            )
        elif begin > last:
            last = begin + timedelta(days=1)
        daily = sum(load.daily for load in loads)
        densest = timedelta(days=MAX_INSTANCES / daily) if daily else None
        if densest and first + densest < last:
            last = first + densest
            self.problems.append(
                Problem(master.where, f"{title!r} repeats too often: read up to {last:%d %b %Y}.")
            )
        return first, last

    def _instances(self, uid: str, group: list[Entry], events: list[Any]) -> list[Instance]:
        events.sort(key=lambda event: _as_datetime(_moment_of(event)("DTSTART")))
        room = min(MAX_INSTANCES, self.instances_left)
        if len(events) > room:
            self.problems.append(
                Problem(
                    group[0].where,
                    f"The series has {len(events)} instances; the first {room} were read.",
                )
            )
        self.instances_left -= min(room, len(events))
        found = []
        for event in events[:room]:
            entry = group[int(event[SOURCE])]
            start, end, original = map(_moment_of(event), ("DTSTART", "DTEND", "RECURRENCE-ID"))
            key = moment_key(original)
            found.append(Instance(entry, f"{uid}#{key}", start, end if entry.end_known else None))
        if not found:
            self.problems.append(
                Problem(group[0].where, "The series has no instance in the time that was read.")
            )
        return found

    def _first_only(self, uid: str, group: list[Entry], why: str) -> list[Instance]:
        entry = group[0]
        self.problems.append(
            Problem(
                entry.where,
                f"The series is not repeated: {why}; only what stands in the file was kept.",
                "Enter the further dates by hand.",
                entry.raw,
            )
        )
        return [
            Instance(e, f"{uid}#{moment_key(e.recurrence_id or e.start)}", e.start, e.end)
            for e in group
        ]


def _moment_of(event: Any) -> Callable[[str], Moment]:
    return lambda name: event[name].dt


def _as_datetime(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.combine(moment, time(), UTC)


def _calendar(group: list[Entry]) -> Calendar:
    calendar = Calendar()
    for index, entry in enumerate(group):
        event = Event()
        event["UID"] = entry.uid
        event["SEQUENCE"] = entry.sequence
        event[SOURCE] = str(index)
        event["DTSTART"] = vDDDTypes(entry.start)
        event["DTEND"] = vDDDTypes(entry.end if entry.end is not None else entry.start)
        if entry.recurrence_id is not None:
            event["RECURRENCE-ID"] = vDDDTypes(entry.recurrence_id)
            if entry.this_and_future:
                event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        else:
            event["RRULE"] = [vRecur.from_ical(rule) for rule in entry.rules]
            if entry.extra:
                event["RDATE"] = vDDDLists(entry.extra)
        if entry.excluded:
            event["EXDATE"] = vDDDLists(entry.excluded)
        calendar.add_component(event)
    return calendar


def rule_load(text: str, start: Moment, horizon: datetime) -> Load:
    """Upper bound of the work for a rule. Raises ValueError for a rule that is none."""
    rule = cast("dict[str, list]", vRecur.from_ical(text))
    frequency = str(rule["FREQ"][0]).upper()
    unit = UNIT_SECONDS[frequency]
    interval = int(rule.get("INTERVAL", [1])[0])
    if interval < 1:
        raise ValueError("INTERVAL below 1")
    begin = _as_datetime(start)
    count = rule.get("COUNT", [None])[0]
    until = rule.get("UNTIL", [None])[0]
    end = min(horizon, _as_datetime(until)) if isinstance(until, date) else horizon
    days = max((end - begin).total_seconds() / 86_400, 1)
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(rule.get(part, [0]))
    filters = [part for part in DATE_FILTERS if part in rule]
    if unit < 86_400:
        daily = 86_400 / (unit * interval)
        steps = float("inf") if filters else days * daily
        if count is not None and not filters:
            steps = min(steps, int(count))
            daily = daily if int(count) > MAX_INSTANCES else 0.0
        return Load(steps, daily, count is None and until is None)
    daily = times / interval if frequency == "DAILY" else times
    yearly = frequency == "YEARLY"
    periods = days if filters and not yearly else days * 86_400 / unit
    steps = periods * times * (YEAR_STEP if yearly else 1)
    if _may_never_happen(rule, frequency, interval):
        steps = max(steps, (9999 - begin.year) * 31_556_952 / (unit * interval) * times)
        steps *= YEAR_STEP if yearly else 1
    return Load(steps, daily, count is None and until is None)


def _may_never_happen(rule: dict[str, list], frequency: str, interval: int) -> bool:
    """Whether the filters might contradict each other, so that the search runs to year 9999."""
    if "BYYEARDAY" in rule or "BYWEEKNO" in rule or "BYEASTER" in rule:
        return True
    if "BYSETPOS" in rule:
        common = frequency == "MONTHLY" and "BYDAY" in rule and "BYMONTHDAY" not in rule
        return not (common and all(abs(int(n)) <= 4 for n in rule["BYSETPOS"]))
    months = [int(month) for month in rule.get("BYMONTH", range(1, 13))]
    if not all(1 <= month <= 12 for month in months):
        raise ValueError("BYMONTH outside 1 to 12")
    if frequency == "MONTHLY" and "BYMONTH" in rule and interval > 1:
        return True
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [1])]
    longest = max(29 if m == 2 else 30 if m in (4, 6, 9, 11) else 31 for m in months)
    if min(days) > longest or (min(days) > 28 and interval > 1):
        return True
    if "BYDAY" in rule and any(re.search(r"[5-9]|\d\d", str(day)) for day in rule["BYDAY"]):
        return True
    by_day = frequency in ("DAILY", "WEEKLY") and "BYDAY" in rule
    return by_day and ("BYMONTHDAY" in rule or interval % 7 == 0) and interval > 1
