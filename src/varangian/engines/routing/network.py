"""One search structure per graph, made once: costs change with each question, the joints do not.

scipy's csgraph knows one edge between two nodes; of parallel edges the cheapest of each question
counts. An edge whose cost is infinite is closed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from varangian.kernel.results import Refused

from .graph import Array, Graph

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def csgraph() -> Any:
    try:
        from scipy.sparse import csgraph as found
    except ImportError as missing:
        cure = "make up installs it; or pip install varangian[travel]."
        raise Refused("Searching a road network needs the extra travel", mend=cure) from missing
    return found


@dataclass(frozen=True)
class Network:
    """Edges ordered by tail and head; ``starts`` is the first of each pair of nodes."""

    nodes: int
    order: Array
    starts: Array
    rows: Array
    columns: Array

    def matrix(self, cost: Array) -> "csr_matrix":
        from scipy.sparse import csr_matrix

        data = np.minimum.reduceat(cost[self.order], self.starts) if len(self.order) else cost[:0]
        open_ = np.isfinite(data)
        rows, columns = self.rows, self.columns
        if not open_.all():
            kept = np.concatenate([[0], np.cumsum(open_)])
            rows, columns, data = kept[rows].astype(np.int32), columns[open_], data[open_]
        return csr_matrix((data, columns, rows), shape=(self.nodes, self.nodes))

    def edge(self, cost: Array, tail: int, head: int) -> int:
        """The cheapest edge between two nodes that are joined."""
        first, end = self.rows[tail], self.rows[tail + 1]
        pair = first + int(np.searchsorted(self.columns[first:end], head))
        stop = self.starts[pair + 1] if pair + 1 < len(self.starts) else len(self.order)
        among = self.order[self.starts[pair] : stop]
        return int(among[np.argmin(cost[among])])


def network(nodes: int, tail: Array, head: Array) -> Network:
    order = np.lexsort((head, tail))
    t, h = tail[order], head[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(t) != 0) | (np.diff(h) != 0)
    starts = np.flatnonzero(new)
    rows = np.searchsorted(t[starts], np.arange(nodes + 1)).astype(np.int32)
    return Network(nodes, order, starts, rows, h[starts].astype(np.int32))


def of(graph: Graph, *, turned: bool = False) -> Network:
    """The network of a graph, or of the graph with every edge turned round; kept with it."""
    ends = (graph.head, graph.tail) if turned else (graph.tail, graph.head)
    return kept(graph, f"network {turned}", lambda: network(graph.size[0], *ends))


def kept(graph: Graph, what: str, make: Any) -> Any:
    """What is made once for a graph and lives as long as it does."""
    store = vars(graph).setdefault("_kept", {})
    if what not in store:
        store[what] = make()
    return store[what]


def free_flow(graph: Graph, *, turned: bool = False) -> "csr_matrix":
    return kept(graph, f"seconds {turned}", lambda: of(graph, turned=turned).matrix(graph.seconds))


def search(graph: Graph, node: int, cost: Array | None, *, turned: bool = False) -> Array:
    """float64[n]: the cost of getting from ``node`` to every node, or to it when ``turned``."""
    if cost is None or cost is graph.seconds:
        return csgraph().dijkstra(free_flow(graph, turned=turned), indices=node)
    return csgraph().dijkstra(of(graph, turned=turned).matrix(cost), indices=node)


def leaving(graph: Graph) -> list[list[int]]:
    """For each node the edges that begin there."""
    return kept(graph, "leaving", lambda: _leaving(graph))


def _leaving(graph: Graph) -> list[list[int]]:
    out: list[list[int]] = [[] for _ in range(graph.size[0])]
    for edge, tail in enumerate(graph.tail.tolist()):
        out[tail].append(edge)
    return out
