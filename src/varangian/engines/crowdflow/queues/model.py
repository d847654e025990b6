"""What goes into a queue and what comes out. Times in minutes, 0 is the start of the event."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from varangian.engines.crowdflow.band import Band
from varangian.kernel.results import Refused

MOST_PEOPLE = 500_000
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Arrivals:
    """A bell ``peak_before`` the start, or ``profile``: (minute, people) pairs, straight between.

    ``people`` is the number that comes whatever the profile's own scale is.
    """

    people: int
    peak_before: float = 45.0
    spread: float = 20.0
    profile: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.people <= MOST_PEOPLE:
            mend = f"Give 1 to {MOST_PEOPLE:,}; more come by several entrances."
            raise Refused(f"{self.people:,} people cannot be computed", "people", mend)
        if not 1 <= self.spread <= 360 or not -60 <= self.peak_before <= 720:
            mend = "Give a spread of 1 to 360 and a peak at most 720 minutes before the start."
            raise Refused("The arrivals are not of one evening", "arrivals", mend)
        if self.profile:
            self._check_profile()

    def _check_profile(self) -> None:
        times = [t for t, _ in self.profile]
        good = all(b > a for a, b in pairwise(times))
        values = [v for _, v in self.profile]
        if len(times) < 2 or not good or min(values) < 0 or max(values) <= 0:
            mend = "Give at least two [minute, people] pairs in the order of time, none negative."
            raise Refused("The profile of arrivals does not fit", "profile", mend)
        if times[-1] - times[0] > MOST_MINUTES:
            raise Refused("The profile is longer than a day", "profile", "Give one event.")

    def window(self) -> tuple[float, float]:
        if self.profile:
            return self.profile[0][0], self.profile[-1][0]
        return -self.peak_before - 4 * self.spread, -self.peak_before + 4 * self.spread

    def shares(self, minutes: np.ndarray, shift: float = 0.0, stretch: float = 1.0) -> np.ndarray:
        """Expected share of all people that comes in the step after each of ``minutes``."""
        if self.profile:
            times, values = np.array(self.profile).T
            rate = np.interp(minutes - shift, times, values, left=0.0, right=0.0)
        else:
            rate = np.exp(
                -0.5 * ((minutes - shift + self.peak_before) / self.spread / stretch) ** 2
            )
        return rate / rate.sum()


@dataclass(frozen=True)
class Lanes:
    """``per_hour`` is one lane's. Of those checked, ``second_share`` are searched again at desks.

    ``patience``: minutes of expected wait from which people begin to leave; all have left at twice
    as much. ``variation`` is the standard deviation of a service over its mean.
    """

    lanes: int
    per_hour: float
    second_share: float = 0.0
    second_desks: int = 0
    second_per_hour: float = 40.0
    opens_before: float = 120.0
    patience: float | None = None
    variation: float = 0.7

    def __post_init__(self) -> None:
        if not 1 <= self.lanes <= 2000 or not 1 <= self.per_hour <= 5000:
            mend = "Give 1 to 2,000 lanes of 1 to 5,000 people an hour."
            raise Refused("These lanes cannot be computed", "lanes", mend)
        if not 0 <= self.second_share <= 1 or self.second_desks < 0 or self.second_per_hour <= 0:
            raise Refused("The second search does not fit", "second", "Give a share of 0 to 1.")
        if self.second_share > 0 and self.second_desks < 1:
            mend = "Say how many desks there are."
            raise Refused("A second search without a desk never ends", "second_desks", mend)
        if self.patience is not None and self.patience <= 0:
            raise Refused("Patience must be above 0 minutes", "patience", "Leave it out for none.")


@dataclass(frozen=True)
class Doubt:
    """How runs differ from each other: rate of the lanes, minute of the peak, width of it."""

    rate: float = 0.1
    peak_minutes: float = 5.0
    spread: float = 0.1


@dataclass(frozen=True)
class Picture:
    """``minutes`` with the queue then; all figures are bands over the runs."""

    lanes: int
    runs: int
    minutes: tuple[float, ...]
    queue: tuple[Band, ...]
    longest_queue: Band
    longest_wait: Band
    """After the doors opened; before, people wait for the doors."""
    mean_wait: Band
    at_start: Band
    """Still outside when the event starts: in the queue or not yet there."""
    turned_away: Band
    second_queue: Band
    second_wait: Band
    cleared: Band
    unfinished: int = field(default=0)
    """Runs in which people were still outside after a day."""
