"""The road network as arrays: every analysis reads this, whatever it was made from.

A graph without turn restrictions, for analysis; what a driver is told comes from Valhalla.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ROADS = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "service", "motorway_link", "trunk_link", "primary_link", "secondary_link",
    "tertiary_link", "road",
)  # fmt: skip
BRIDGE, TUNNEL, SIGNAL, TOLL, ONE_WAY, OVERLOOK = 1, 2, 4, 8, 16, 32
"""Bits of ``flags``. SIGNAL: lights at the head of the edge. OVERLOOK: seen from a higher place."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Site:
    """A place of the map that matters to a route: a possible haven, a hospital, a fuel station."""

    kind: str
    """police, fire_station, hospital, embassy, hotel, fuel, helipad, ..."""
    name: str
    lat: float
    lon: float
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where the network comes from; shown on every plan."""

    name: str
    data_date: str
    """ISO date of the newest change in the data; empty when the file does not say."""
    licence: str = "© OpenStreetMap contributors, ODbL 1.0"
    digest: str = ""


@dataclass(frozen=True)
class Graph:
    """``n`` nodes and ``m`` directed edges; edge ``e`` leads from ``tail[e]`` to ``head[e]``.

    A road that may be driven both ways is two edges, each the ``back`` of the other.
    """

    lon: Array
    """float64[n], degrees; ``lat`` alike."""
    lat: Array
    tail: Array
    """int32[m]; ``head`` alike."""
    head: Array
    metres: Array
    """float64[m]."""
    seconds: Array
    """float64[m], in free flow, waiting at lights and turning included."""
    road: Array
    """int8[m], index into ``ROADS``."""
    flags: Array
    """uint8[m], the bits above."""
    lanes: Array
    """int8[m], in this direction; 0 is unknown."""
    way: Array
    """int64[m], number of the way in the source."""
    name: Array
    """int32[m], index into ``names``."""
    names: tuple[str, ...]
    """Names of roads; the first is empty."""
    bends: Array
    """int64[m + 1]: ``shape[bends[e]:bends[e + 1]]`` is the course of edge ``e``, ends included."""
    shape: Array
    """float64[k, 2], (lon, lat)."""
    sites: tuple[Site, ...]
    source: Source

    @property
    def size(self) -> tuple[int, int]:
        return len(self.lon), len(self.tail)

    @cached_property
    def speed_kmh(self) -> Array:
        """float64[m], average over the edge."""
        return self.metres / np.maximum(self.seconds, 0.1) * 3.6

    @cached_property
    def back(self) -> Array:
        """int64[m]: the edge the other way along the same course; -1 where there is none."""
        known = {(t, h, w): e for e, (t, h, w) in enumerate(self._ends())}
        return np.array([known.get((h, t, w), -1) for t, h, w in self._ends()], dtype=np.int64)

    def _ends(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.tail.tolist(), self.head.tolist(), self.way.tolist(), strict=True)

    @cached_property
    def core(self) -> Array:
        """bool[n]: nodes of the largest part in which everything reaches everything."""
        from scipy.sparse.csgraph import connected_components

        _, label = connected_components(self.matrix(self.seconds), connection="strong")
        return label == np.bincount(label).argmax()

    def matrix(self, cost: Array) -> "csr_matrix":
        """n x n costs for scipy's csgraph, of parallel edges the cheapest. Costs must be > 0."""
        from scipy.sparse import csr_matrix

        first = self.cheapest(cost)
        n = len(self.lon)
        return csr_matrix((cost[first], (self.tail[first], self.head[first])), shape=(n, n))

    def cheapest(self, cost: Array) -> Array:
        """Edge numbers, one for each pair of nodes that is joined, ordered by tail and head."""
        order = np.lexsort((cost, self.head, self.tail))
        tail, head = self.tail[order], self.head[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
        return order[new]

    def course(self, edges: Array | list[int]) -> Array:
        """float64[k, 2] (lon, lat): the line along edges that follow each other."""
        parts = [self.shape[self.bends[e] : self.bends[e + 1]] for e in edges]
        if not parts:
            return np.empty((0, 2))
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
