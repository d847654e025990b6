"""The thread as a picture: layers, order within a layer, and circles. Pure: nodes and edges in.

Layers follow the thread (source to task), not the edges: an edge that points back is drawn as such.
Within a layer nodes are ordered by the mean place of their neighbours, swept to the right and back
(barycentre method of Sugiyama, Tagawa and Toda, 1981). Circles are the strongly connected
components with more than one node (Tarjan, 1972), found without recursion.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

Node = tuple[str, UUID]
Edge = tuple[Node, Node]

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Source", ("signal", "report", "principal", "place", "operation")),
    ("Programme and threat", ("movement", "threat", "post")),
    ("Risk", ("risk", "alert")),
    ("Measure", ("measure", "card", "comms", "waiver")),
    ("Order line", ("order_line",)),
    ("Order", ("order",)),
    ("Go", ("go",)),
    ("Lesson", ("log", "observation", "lesson")),
)
"""Left to right; a kind that stands in none goes where its reasons end."""
WIDTH, GAP, HIGH, STEP, TOP = 144, 26, 30, 36, 40
"""Pixels: a node, between columns, its height, row to row, the heading of a column."""
SWEEPS = 4


@dataclass
class Placed:
    """One node in the picture; ``x`` and ``y`` of its upper left corner, in pixels."""

    node: Node
    column: int
    x: int = 0
    y: int = 0


@dataclass
class Layout:
    placed: dict[Node, Placed]
    edges: list[Edge]
    columns: list[str]
    width: int
    height: int
    circles: list[list[Node]] = field(default_factory=list)

    def path(self, edge: Edge) -> str:
        """SVG path from the right side of the reason to the left side of what rests on it."""
        a, b = self.placed[edge[0]], self.placed[edge[1]]
        x1, y1, x2, y2 = a.x + WIDTH, a.y + HIGH // 2, b.x, b.y + HIGH // 2
        bend = max(16, abs(x2 - x1) // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def layout(nodes: Sequence[Node], edges: Iterable[Edge]) -> Layout:
    """Place every node; edges to nodes that are not given are left out."""
    known = set(nodes)
    kept = [(a, b) for a, b in edges if a in known and b in known]
    column = _columns(nodes, kept)
    used = sorted(set(column.values()))
    names = [COLUMNS[number][0] for number in used]
    placed = {n: Placed(n, used.index(column[n])) for n in nodes}
    rows = _ordered(nodes, kept, placed, len(used))
    for number, row in enumerate(rows):
        for place, node in enumerate(row):
            placed[node].x = number * (WIDTH + GAP)
            placed[node].y = TOP + place * STEP
    width = max(1, len(used)) * (WIDTH + GAP) - GAP
    height = TOP + max((len(row) for row in rows), default=0) * STEP
    return Layout(placed, kept, names, width, height, circles(nodes, kept))


def _columns(nodes: Sequence[Node], edges: list[Edge]) -> dict[Node, int]:
    at = {kind: number for number, (_, kinds) in enumerate(COLUMNS) for kind in kinds}
    found = {node: at.get(node[0], 0) for node in nodes}
    for left, right in edges:
        if right[0] not in at:
            found[right] = max(found[right], min(found[left] + 1, len(COLUMNS) - 1))
    return found


def _ordered(
    nodes: Sequence[Node], edges: list[Edge], placed: dict[Node, Placed], count: int
) -> list[list[Node]]:
    rows: list[list[Node]] = [[] for _ in range(count)]
    for node in nodes:
        rows[placed[node].column].append(node)
    near: dict[Node, list[Node]] = defaultdict(list)
    for left, right in edges:
        near[left].append(right)
        near[right].append(left)
    place = {node: float(n) / max(1, len(row)) for row in rows for n, node in enumerate(row)}
    for _ in range(SWEEPS):
        for row in rows:
            weight = {n: _mean([place[o] for o in near[n]], place[n]) for n in row}
            row.sort(key=weight.__getitem__)
            place |= {node: float(n) / max(1, len(row)) for n, node in enumerate(row)}
    return rows


def _mean(values: list[float], alone: float) -> float:
    return sum(values) / len(values) if values else alone


def circles(nodes: Sequence[Node], edges: Iterable[Edge]) -> list[list[Node]]:
    """Groups of nodes of which each rests, by some way round, on itself."""
    after: dict[Node, list[Node]] = defaultdict(list)
    for left, right in edges:
        after[left].append(right)
    search = _Search(after)
    for node in nodes:
        if node not in search.index:
            search.run(node)
    alone = [[node] for node in nodes if node in after[node]]
    return [group for group in search.groups if len(group) > 1] + alone


class _Search:
    """Tarjan's walk with a stack of its own: a long chain does not end the process."""

    def __init__(self, after: dict[Node, list[Node]]) -> None:
        self.after = after
        self.index: dict[Node, int] = {}
        self.low: dict[Node, int] = {}
        self.stack: list[Node] = []
        self.held: set[Node] = set()
        self.groups: list[list[Node]] = []

    def run(self, start: Node) -> None:
        work = [(start, iter(self.after[start]))]
        self._enter(start)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                self._leave(node, work[-1][0] if work else None)
            elif following not in self.index:
                self._enter(following)
                work.append((following, iter(self.after[following])))
            elif following in self.held:
                self.low[node] = min(self.low[node], self.index[following])

    def _enter(self, node: Node) -> None:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        self.held.add(node)

    def _leave(self, node: Node, above: Node | None) -> None:
        if above is not None:
            self.low[above] = min(self.low[above], self.low[node])
        if self.low[node] != self.index[node]:
            return
        group: list[Node] = []
        while not group or group[-1] != node:
            group.append(self.stack.pop())
            self.held.discard(group[-1])
        self.groups.append(group[::-1])
