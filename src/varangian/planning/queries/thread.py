"""The thread of one operation as a picture: placed nodes, lines between them, and circles."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.graph import GAP, HIGH, WIDTH, Edge, Layout, Node, layout
from varangian.platform.thread.queries import Knot, Picture, picture

LETTERS, LETTERS_STALE = 20, 14
"""What fits into a node; a stale one carries the word beside its caption."""
MOST = 600
"""Nodes in one picture; beyond, it is the stale part only."""


@dataclass(frozen=True)
class Drawn:
    picture: Picture
    layout: Layout
    only_stale: bool
    cut: bool

    @property
    def stale(self) -> list[Knot]:
        return [knot for knot in self.picture.knots.values() if knot.stale]

    def nodes(self) -> list[dict[str, Any]]:
        """Column by column, from the top: the order in which the keyboard walks."""
        spots = sorted(self.layout.placed.values(), key=lambda spot: (spot.column, spot.y))
        return [_node(self.picture.knots[spot.node], spot.x, spot.y) for spot in spots]

    def lines(self) -> list[dict[str, Any]]:
        stale = {node for node, knot in self.picture.knots.items() if knot.stale}
        carried = set(_carriers(self.layout.edges, stale))
        return [
            {"path": self.layout.path(edge), "stale": edge in carried} for edge in self.layout.edges
        ]

    def heads(self) -> list[dict[str, Any]]:
        step = WIDTH + GAP
        return [{"x": n * step, "words": words} for n, words in enumerate(self.layout.columns)]

    def columns(self) -> list[tuple[str, list[Knot]]]:
        """The same as lists, for those who do not see the picture and for a phone."""
        spots = sorted(self.layout.placed.values(), key=lambda spot: (spot.column, spot.y))
        return [
            (name, _stale_first(self.picture.knots[s.node] for s in spots if s.column == number))
            for number, name in enumerate(self.layout.columns)
        ]


def _stale_first(knots: Iterable[Knot]) -> list[Knot]:
    return sorted(knots, key=lambda knot: not knot.stale)


def _node(knot: Knot, x: int, y: int) -> dict[str, Any]:
    most = LETTERS_STALE if knot.stale else LETTERS
    words = knot.caption if len(knot.caption) <= most else f"{knot.caption[: most - 1]}…"
    return {"knot": knot, "words": words, "x": x, "y": y, "width": WIDTH, "high": HIGH}


def drawn(actor: Actor, operation: Any, *, only_stale: bool = False) -> Drawn:
    """Everything on the thread of an operation that this person may see."""
    require(actor, "stale.clear", operation.compartment_id)
    whole = picture(actor, operation.compartment_id)
    cut = len(whole.knots) > MOST
    shown = _stale_part(whole) if only_stale or cut else whole
    pairs = [(left, right) for left, right, _ in shown.edges]
    return Drawn(shown, layout(list(shown.knots), pairs), only_stale or cut, cut)


def _carriers(edges: Sequence[Edge], stale: Set[Node]) -> list[Edge]:
    """The ties that carried staleness; where it began, all that the record rests on."""
    into = [edge for edge in edges if edge[1] in stale]
    carried = {right for left, right in into if left in stale}
    return [edge for edge in into if edge[0] in stale or edge[1] not in carried]


def _stale_part(whole: Picture) -> Picture:
    """What is stale, with the ties that carried it."""
    stale = {node for node, knot in whole.knots.items() if knot.stale}
    carriers = set(_carriers([(left, right) for left, right, _ in whole.edges], stale))
    edges = [edge for edge in whole.edges if (edge[0], edge[1]) in carriers]
    kept = stale | {edge[0] for edge in edges}
    knots = {node: knot for node, knot in whole.knots.items() if node in kept}
    return Picture(knots, edges, whole.hidden)


def thread_shape(found: Drawn) -> dict[str, Any]:
    return {
        "nodes": [
            {"id": _id(k.node), "kind": k.kind, "caption": k.caption, "url": k.url,
             "stale": k.stale}
            for k in found.picture.knots.values()
        ],
        "edges": [
            {"left": _id(left), "right": _id(right), "relation": relation}
            for left, right, relation in found.picture.edges
        ],
        "circles": found.picture.circles(),
        "hidden": found.picture.hidden,
    }  # fmt: skip


def _id(node: tuple[str, UUID]) -> str:
    return f"{node[0]}:{node[1]}"
