"""People inside, from what doors count, with bounds for what they miss and count twice.

Each passage is missed with chance ``missed`` and counted twice with chance ``twice``, both from a
trial at that door. So ``n`` counted are about n / (1 - missed + twice) passages with a variance of
passages * (missed (1 - missed) + twice (1 - twice)); entries and exits add. A count by hand, or the
hour when nobody is inside, sets it anew.
"""

from dataclasses import dataclass
from math import sqrt

from varangian.kernel.results import Refused

SIGMAS = 1.645
"""Five in a hundred above, five below."""


@dataclass
class Occupancy:
    missed: float = 0.05
    twice: float = 0.01
    known: float = 0.0
    known_within: float = 0.0
    """People by which the last count may be wrong."""
    entered: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.missed < 0.5 and 0 <= self.twice < 0.5):
            mend = "Count a hundred passages by hand at this door, and say what share was missed."
            raise Refused("These errors make a door useless", "missed, twice", mend)

    def add(self, entered: int = 0, left: int = 0) -> None:
        self.entered += max(entered, 0)
        self.left += max(left, 0)

    def set(self, people: float, within: float = 0.0) -> float:
        """Somebody has counted. Returns by how much the doors had drifted."""
        drift = self.people - people
        self.known, self.known_within = max(people, 0.0), max(within, 0.0)
        self.entered = self.left = 0
        return drift

    @property
    def people(self) -> float:
        return max(0.0, self.known + (self.entered - self.left) / self._seen)

    @property
    def band(self) -> tuple[float, float, float]:
        """10 in 100 lie outside: low, middle, high. Never below nobody."""
        passages = (self.entered + self.left) / self._seen
        spread = self.missed * (1 - self.missed) + self.twice * (1 - self.twice)
        off = self.known_within + SIGMAS * sqrt(passages * spread) / self._seen
        middle = self.known + (self.entered - self.left) / self._seen
        return max(0.0, middle - off), max(0.0, middle), max(0.0, middle + off)

    @property
    def _seen(self) -> float:
        return 1 - self.missed + self.twice
