"""Clocks of people: local times to instants, nights and days by the clock of a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from varangian.kernel.results import Refused


def zone_named(name: str) -> ZoneInfo:
    """Raises Refused for a name the time zone database does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        mend = "Use a name such as Europe/Helsinki."
        raise Refused("There is no such time zone", name, mend) from error


def instant(at: datetime, zone: str) -> datetime:
    """An aware time as it is; a clock time without an offset on the clock of ``zone``.

    Raises Refused when that clock never shows the time (clocks go forward) or shows it twice
    (clocks go back): guessing would move a shift by an hour.
    """
    if at.utcoffset() is not None:
        return at.astimezone(UTC)
    there = zone_named(zone)
    first, second = at.replace(tzinfo=there, fold=0), at.replace(tzinfo=there, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(there).replace(tzinfo=None) != at:
        what, mend = "is skipped when clocks go forward", "Give a time that the clock shows."
    else:
        offsets = f"{_offset(first)} or {_offset(second)}"
        what, mend = "comes twice when clocks go back", f"Add the offset: {offsets}."
    raise Refused(f"{at:%H:%M} on {at:%Y-%m-%d} {what}", zone, mend)


def _offset(at: datetime) -> str:
    words = f"{at:%z}"
    return f"{words[:3]}:{words[3:5]}"


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(zone_named(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), zone_named(zone)).astimezone(UTC)


def minutes(at: datetime) -> int:
    """Whole minutes since 1970 UTC, the engine's unit of time."""
    return int(at.timestamp() // 60)


def night_minutes(start: datetime, end: datetime, zone: str, begin: time, until: time) -> int:
    """Minutes of [start, end) between two clock times of ``zone``, as they really pass: the night
    in which clocks change has an hour less or more."""
    there, total = zone_named(zone), 0
    day = start.astimezone(there).date() - timedelta(days=1)
    last = end.astimezone(there).date()
    while day <= last:
        closing = day if until > begin else day + timedelta(days=1)
        low = datetime.combine(day, begin, there).timestamp()
        high = datetime.combine(closing, until, there).timestamp()
        total += max(0, round(min(high, end.timestamp()) - max(low, start.timestamp())))
        day += timedelta(days=1)
    return total // 60
