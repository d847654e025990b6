"""A venue with its doors and zones: hears counters, bridges silences, tells bands and faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from varangian.engines.crowdflow.live.counters import BEATS, Counting, Door, Heard
from varangian.engines.crowdflow.live.occupancy import Occupancy
from varangian.kernel.results import Refused

RECENT_S = 300.0
"""So long a fault is told of after the counter runs well again."""
SAME_S = 900.0
"""What a camera does not see it does not see a minute later either: all it says within this time
weighs as much as one count."""
UNSEEN = 0.2
UNSEEN_PEOPLE = 5.0
"""By how much a zone that nothing else counts may have changed in a minute since it was seen."""


@dataclass(frozen=True)
class Eye:
    """A camera that says how many people are in a zone, every ``period`` seconds."""

    id: str
    zone: str
    period: float = 20.0


@dataclass(frozen=True)
class ZoneNow:
    """``open``: a counter of this zone was never heard, so the figure is of the others only."""

    zone: str
    low: float
    people: float
    high: float
    bridged: bool
    open: tuple[str, ...]
    drifted: float
    """By how much the doors were off when somebody last counted."""


@dataclass(frozen=True)
class CounterNow:
    id: str
    heard: float | None
    fault: str
    silent: bool
    bridged: float
    off_entered: float
    off_left: float


class Room:
    def __init__(
        self, doors: Sequence[Door], zones: Sequence[str], eyes: Sequence[Eye] = ()
    ) -> None:
        self.zones = tuple(dict.fromkeys(zones))
        for door in doors:
            known = {"", *self.zones}
            if door.into not in known or door.behind not in known or door.into == door.behind:
                raise Refused(
                    f"The counter {door.id} joins no two places of this venue",
                    f"{door.behind or 'outside'} to {door.into or 'outside'}",
                    f"Zones: {', '.join(self.zones)}.",
                )
        self.doors = {door.id: door for door in doors}
        self.counting = {door.id: Counting() for door in doors}
        self.occupancy = Occupancy(list(self.doors.values()), self.zones)
        self.drifted: dict[str, float] = {}
        self.eyes = {eye.id: eye for eye in eyes if eye.zone in self.zones}
        self.seen_at: dict[str, float] = {}

    def hear(self, door_id: str, at: float, entered: float, left: float) -> Heard:
        heard = self.counting[door_id].hear(self.doors[door_id], at, entered, left)
        if heard.fault != "late":
            self.occupancy.passed(door_id, heard.entered, heard.left, heard.off)
            for zone in self.occupancy.never_below_nobody():
                self.drifted[zone] = self.drifted.get(zone, 0.0)
        return heard

    def counted(self, zone: str, at: float, people: float, within: float = 0.0) -> float:
        """Somebody counted this zone. What is bridged until then is believed first."""
        self.fold(at)
        if not self._doors_of(zone):
            self.occupancy.seen(zone, people, within)
            return 0.0
        drift = self.occupancy.counted(zone, people, within)
        self.drifted[zone] = drift
        return drift

    def see(self, eye_id: str, at: float, people: float, within: float) -> None:
        """A camera sets right what the doors say; where no door counts its word is all there is."""
        zone, before = self.eyes[eye_id].zone, self.seen_at.get(eye_id)
        if before is not None and at <= before:
            return
        self.seen_at[eye_id] = at
        if self._doors_of(zone):
            since = SAME_S if before is None else min(SAME_S, max(1.0, at - before))
            self.counted(zone, at, people, within * sqrt(SAME_S / since))
        else:
            self.occupancy.seen(zone, people, within)

    def _doors_of(self, *zones: str) -> list[Door]:
        return [d for d in self.doors.values() if (d.into in zones) != (d.behind in zones)]

    def _blind(self, eye: Eye, at: float) -> float:
        """Seconds since an overdue word of a camera; 0 while it is not overdue."""
        since = at - self.seen_at.get(eye.id, at)
        return since if since > BEATS * eye.period else 0.0

    def fold(self, at: float) -> None:
        """Bridged passages become part of the count; the counter goes on from here."""
        for door_id, counting in self.counting.items():
            gap = counting.bridge(self.doors[door_id], at)
            if gap.bridged:
                self.occupancy.passed(door_id, gap.entered, gap.left, gap.off)
                counting.base = [
                    counting.base[0] + gap.entered, counting.base[1] + gap.left
                ]  # fmt: skip
                counting.at = at - 3 * self.doors[door_id].period

    def look(self, at: float) -> tuple[list[ZoneNow], list[CounterNow]]:
        gaps = {d: c.bridge(self.doors[d], at) for d, c in self.counting.items()}
        zones = [self._zone(gaps, at, name, name) for name in self.zones]
        eyes = [self._eye(eye, at) for eye in self.eyes.values()]
        return zones, [*(self._counter(d, gaps[d], at) for d in self.doors), *eyes]

    def whole(self, at: float) -> ZoneNow:
        """All zones together; what passes between them does not count."""
        gaps = {d: c.bridge(self.doors[d], at) for d, c in self.counting.items()}
        return self._zone(gaps, at, "", *self.zones)

    def _zone(self, gaps: dict[str, Heard], at: float, name: str, *zones: str) -> ZoneNow:
        more = more_var = 0.0
        mine = self._doors_of(*zones)
        for door in mine:
            gap, sign = gaps[door.id], 1.0 if door.into in zones else -1.0
            more += sign * (gap.entered - gap.left)
            more_var += gap.off[0] ** 2 + gap.off[1] ** 2
        looks = [eye for eye in self.eyes.values() if eye.zone in zones]
        blind = {eye.id: self._blind(eye, at) for eye in looks}
        more_var += sum(self._unseen(eye.zone, blind[eye.id]) ** 2 for eye in looks)
        low, middle, high = self.occupancy.band(*zones, more=more, more_var=more_var)
        bridged = any(gaps[door.id].bridged for door in mine) or any(blind.values())
        quiet = tuple(door.id for door in mine if self.counting[door.id].at is None)
        quiet += tuple(eye.id for eye in looks if eye.id not in self.seen_at)
        return ZoneNow(name, low, middle, high, bridged, quiet, self.drifted.get(name, 0.0))

    def _unseen(self, zone: str, seconds: float) -> float:
        """Standard deviation of what came and went unseen; doors that count know it themselves."""
        if not seconds or self._doors_of(zone):
            return 0.0
        people = self.occupancy.x[self.occupancy.zones[zone]]
        return (UNSEEN * float(people) + UNSEEN_PEOPLE) * seconds / 60

    def _eye(self, eye: Eye, at: float) -> CounterNow:
        silent = self._blind(eye, at) > 0
        heard = self.seen_at.get(eye.id)
        return CounterNow(eye.id, heard, "silent" if silent else "", silent, 0.0, 0.0, 0.0)

    def _counter(self, door_id: str, gap: Heard, at: float) -> CounterNow:
        one, (entries, exits) = self.counting[door_id], self.occupancy.off_by(door_id)
        recent = one.fault_at is not None and at - one.fault_at < RECENT_S
        fault = "silent" if gap.bridged else one.fault if recent else ""
        return CounterNow(
            door_id, one.at, fault, gap.bridged, gap.entered + gap.left, entries, exits
        )

    def plain(self) -> dict[str, Any]:
        """To be kept as JSON, and taken up again by ``load`` with the same doors and zones."""
        return {
            "doors": list(self.doors), "zones": list(self.zones), "drifted": self.drifted,
            "seen": self.seen_at,
            "counting": {d: c.plain() for d, c in self.counting.items()},
            "occupancy": self.occupancy.plain(),
        }  # fmt: skip

    def load(self, kept: dict[str, Any]) -> None:
        """Counters and zones that came since begin with nothing, the others go on."""
        for door_id, one in kept["counting"].items():
            if door_id in self.counting:
                self.counting[door_id] = Counting(**one)
        self.seen_at = {e: at for e, at in kept.get("seen", {}).items() if e in self.eyes}
        self.drifted = {z: d for z, d in kept["drifted"].items() if z in self.zones}
        old = Occupancy([self.doors.get(d, Door(d, "", "")) for d in kept["doors"]], kept["zones"])
        old.load(kept["occupancy"])
        places = [*((old.zones[z], self.occupancy.zones[z]) for z in old.zones if z in self.zones)]
        for d in old.doors:
            if d in self.doors:
                places += [(old.place[d] + k, self.occupancy.place[d] + k) for k in (0, 1)]
        for a, b in places:
            self.occupancy.x[b] = old.x[a]
            for c, d in places:
                self.occupancy.p[b, d] = old.p[a, c]
