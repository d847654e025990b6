"""The same least worst chance for big networks: routes are made one at a time, where they pay.

A small program mixes the routes known so far; its prices of places and of time make the cheapest
way through the whole net, which is the next route. Each such search proves a floor as well.
"""

import time
from collections.abc import Iterable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from ..graph import Array
from .flow import LATER, Ways, proof
from .net import Net

FIRST, LEARNING = 8, 24
SMOOTH = 0.6
"""Share of the prices with the best floor so far: plain prices jump about."""


def generate(
    net: Net,
    budget: float,
    known: Iterable[list[int]] = (),
    *,
    gap: float = 0.01,
    within_s: float = 20.0,
    rounds: int = 400,
) -> Ways:
    """Stops when the mix is within ``gap`` of the floor, or out of time with what it has."""
    until = time.monotonic() + within_s
    pool = {tuple(way): way for way in [*known, *net.spare, *net.varied(FIRST)]}
    for way in _learnt(net, budget, until):
        pool[tuple(way)] = way
    floor, weights, price = 0.0, np.zeros(len(net.ids)), 0.0
    for _ in range(rounds):
        ways = list(pool.values())
        worst, dual, cost = _master(net, ways, budget)
        if worst - floor <= gap or time.monotonic() > until:
            break
        new = 0
        for share in (SMOOTH, 0.0) if floor else (0.0,):
            mixed = share * weights + (1 - share) * dual
            at = share * price + (1 - share) * cost
            proved = proof(net, mixed, at, budget)
            if proved[0] > floor or not weights.any():
                floor, weights, price = proved
            _, way = net.cheapest(_prices(net, mixed, at))
            new += tuple(way) not in pool
            pool[tuple(way)] = way
        if not new:
            break
    return Ways(list(pool.values()), floor, weights, price)


def _prices(net: Net, weights: Array, price: float) -> Array:
    return net.enter @ weights + (price + LATER) * net.times + 1e-12


def _learnt(net: Net, budget: float, until: float) -> Iterable[list[int]]:
    """Routes against an observer who learns: where they went is dearer from then on."""
    if not len(net.ids):
        return
    seen, live = np.zeros(len(net.ids)), ~net.forced
    price = 1 / max(budget - 1, 0.05) / 4
    for round_ in range(1, LEARNING + 1):
        if time.monotonic() > until:
            return
        wary = np.exp(np.minimum(2.0 * (seen - seen.max(initial=0)), 0)) * live
        weights = wary / max(wary.sum(), 1e-12)
        _, way = net.cheapest(_prices(net, weights, price / round_**0.5))
        seen[np.unique(net.touch[way].indices)] += 1
        yield way


def visited(net: Net, ways: list[list[int]]) -> csr_matrix:
    """len(ways) x c: 1 where a way runs in a place, however often it enters."""
    rows = np.repeat(np.arange(len(ways)), [len(way) for way in ways])
    edges = np.array([edge for way in ways for edge in way], dtype=np.int64)
    along = csr_matrix((np.ones(len(edges)), (rows, edges)), shape=(len(ways), len(net.edges)))
    met = csr_matrix(along @ net.touch)
    met.data[:] = 1.0
    return met


def _master(net: Net, ways: list[list[int]], budget: float) -> tuple[float, Array, float]:
    """Worst chance of the best mix of these ways; prices of the places, price of time."""
    visits = visited(net, ways)
    live = np.flatnonzero((visits.getnnz(axis=0) > 0) & ~net.forced)
    times = np.array([net.times[way].sum() for way in ways])
    count = len(ways)
    rows = hstack([visits.T.tocsr()[live], csr_matrix(np.full((len(live), 1), -1.0))])
    slow = csr_matrix(np.r_[times, 0][None])
    done = linprog(
        np.r_[LATER * times, 1],
        A_ub=vstack([rows, slow]).tocsr(),
        b_ub=np.r_[np.zeros(len(live)), max(budget, 1.0) + 1e-9],
        A_eq=csr_matrix(np.r_[np.ones(count), 0][None]),
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    dual = np.maximum(-done.ineqlin.marginals, 0)
    weights = np.zeros(len(net.ids))
    weights[live] = dual[:-1]
    return float(done.x[-1]), weights, float(dual[-1])
