"""People through doors and stairs in one step."""

import numpy as np

from varangian.engines.crowdflow.flow.law import BOTH_WAYS
from varangian.engines.crowdflow.flow.links import Link


class Exits:
    """All ways to the outside at once."""

    def __init__(self, links: list[Link], doors: float, step: float, cells: int) -> None:
        self.links = links
        self.most = np.array([link.capacity * doors * step for link in links])
        self.out = np.array([float(link.forward) for link in links])
        self.against = np.zeros(len(links))
        """People a step who come in through a gate from the outside."""
        self.met = False
        self.passed = np.zeros(len(links))
        self.cells = np.concatenate([link.here for link in links] or [np.array([], int)])
        self.of = np.repeat(np.arange(len(links)), [len(link.here) for link in links])
        doors_of_cell = np.bincount(self.cells, minlength=cells)[self.cells]
        self.part = (1 / np.maximum(doors_of_cell, 1)).astype(np.float32)
        self.apart = bool((doors_of_cell <= 1).all())
        """No cell lies at two doors."""

    def meet(self, gate: int, came: float) -> None:
        """So many come in at a gate in this step."""
        self.against[gate] = came
        self.met = came > 0

    def pass_step(self, ready: np.ndarray, people: np.ndarray) -> None:
        """Those who come in take their share of a gate, and both slow each other."""
        can = np.minimum(ready[self.cells], people[self.cells])
        can *= self.part
        total = np.bincount(self.of, can, len(self.links))
        most = self.most
        if self.met:
            met = self.against > 0
            most = np.maximum(most * np.where(met, BOTH_WAYS, 1.0) - self.against, 0)
            self.against[:] = 0
            self.met = False
        share = np.minimum(1.0, most * self.out / np.maximum(total, 1e-12))
        gone = (can * share[self.of]).astype(np.float32)
        if self.apart:
            people[self.cells] -= gone
            ready[self.cells] -= gone
        else:
            np.subtract.at(people, self.cells, gone)
            np.subtract.at(ready, self.cells, gone)
        self.passed += np.bincount(self.of, gone, len(self.links))


class Crossing:
    """A door within the venue or a stair: how many may pass a step, and who is on the stair."""

    def __init__(self, link: Link, capacity: float, step: float) -> None:
        self.link = link
        self.most = capacity * step
        self.lag = max(1, round(link.seconds / step)) if link.stair else 0
        self.on_way = [np.zeros(self.lag), np.zeros(self.lag)]
        self.landed = [0.0, 0.0]
        self.passed = 0.0

    @property
    def held(self) -> float:
        return float(sum(way.sum() for way in self.on_way)) + sum(self.landed)

    def pass_step(
        self, tick: int, time: np.ndarray, ready: np.ndarray, room: np.ndarray, people: np.ndarray
    ) -> None:
        """Takes from ``ready`` and ``people`` and gives into ``room`` and ``people``."""
        link = self.link
        if self.lag:
            self._land(tick, room, people)
        onward = time[link.here].min() > time[link.there].min()
        if not (link.forward if onward else link.back):
            return
        source, target = (link.here, link.there) if onward else (link.there, link.here)
        if self.lag:
            most = min(self.most, max(0.0, link.holds - self.held))
            moved = _take(source, most, ready, people)
            self.on_way[0 if onward else 1][tick % self.lag] += moved
        else:
            most = min(self.most, float(room[target].sum()))
            moved = _take(source, most, ready, people)
            _give(target, moved, room, people)
        self.passed += moved

    def _land(self, tick: int, room: np.ndarray, people: np.ndarray) -> None:
        for way, target in ((0, self.link.there), (1, self.link.here)):
            slot = tick % self.lag
            self.landed[way] += self.on_way[way][slot]
            self.on_way[way][slot] = 0.0
            out = min(self.landed[way], self.most, float(room[target].sum()))
            if out > 0:
                _give(target, out, room, people)
                self.landed[way] -= out


def _take(cells: np.ndarray, most: float, ready: np.ndarray, people: np.ndarray) -> float:
    """From each cell in proportion to those who can go."""
    can = np.minimum(ready[cells], people[cells])
    total = float(can.sum())
    if total <= 0 or most <= 0:
        return 0.0
    share = min(1.0, most / total)
    people[cells] -= can * share
    ready[cells] -= can * share
    return total * share


def _give(cells: np.ndarray, amount: float, room: np.ndarray, people: np.ndarray) -> None:
    """Into each cell in proportion to its room; never more than the room there is."""
    free = room[cells]
    total = float(free.sum())
    if total <= 0 or amount <= 0:
        return
    part = free * min(1.0, amount / total)
    people[cells] += part
    room[cells] -= part


def give(cells: np.ndarray, amount: float, room: np.ndarray, people: np.ndarray) -> float:
    """As many of ``amount`` as there is room for."""
    fits = min(amount, float(room[cells].sum()))
    _give(cells, fits, room, people)
    return fits
