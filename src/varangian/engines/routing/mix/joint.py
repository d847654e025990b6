"""Routes, slots and entrances of one or many journeys in one program, against place and window.

A column is a route of a journey in a departure slot. The observer picks a place and a moment and
stays ``hold_s``: he meets a column that enters before he leaves and leaves after he came. Windows
number without end, but only those that begin when somebody leaves a place can be the worst; they
come into the program as they are found to be.

Places that every route meets (the doors, the forced ones) are soft: no choice of route helps
there, only the choice of the minute. They have numbers below zero and a smaller weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from varangian.kernel.results import Refused

from ..graph import Array
from .flow import DOOR, LATER
from .net import Net

ALL_DAY = 0.2
"""Weight of the observer who holds one place all the time, beside the one with a window."""
TIGHT = 2e-3
MOST_ROUNDS = 25
ENOUGH = 5e-3
"""A mix so near to the best there is will do: the last steps take most of the time."""
type Cut = tuple[int, float]
"""A place, and when a window there begins."""
type Late = tuple[int, float, float]
"""Index of a place, begin of a window, and its chance."""
AT_ONCE = 3
"""Windows of one place that come into the program in one round."""


@dataclass(frozen=True)
class Way:
    """A route as the observer meets it: when it is in which place, seconds from departure."""

    edges: tuple[int, ...]
    doors: tuple[int, int]
    seconds: float
    places: Array
    into: Array
    out: Array


@dataclass(frozen=True)
class Leg:
    ways: Sequence[Way]
    slots: tuple[float, ...]
    best: float
    budget: float = 1.2


@dataclass(frozen=True)
class Table:
    """Columns, and where and when each can be met, ordered by place."""

    leg: Array
    way: Array
    slot: Array
    place: Array
    column: Array
    into: Array
    out: Array
    starts: Array
    """Where in the rows each place begins."""


@dataclass
class Mixed:
    """``chance[l][r, s]``: of leg ``l`` the chance of route ``r`` in slot ``s``."""

    chance: list[Array]
    value: float
    """Of the program; the bound is what ``greatest`` says of the chances."""
    table: Table
    flat: Array = field(repr=False)
    cuts: tuple[Cut, ...] = field(default=(), repr=False)
    """The windows that came into the program: a like one begins with them and is done sooner."""


def way_of(net: Net, way: list[int]) -> Way:
    """Places in the ends are left out: they are staffed, not played."""
    number, until = np.asarray(way), np.cumsum(net.seconds[way])
    met = net.touch[number].tocoo()
    since = until - net.seconds[number]
    seen, group = np.unique(met.col, return_inverse=True)
    into, out = np.full(len(seen), inf), np.zeros(len(seen))
    np.minimum.at(into, group, since[met.row])
    np.maximum.at(out, group, until[met.row])
    edges = tuple(net.edges[number[1:-1]].tolist())
    graph = net.places.graph
    doors = (int(graph.tail[edges[0]]), int(graph.head[edges[-1]]))
    places = np.where(net.forced[seen], soft_place(net.ids[seen]), net.ids[seen])
    seconds = float(graph.seconds[list(edges)].sum())
    return Way(
        edges,
        doors,
        seconds,
        np.r_[places, soft_door(doors[0]), soft_door(doors[1])],
        np.r_[into, 0.0, seconds],
        np.r_[out, 0.0, seconds],
    )


def soft_place(place: Array) -> Array:
    return -2 * (place + 1)


def soft_door(node: int) -> int:
    return -2 * node - 1


def is_door(place: Array) -> Array:
    return (place < 0) & (place % 2 == 1)


def table(legs: Sequence[Leg]) -> Table:
    columns, rows = [], []
    for number, leg in enumerate(legs):
        for index, way in enumerate(leg.ways):
            for slot, at in enumerate(leg.slots):
                rows.append((way.places, len(columns), way.into + at, way.out + at))
                columns.append((number, index, slot))
    count = [len(row[0]) for row in rows]
    place = np.concatenate([row[0] for row in rows])
    column = np.repeat([row[1] for row in rows], count).astype(np.int64)
    into, out = (np.concatenate([row[k] for row in rows]) for k in (2, 3))
    order = np.argsort(place, kind="stable")
    place = place[order]
    starts = np.flatnonzero(np.r_[True, np.diff(place) != 0]) if len(place) else np.empty(0, int)
    leg, way, slot = np.array(columns, dtype=np.int64).T
    return Table(
        leg, way, slot, place, column[order], into[order], out[order], np.r_[starts, len(place)]
    )


KINDS: tuple[str, ...] = ("played", "forced", "doors")
NOWHERE: tuple[float, int, float] = (0.0, 0, 0.0)


def greatest(known: Table, flat: Array, hold_s: float) -> dict[str, tuple[float, int, float]]:
    """Chance, place and moment where it is greatest: ``played``, ``forced`` and at ``doors``."""
    first = known.place[known.starts[:-1]]
    kinds = np.where(first >= 0, 0, np.where(is_door(first), 2, 1))
    best = dict.fromkeys(KINDS, NOWHERE)
    most = _most(known, flat)
    for index in np.argsort(-most).tolist():
        kind = KINDS[kinds[index]]
        if most[index] > best[kind][0]:
            chance, since = _window(known, flat, index, hold_s)
            if chance > best[kind][0]:
                best[kind] = (chance, _named(int(first[index])), since)
    return best


def _named(place: int) -> int:
    """The number of the place, or the node of the door, behind a soft number."""
    return place if place >= 0 else (-place - 1) // 2 if place % 2 else -place // 2 - 1


def _most(known: Table, flat: Array) -> Array:
    """Of each place at least the chance of any window in it."""
    group = np.repeat(np.arange(len(known.starts) - 1), np.diff(known.starts))
    return np.bincount(group, weights=flat[known.column], minlength=len(known.starts) - 1)


def late(known: Table, flat: Array, hold_s: float, limit: Array) -> list[Late]:
    """Windows whose chances add up to more than the limit of their place."""
    found = []
    for index in np.flatnonzero(_most(known, flat) > limit).tolist():
        rows = np.arange(known.starts[index], known.starts[index + 1])
        chance = flat[known.column[rows]]
        rows, chance = rows[chance > 0], chance[chance > 0]
        since = known.out[rows]
        total = _meets(known, rows, since, hold_s) @ chance
        above = np.argsort(-total)[:AT_ONCE]
        found += [
            (index, float(since[i]), float(total[i])) for i in above if total[i] > limit[index]
        ]
    return found


def _window(known: Table, flat: Array, index: int, hold_s: float) -> tuple[float, float]:
    rows = np.arange(known.starts[index], known.starts[index + 1])
    rows = rows[flat[known.column[rows]] > 0]
    since = np.unique(known.out[rows]) if hold_s < inf else np.zeros(1)
    legs, group = np.unique(known.leg[known.column[rows]], return_inverse=True)
    spread = np.zeros((len(rows), len(legs)))
    spread[np.arange(len(rows)), group] = flat[known.column[rows]]
    meets = _meets(known, rows, since, hold_s) @ spread
    chance = 1 - np.prod(1 - np.minimum(meets, 1), axis=1)
    top = int(np.argmax(chance))
    return float(chance[top]), float(since[top])


def _meets(known: Table, rows: Array, since: Array, hold_s: float) -> Array:
    if hold_s == inf:
        return np.ones((len(since), len(rows)))
    before = known.into[rows][None] <= since[:, None] + hold_s + 1e-9
    return (before & (known.out[rows][None] >= since[:, None] - 1e-9)).astype(float)


def solve(
    legs: Sequence[Leg],
    hold_s: float = inf,
    cuts: Sequence[Cut] = (),
    fixed: Sequence[Array | None] = (),
) -> Mixed:
    """The joint mix of least worst chance. Every leg needs a way that keeps its budget.

    :param cuts: windows to begin with, of a program like this one.
    :param fixed: for each leg the chances it keeps, or None; empty: all legs are free.
    """
    known = table(legs)
    timed = hold_s < inf and (len(legs) > 1 or any(len(leg.slots) > 1 for leg in legs))
    program = _Program(legs, known, timed, fixed)
    if timed and cuts:
        program.add(_known_cuts(known, cuts), hold_s)
    elif timed:
        even = np.concatenate([np.full(n, 1 / n) for n in np.bincount(known.leg)])
        program.add(late(known, even, hold_s, np.zeros(len(known.starts) - 1)), hold_s)
    flat = program.run()
    best, least = flat, inf
    for _ in range(MOST_ROUNDS if timed else 0):
        soft = known.place[known.starts[:-1]] < 0
        aim = np.where(soft, program.busiest, program.value)
        found = late(known, flat, hold_s, aim + TIGHT)
        floor = program.value + DOOR * program.busiest
        reached = floor + _lack(found, aim, soft)
        if reached < least:
            best, least = flat, reached
        if least - floor < ENOUGH or not program.add(found, hold_s):
            break
        flat = program.run()
    flat = best
    first = known.place[known.starts[:-1]]
    made = tuple((int(first[index]), since) for index, since in program.tight())
    return Mixed(_split(legs, flat), program.value, known, flat, made)


def _lack(found: Sequence[Late], aim: Array, soft: Array) -> float:
    """What keeps a mix from the best there is, as the program weighs it."""
    over = [(total - aim[index]) * (DOOR if soft[index] else 1) for index, _, total in found]
    kinds = [soft[index] for index, _, _ in found]
    return sum(
        max((o for o, s in zip(over, kinds, strict=True) if s == kind), default=0.0)
        for kind in (True, False)
    )


def _known_cuts(known: Table, cuts: Sequence[Cut]) -> list[Late]:
    number = {int(place): i for i, place in enumerate(known.place[known.starts[:-1]])}
    return [(number[place], since, 0.0) for place, since in cuts if place in number]


def _split(legs: Sequence[Leg], flat: Array) -> list[Array]:
    parts, done = [], 0
    for leg in legs:
        size = len(leg.ways) * len(leg.slots)
        parts.append(flat[done : done + size].reshape(len(leg.ways), len(leg.slots)))
        done += size
    return parts


class _Program:
    """Unknowns: the columns, then v (window), w (all the time), u (soft places)."""

    value = busiest = 0.0

    def __init__(
        self, legs: Sequence[Leg], known: Table, timed: bool, fixed: Sequence[Array | None]
    ) -> None:
        self.legs, self.known, self.timed = legs, known, timed
        self.count = len(known.leg)
        self.bounds = np.tile([0.0, inf], (self.count + 3, 1))
        for leg, chance in enumerate(fixed):
            if chance is not None:
                self.bounds[np.flatnonzero(known.leg == leg)] = chance.reshape(-1, 1)
        self.rows: list[tuple[Array, int]] = []
        self.cuts: dict[tuple[int, float], int] = {}
        self.slack = np.empty(0)
        best = np.array([leg.best for leg in legs])
        times = [
            leg.ways[w].seconds for leg in legs for w in range(len(leg.ways)) for _ in leg.slots
        ]
        self.times = np.array(times) / best[known.leg]
        for index, first in enumerate(known.starts[:-1]):
            place = known.place[first]
            columns = known.column[first : known.starts[index + 1]]
            if place >= 0:
                self.rows.append((columns, 1))
            elif not timed and is_door(place):
                self.rows.append((columns, 2))

    def add(self, above: Sequence[Late], hold_s: float) -> int:
        new = {(index, round(since, 3)): since for index, since, _ in above}
        new = {cut: since for cut, since in new.items() if cut not in self.cuts}
        for (index, rounded), since in new.items():
            self.cuts[index, rounded] = len(self.rows)
            rows = np.arange(self.known.starts[index], self.known.starts[index + 1])
            meets = _meets(self.known, rows, np.array([since]), hold_s)[0] > 0
            soft = self.known.place[rows[0]] < 0
            self.rows.append((self.known.column[rows[meets]], 2 if soft else 0))
        return len(new)

    def tight(self) -> list[tuple[int, float]]:
        """The windows that the answer touches: the others were no help."""
        return [cut for cut, row in self.cuts.items() if self.slack[row] < TIGHT]

    def run(self) -> Array:
        """The chances, of each leg summing to 1; ``value`` is then v, or w without windows."""
        size, legs = self.count, len(self.legs)
        lengths = [len(columns) for columns, _ in self.rows]
        number = np.repeat(np.arange(len(self.rows)), lengths)
        inside = np.concatenate([columns for columns, _ in self.rows] or [np.empty(0, np.int64)])
        bound = np.array([size + kind for _, kind in self.rows], dtype=np.int64)
        budgets = len(self.rows) + self.known.leg
        matrix = csr_matrix(
            (
                np.r_[np.ones(len(inside)), -np.ones(len(bound)), self.times],
                (
                    np.r_[number, np.arange(len(bound)), budgets],
                    np.r_[inside, bound, np.arange(size)],
                ),
            ),
            shape=(len(self.rows) + legs, size + 3),
        )
        budget = [max(leg.budget, 1.0) + 1e-9 for leg in self.legs]
        one = csr_matrix((np.ones(size), (self.known.leg, np.arange(size))), shape=(legs, size + 3))
        weights = (1.0, ALL_DAY, DOOR) if self.timed else (0.0, 1.0, DOOR)
        done = linprog(
            np.r_[LATER * self.times, weights],
            A_ub=matrix,
            b_ub=np.r_[np.zeros(len(self.rows)), budget],
            A_eq=one,
            b_eq=np.ones(legs),
            bounds=self.bounds,
            method="highs",
        )
        if done.status != 0:
            raise Refused("The routes could not be mixed", str(done.message), "Widen the budget.")
        self.slack = done.ineqlin.residual
        flat = np.where(done.x[:size] > 1e-9, done.x[:size], 0.0)
        total = np.bincount(self.known.leg, weights=flat, minlength=legs)
        self.value, self.busiest = (
            float(done.x[size if self.timed else size + 1]),
            float(done.x[-1]),
        )
        return flat / total[self.known.leg]
