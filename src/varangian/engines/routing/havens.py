"""Driving time from everywhere to the nearest of some places: one search on the turned network."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from . import network
from .graph import Array, Graph, Site
from .snap import NoRoad, snap

WITHIN_M = 400.0
"""A large hospital stands further from its road than a door does."""


def seconds_to(graph: Graph, sites: Sequence[Site]) -> tuple[Array, Array]:
    """(float64[n], int64[n]): seconds from each node to the nearest site, and its number.

    Infinite and -1 where none can be reached. A site that stands at no road of the core is left
    out: ``unreached`` names those.
    """
    from_nodes = [_node(graph, site) for site in sites]
    return seconds_to_nodes(graph, from_nodes)


def seconds_to_nodes(graph: Graph, nodes: Sequence[int | None]) -> tuple[Array, Array]:
    """The same for nodes; None counts as a place that cannot be reached."""
    n = graph.size[0]
    first: dict[int, int] = {}
    for number, node in enumerate(nodes):
        if node is not None:
            first.setdefault(node, number)
    if not first:
        return np.full(n, np.inf), np.full(n, -1)
    roots = np.fromiter(first, dtype=np.int64)
    away, _, source = network.csgraph().dijkstra(
        network.free_flow(graph, turned=True),
        indices=roots,
        min_only=True,
        return_predecessors=True,
    )
    number = np.full(n, -1)
    number[roots] = list(first.values())
    reached = np.isfinite(away)
    return away, np.where(reached, number[np.where(reached, source, roots[0])], -1)


def by_kind(graph: Graph, sites: Sequence[Site]) -> dict[str, Array]:
    """Kind of site -> seconds from each node to the nearest of it, as ``exposure`` wants it."""
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        groups[site.kind].append(site)
    return {kind: seconds_to(graph, group)[0] for kind, group in sorted(groups.items())}


def unreached(graph: Graph, sites: Sequence[Site]) -> list[int]:
    """Numbers of the sites that no road of the core passes."""
    return [number for number, site in enumerate(sites) if _node(graph, site) is None]


def _node(graph: Graph, site: Site) -> int | None:
    try:
        return snap(graph, site.lat, site.lon, WITHIN_M)
    except NoRoad:
        return None
