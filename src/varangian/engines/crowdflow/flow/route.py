"""Seconds to the outside from every cell: the eikonal equation by sweeps, with doors and stairs."""

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.links import Link

FAR = np.float32(1e6)
SETTLED_S = 0.02
MOST_SWEEPS = 6000


def field(grid: Grid, slow: np.ndarray, links: list[Link]) -> np.ndarray:
    """``slow``: seconds a metre in each cell. ``links``: doors, stairs and exits that count.

    Values only fall, from far, so as many sweeps are enough as the longest way has cells.
    """
    n, nx = grid.size, grid.nx
    cost = (slow * grid.h).astype(np.float32)
    floor = grid.area > 0
    time = np.full(n, FAR, np.float32)
    right, up = grid.right > 0, grid.up > 0
    across, along = np.empty(n, np.float32), np.empty(n, np.float32)
    for sweep in range(MOST_SWEEPS):
        before = time
        _least(time, right, 1, across)
        _least(time, up, nx, along)
        time = _godunov(across, along, cost)
        np.minimum(time, FAR, out=time)
        time[~floor] = FAR
        for link in links:
            through(link, time, cost)
        if sweep % 8 == 7 and float(np.abs(time - before).max()) < SETTLED_S:
            break
    return time


def _least(time: np.ndarray, is_open: np.ndarray, step: int, out: np.ndarray) -> None:
    """The better of the two neighbours in one direction."""
    out.fill(FAR)
    way = is_open[:-step]
    np.copyto(out[:-step], time[step:], where=way)
    np.minimum(out[step:], np.where(way, time[:-step], FAR), out=out[step:])


def _godunov(a: np.ndarray, b: np.ndarray, cost: np.ndarray) -> np.ndarray:
    apart = np.abs(a - b)
    low = np.minimum(a, b)
    inside = np.maximum(2 * cost * cost - apart * apart, 0)
    return np.where(apart >= cost, low + cost, 0.5 * (2 * low + apart + np.sqrt(inside)))


def through(link: Link, time: np.ndarray, cost: np.ndarray) -> None:
    passing = link.seconds
    if link.outside:
        if link.forward:
            here = link.here
            time[here] = np.minimum(time[here], passing + cost[here] * np.float32(0.5))
        return
    here, there = time[link.here].min(), time[link.there].min()
    if link.forward and there + passing < here:
        time[link.here] = np.minimum(time[link.here], there + passing + cost[link.here])
    if link.back and here + passing < there:
        time[link.there] = np.minimum(time[link.there], here + passing + cost[link.there])
