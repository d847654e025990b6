"""One counter at a door: what it says becomes passages, and what is wrong with it gets a name."""

from dataclasses import asdict, dataclass, field
from typing import Any

ROLLS = (10_000, 65_536, 100_000, 1_000_000)
"""Where counters begin again at nothing."""
SLACK = 5
"""People by which a total may be beside itself without a meaning."""
STEADY_S = 300.0
"""The time over which the rate that bridges a silence is taken."""
BACK_S = 60.0
"""A total that stays below itself for so long has been set back."""
BEATS = 3.0
"""Periods without a word until a counter counts as silent."""
OFF = 0.5
"""A silence may differ from the minutes before it by this share (one standard deviation)."""


@dataclass(frozen=True)
class Door:
    """From the zone ``behind`` into the zone ``into``; an empty name is the outside.

    ``missed`` and ``twice``: shares of passages, from a trial. ``drift``: standard deviation of
    what this door is off by all evening long. ``most``: people a second that it could let pass.
    """

    id: str
    behind: str
    into: str
    missed: float = 0.03
    twice: float = 0.01
    drift: float = 0.03
    most: float = 6.0
    period: float = 60.0
    totals: bool = True


@dataclass(frozen=True)
class Heard:
    """Passages each way; ``off``: standard deviation of what is uncertain beyond the usual."""

    entered: float = 0.0
    left: float = 0.0
    off: tuple[float, float] = (0.0, 0.0)
    fault: str = ""
    bridged: bool = False


@dataclass
class Counting:
    """The memory of one counter. ``fault`` is the last one, empty when it runs well."""

    at: float | None = None
    base: list[float] = field(default_factory=lambda: [0.0, 0.0])
    rate: list[float] = field(default_factory=lambda: [0.0, 0.0])
    below_since: float | None = None
    fault: str = ""
    fault_at: float | None = None
    said: int = 0

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def silent(self, door: Door, at: float) -> bool:
        return self.at is not None and at - self.at > BEATS * door.period

    def bridge(self, door: Door, at: float) -> Heard:
        """What has probably passed since the last word; nothing while it is not overdue."""
        if self.at is None or not self.silent(door, at):
            return Heard()
        seconds = at - self.at
        gone = [rate * seconds for rate in self.rate]
        off = tuple((g + (OFF * g) ** 2 + (0.01 * seconds) ** 2) ** 0.5 for g in gone)
        return Heard(gone[0], gone[1], (off[0], off[1]), "silent", True)

    def hear(self, door: Door, at: float, entered: float, left: float) -> Heard:
        """Totals since it was switched on, or passages since its last word, as the door says."""
        if self.at is not None and at <= self.at:
            return self._named(Heard(fault="late"), at)
        before, missed = self.at, self.bridge(door, at)
        told = (max(0.0, float(entered)), max(0.0, float(left)))
        if not door.totals:
            heard = self._limit(door, at, told, missed)
        elif before is None:
            self.base, heard = list(told), Heard()
        else:
            heard = self._total(door, at, told, missed)
        if min(entered, left) < 0:
            heard = Heard(heard.entered, heard.left, heard.off, "negative")
        self._keep(at, heard)
        return self._named(heard, at)

    def _total(self, door: Door, at: float, told: tuple[float, float], missed: Heard) -> Heard:
        grown = [new - old for new, old in zip(told, self.base, strict=True)]
        if min(grown) >= 0:
            self.base, self.below_since = list(told), None
            return self._limit(door, at, (grown[0], grown[1]), missed, whole=True)
        rolled = [_rolled(old, new) for old, new in zip(self.base, told, strict=True)]
        room = self._room(door, at)
        if all(r is not None and r <= room for r in rolled):
            self.base = list(told)
            return Heard(rolled[0] or 0.0, rolled[1] or 0.0, fault="rolled over")
        if all(value <= room for value in told) and sum(told) < 0.5 * sum(self.base):
            return self._reset(at, told, missed)
        return self._backwards(at, told, grown)

    def _reset(self, at: float, told: tuple[float, float], missed: Heard) -> Heard:
        """It began again at nothing; how many passed before that is not known."""
        seconds = at - (self.at or at)
        lost = [max(0.0, r * seconds - t) / 2 for r, t in zip(self.rate, told, strict=True)]
        off = tuple(max(a, b, 1.0) for a, b in zip(lost, missed.off, strict=True))
        self.base, self.below_since = list(told), None
        return Heard(told[0] + lost[0], told[1] + lost[1], (off[0], off[1]), "reset")

    def _backwards(self, at: float, told: tuple[float, float], grown: list[float]) -> Heard:
        """The highest total holds until it is passed again, or for a minute."""
        self.below_since = at if self.below_since is None else self.below_since
        off = (abs(min(grown[0], 0.0)), abs(min(grown[1], 0.0)))
        up = (max(grown[0], 0.0), max(grown[1], 0.0))
        if at - self.below_since >= BACK_S:
            self.base, self.below_since = list(told), None
        else:
            self.base = [max(a, b) for a, b in zip(self.base, told, strict=True)]
        return Heard(*up, off, "backwards")

    def _limit(
        self, door: Door, at: float, grown: tuple[float, float], missed: Heard, whole: bool = False
    ) -> Heard:
        """More than the door can let pass is no count. A total that comes back tells the rest."""
        room = self._room(door, at)
        if max(grown) > room:
            seconds = at - (self.at or at)
            usual = [min(rate * seconds, room) for rate in self.rate]
            most = [min(g, room) for g in grown]
            off = tuple(max(abs(m - u), 1.0) for m, u in zip(most, usual, strict=True))
            return Heard(usual[0], usual[1], (off[0], off[1]), "leapt")
        if missed.bridged and not whole:
            return Heard(
                grown[0] + missed.entered, grown[1] + missed.left, missed.off, "was silent", True
            )
        return Heard(*grown)

    def _room(self, door: Door, at: float) -> float:
        seconds = at - self.at if self.at is not None else door.period
        return 1.5 * door.most * max(seconds, 1.0) + SLACK

    def _keep(self, at: float, heard: Heard) -> None:
        if self.at is not None and heard.fault != "leapt":
            seconds = max(at - self.at, 0.1)
            share = min(1.0, max(seconds / STEADY_S, 1.0 / (self.said + 1)))
            now = (heard.entered / seconds, heard.left / seconds)
            self.rate = [r + share * (n - r) for r, n in zip(self.rate, now, strict=True)]
        self.at, self.said = at, self.said + 1

    def _named(self, heard: Heard, at: float) -> Heard:
        if heard.fault:
            self.fault, self.fault_at = heard.fault, at
        return heard


def _rolled(old: float, new: float) -> float | None:
    """By how much it grew over the end of its figures; None where it did not reach it."""
    if new >= old:
        return new - old
    for end in ROLLS:
        if 0.98 * end <= old < end:
            return end - old + new
    return None
