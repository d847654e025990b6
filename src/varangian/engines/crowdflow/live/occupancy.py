"""People by zone as a Kalman filter: doors move people, each door's own error is learnt.

State: people in each zone, then for each counter the share by which its entries and its exits are
off all evening. A passage moves people and ties them to the door's error; a count by hand or by a
camera corrects the zone and, through the tie, the door. People are conserved between zones.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

from varangian.engines.crowdflow.live.counters import Door

SIGMAS = 1.645
"""Five in a hundred below, five above."""
ROUNDING = 0.5


class Occupancy:
    def __init__(self, doors: Sequence[Door], zones: Sequence[str]) -> None:
        self.zones = {name: k for k, name in enumerate(zones)}
        self.doors = {door.id: door for door in doors}
        first = len(self.zones)
        self.place = {door.id: first + 2 * k for k, door in enumerate(doors)}
        size = first + 2 * len(doors)
        self.x = np.zeros(size)
        self.p = np.zeros((size, size))
        for door in doors:
            for k in (0, 1):
                at = self.place[door.id] + k
                self.p[at, at] = door.drift**2

    def passed(
        self, door_id: str, entered: float, left: float, off: tuple[float, float] = (0, 0)
    ) -> None:
        """``entered`` goes from behind the door into its zone, ``left`` the other way."""
        door = self.doors[door_id]
        for way, (count, more) in enumerate(zip((entered, left), off, strict=True)):
            if count or more:
                self._move(door, way, count, more)

    def _move(self, door: Door, way: int, count: float, more: float) -> None:
        seen = 1 - door.missed + door.twice
        spread = door.missed * (1 - door.missed) + door.twice * (1 - door.twice)
        people, column = count / seen, self.place[door.id] + way
        sign = -1.0 if way else 1.0
        step = np.zeros(len(self.x))
        for name, much in ((door.into, sign), (door.behind, -sign)):
            if name in self.zones:
                step[self.zones[name]] += much
        moved = people * (1 + self.x[column])
        turn = np.eye(len(self.x))
        turn[:, column] += step * people
        self.p = turn @ self.p @ turn.T
        self.x = self.x + step * moved
        self.p += np.outer(step, step) * (abs(people) * spread / seen + more**2)

    def counted(self, zone: str, people: float, within: float) -> float:
        """``within``: half of the band that holds nine counts in ten. Returns the drift found."""
        k = self.zones[zone]
        drift = float(self.x[k] - people)
        noise = (max(within, ROUNDING) / SIGMAS) ** 2
        gain = self.p[:, k] / (self.p[k, k] + noise)
        self.x = self.x - gain * drift
        self.p = self.p - np.outer(gain, self.p[k])
        self.p = (self.p + self.p.T) / 2
        return drift

    def seen(self, zone: str, people: float, within: float) -> None:
        """Nothing leads to this zone that counts: what is seen is all that is known of it."""
        k = self.zones[zone]
        self.p[k, :] = self.p[:, k] = 0.0
        self.x[k], self.p[k, k] = people, (max(within, ROUNDING) / SIGMAS) ** 2

    def never_below_nobody(self) -> list[str]:
        """Where the doors say fewer than nobody beyond their usual error, that is drift."""
        found = []
        for name, k in self.zones.items():
            if self.x[k] < -max(SIGMAS * sqrt(max(self.p[k, k], 0.0)), 2.0):
                self.counted(name, 0.0, 3.0)
                found.append(name)
        return found

    def band(
        self, *zones: str, more: float = 0.0, more_var: float = 0.0
    ) -> tuple[float, float, float]:
        """Low, middle, high of all of them; nine in ten lie between. ``more``: what is bridged."""
        rows = [self.zones[zone] for zone in zones]
        var = float(self.p[np.ix_(rows, rows)].sum())
        off = SIGMAS * sqrt(max(var, 0.0) + more_var)
        middle = float(self.x[rows].sum()) + more
        return max(0.0, middle - off), max(0.0, middle), max(0.0, middle + off)

    def off_by(self, door_id: str) -> tuple[float, float]:
        """Shares that this door was learnt to miss: entries, exits."""
        at = self.place[door_id]
        return float(self.x[at]), float(self.x[at + 1])

    def plain(self) -> dict[str, Any]:
        return {"x": [float(v) for v in self.x], "p": [[float(v) for v in row] for row in self.p]}

    def load(self, kept: dict[str, Any]) -> None:
        self.x, self.p = np.array(kept["x"], float), np.array(kept["p"], float)
