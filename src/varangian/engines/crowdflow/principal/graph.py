"""The cells of a venue as a graph for one person: eight neighbours, doors, stairs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.links import Link

OPEN_SHARE = 0.3
"""A person gets through a face of which this much is open."""


@dataclass(frozen=True)
class Graph:
    """``steps``: shift to the neighbour, metres, where one may go (cells)."""

    steps: tuple[tuple[int, float, np.ndarray], ...]
    links: tuple[Link, ...]
    floor: np.ndarray
    h: float

    def neighbours(self, k: int) -> list[tuple[int, float]]:
        return [(k + shift, metres) for shift, metres, may in self.steps if may[k]]

    @cached_property
    def doors(self) -> dict[int, list[tuple[np.ndarray, float]]]:
        """Cell -> the cells behind its doors and stairs, and the seconds through."""
        found: dict[int, list[tuple[np.ndarray, float]]] = {}
        for link in self.links:
            if link.outside:
                continue
            for here, there, may in (
                (link.here, link.there, link.forward), (link.there, link.here, link.back),
            ):  # fmt: skip
                for k in here if may else ():
                    found.setdefault(int(k), []).append((there, float(link.seconds)))
        return found


def graph_of(grid: Grid, shut: frozenset[str] = frozenset()) -> Graph:
    """One-way doors hold for the principal too; ``shut`` are doors nobody uses."""
    n, nx, h = grid.size, grid.nx, grid.h
    east, north = grid.right > OPEN_SHARE, grid.up > OPEN_SHARE
    west, south = _moved(east, 1), _moved(north, nx)
    steps = [(1, h, east), (-1, h, west), (nx, h, north), (-nx, h, south)]
    for first, by, second, over in (
        (east, 1, north, nx), (east, 1, south, -nx), (west, -1, north, nx), (west, -1, south, -nx),
    ):  # fmt: skip
        both = first & second & _at(second, by, n) & _at(first, over, n)
        steps.append((by + over, h * float(np.sqrt(2)), both))
    links = tuple(link for link in grid.links if link.id not in shut)
    return Graph(tuple(steps), links, grid.area > 0, h)


def _moved(may: np.ndarray, by: int) -> np.ndarray:
    """Who may go east from k may come west from k + 1."""
    out = np.zeros_like(may)
    out[by:] = may[:-by]
    return out


def _at(may: np.ndarray, shift: int, n: int) -> np.ndarray:
    """What holds at k + shift, told at k."""
    out = np.zeros(n, bool)
    if shift > 0:
        out[:-shift] = may[shift:]
    else:
        out[-shift:] = may[:shift]
    return out
