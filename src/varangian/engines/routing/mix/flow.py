"""The flow of least worst chance through a whole net, as one linear program for HiGHS.

Find v and a unit flow f from source to sink so that what enters any place is at most v and the
mean time at most the budget. Whoever enters a place twice is counted twice: v is never too small.
After Joseph and Feron (2005), Salani, Duyckaerts and Swartz (2009), Boidot and Feron (2012).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from varangian.kernel.results import Refused

from ..graph import Array
from .net import Net

LATER = 1e-6
"""Weight of time beside the chance: of two plans with the same chance the quicker one."""
DOOR = 0.1
LEAST_FLOW = 1e-7


@dataclass(frozen=True)
class Ways:
    """Ways through a net (edges of the net), and the proof of how good a mix can be at all."""

    ways: list[list[int]]
    floor: float
    """No plan within the budget whose routes enter no place twice has a lower worst chance."""
    weights: Array
    """float64[c], sum 1: the observer's own mix over places that proves the floor."""
    price: float
    """Fall of the worst chance for one more unit of budget (1.0 = the fastest time)."""


def solve(net: Net, budget: float) -> Ways:
    """Raises Refused when HiGHS gives up, which no valid net makes it do."""
    live = np.flatnonzero(~net.forced)
    k, n = len(net.edges), net.sink + 1
    numbers = np.arange(k)
    around = csr_matrix(
        (np.repeat([1.0, -1.0], k), (np.r_[net.tail, net.head], np.tile(numbers, 2))), shape=(n, k)
    )
    supply = np.zeros(n)
    supply[[net.source, net.sink]] = 1, -1
    hung = np.flatnonzero(net.edges < 0)
    doors = csr_matrix((np.ones(len(hung)), (np.arange(len(hung)), hung)), shape=(len(hung), k))
    entering = net.enter.T.tocsr()[live]
    rows = vstack(
        [
            hstack([entering, _column(len(live), -1), _column(len(live), 0)]),
            hstack([doors, _column(len(hung), 0), _column(len(hung), -1)]),
            hstack([csr_matrix(net.times), _column(1, 0), _column(1, 0)]),
        ],
        format="csr",
    )
    done = linprog(
        np.r_[LATER * net.times, 1, DOOR],
        A_ub=rows,
        b_ub=np.r_[np.zeros(len(live) + len(hung)), max(budget, 1.0) + 1e-9],
        A_eq=hstack([around, _column(n, 0), _column(n, 0)]).tocsr(),
        b_eq=supply,
        bounds=(0, None),
        method="highs",
    )
    if done.status != 0 or done.x is None:
        raise Refused("The flow through this network was not found", str(done.message))
    dual = -done.ineqlin.marginals
    weights = np.zeros(len(net.ids))
    weights[live] = np.maximum(dual[: len(live)], 0)
    price = max(0.0, float(dual[-1]))
    return Ways(apart(net, done.x[:k]), *proof(net, weights, price, budget))


def proof(net: Net, weights: Array, price: float, budget: float) -> tuple[float, Array, float]:
    """The floor that these prices prove, by one search for the cheapest way; weights sum to 1."""
    total = weights.sum()
    if total <= 0:
        return 0.0, weights, 0.0
    weights, price = weights / total, price / total
    cost = net.enter @ weights + price * net.times + 1e-12
    least, _ = net.cheapest(cost)
    slip = 1e-12 * len(net.edges)
    return max(0.0, least - slip - price * max(budget, 1.0)), weights, price


def _column(rows: int, value: float) -> csr_matrix:
    return csr_matrix(np.full((rows, 1), value))


def apart(net: Net, flow: Array) -> list[list[int]]:
    """Simple ways that make up a flow, the widest edges first; circles in it are dropped."""
    left = np.where(flow > LEAST_FLOW, flow, 0.0)
    leaving: dict[int, list[int]] = {}
    for edge in np.flatnonzero(left).tolist():
        leaving.setdefault(int(net.tail[edge]), []).append(edge)
    found: list[list[int]] = []
    while True:
        way, at, visited = [], net.source, {net.source: 0}
        while at != net.sink:
            edge = max(leaving.get(at, ()), key=lambda e: left[e], default=-1)
            if edge < 0 or left[edge] <= LEAST_FLOW:
                return found
            way.append(edge)
            at = int(net.head[edge])
            if at in visited:
                circle = way[visited[at] :]
                left[circle] -= left[circle].min()
                break
            visited[at] = len(way)
        else:
            left[way] -= left[way].min()
            found.append(way)
