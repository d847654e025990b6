"""When a rule holds: hours and days on the clock of the place."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH_FROM = 1e9
"""A source clock above this is seconds since 1970; below it counts from the start of a clip."""


@dataclass(frozen=True)
class Hours:
    """``spans``: from, until; one that ends before it begins runs over midnight and belongs to the
    day it began on. ``began``: seconds since 1970 at second 0 of a clip, when known."""

    spans: tuple[tuple[time, time], ...]
    days: frozenset[int]
    zone: ZoneInfo
    began: float | None = None

    def hold(self, at: float) -> bool | None:
        """None: nobody knows, for the source has no wall clock."""
        if not self.spans and len(self.days) == len(DAYS):
            return True
        moment = self._moment(at)
        if moment is None:
            return None
        if not self.spans:
            return moment.weekday() in self.days
        return any(self._within(moment, *span) for span in self.spans)

    def _moment(self, at: float) -> datetime | None:
        if at < EPOCH_FROM:
            if self.began is None:
                return None
            at += self.began
        return datetime.fromtimestamp(min(at, 4e9), self.zone)

    def _within(self, moment: datetime, start: time, end: time) -> bool:
        clock, day = moment.time(), moment.weekday()
        if start < end:
            return start <= clock < end and day in self.days
        if clock >= start:
            return day in self.days
        return clock < end and (day - 1) % 7 in self.days
