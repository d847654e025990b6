"""Spans of time with an aware start and an end that may be unknown."""

from dataclasses import dataclass
from datetime import datetime

from varangian.kernel.results import Refused


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From ``start`` up to but without ``end``; ``end`` None is open: no end is known.

    ``end == start`` is an instant, which contains just itself.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        for name, value in (("start", self.start), ("end", self.end)):
            if value is not None and value.utcoffset() is None:
                raise Refused(
                    f"The {name} of a time window has no time zone", str(value), "Give its offset."
                )
        if self.end is not None and self.end < self.start:
            raise Refused(
                "A time window ends before it starts",
                f"{self.start.isoformat()} to {self.end.isoformat()}",
                "Swap or mend the two times.",
            )

    @property
    def is_open(self) -> bool:
        return self.end is None

    @property
    def is_instant(self) -> bool:
        return self.end == self.start

    def contains(self, moment: datetime) -> bool:
        if self.is_instant:
            return moment == self.start
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlap(self, other: "TimeWindow") -> "TimeWindow | None":
        """The time both share; None when there is none. Windows that only touch share none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        if end is None or start < end:
            return TimeWindow(start, end)
        if start == end and (
            (self.is_instant and other.contains(start))
            or (other.is_instant and self.contains(start))
        ):
            return TimeWindow(start, end)
        return None

    def minutes(self) -> float | None:
        """Length in minutes; None when the end is unknown."""
        return None if self.end is None else (self.end - self.start).total_seconds() / 60


def overlap_minutes(a: TimeWindow, b: TimeWindow) -> float | None:
    """Minutes two windows share: 0.0 when they share none, None when the shared end is unknown."""
    shared = a.overlap(b)
    return 0.0 if shared is None else shared.minutes()
