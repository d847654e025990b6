"""Why is this here, what hangs on it, and is it still good?"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from varangian.platform.access.scope import Actor

from . import registry
from .graph import Node, circles
from .models import Edge, StaleMark


def stale_marks(actor: Actor, compartment_ids: list[UUID] | None = None) -> QuerySet[StaleMark]:
    found = StaleMark.objects.visible_to(actor).filter(cleared_at=None).order_by("since")
    return found.filter(compartment_id__in=compartment_ids) if compartment_ids else found


def stale_count(marks: QuerySet[StaleMark]) -> int:
    """Records that wait to be looked at again."""
    return marks.order_by().values("kind", "record").distinct().count()


def stale_by_record(actor: Actor, kind: str, ids: list[UUID]) -> dict[UUID, list[str]]:
    """Open reasons by record, for a list of one kind."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for mark in StaleMark.objects.visible_to(actor).filter(
        kind=kind, record__in=ids, cleared_at=None
    ):
        found[mark.record].append(mark.reason)
    return dict(found)


def neighbours(actor: Actor, kind: str, record: UUID) -> dict[str, list[dict[str, str]]]:
    """The records left and right of one on the thread, as captions and links."""
    left = Edge.objects.visible_to(actor).filter(right_kind=kind, right_id=record)
    right = Edge.objects.visible_to(actor).filter(left_kind=kind, left_id=record)
    return {
        "left": _captions(actor, [(e.left_kind, e.left_id, e.relation) for e in left]),
        "right": _captions(actor, [(e.right_kind, e.right_id, e.relation) for e in right]),
    }


@dataclass
class Knot:
    """One record of the picture."""

    node: Node
    kind: str
    caption: str
    url: str
    stale: list[str]


@dataclass
class Picture:
    """The thread of one circle of people, as far as this person may see its records."""

    knots: dict[Node, Knot]
    edges: list[tuple[Node, Node, str]]
    hidden: int
    """Records on the thread that are not theirs to see, or are no longer there."""

    def circles(self) -> list[str]:
        """Each circular dependency in words."""
        found = circles(list(self.knots), [(a, b) for a, b, _ in self.edges])
        return [_in_words([self.knots[node] for node in group]) for group in found]


def _in_words(group: list[Knot]) -> str:
    names = [f"{knot.kind} {knot.caption}" for knot in group]
    if len(names) == 1:
        return f"{names[0]} rests on itself. Cut the tie: it is no reason for itself."
    round_ = " rests on ".join([*names, names[0]])
    return f"{round_}. A change in one comes back to it: cut one of these ties."


def picture(actor: Actor, compartment_id: UUID) -> Picture:
    """All records tied in one compartment, with what is stale about each."""
    rows = Edge.objects.visible_to(actor).filter(compartment_id=compartment_id)
    edges = [
        ((e.left_kind, e.left_id), (e.right_kind, e.right_id), e.relation)
        for e in rows.order_by("created_at", "pk")
    ]
    nodes = list(dict.fromkeys(node for left, right, _ in edges for node in (left, right)))
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, record in nodes:
        by_kind[kind].append(record)
    reasons: dict[Node, list[str]] = defaultdict(list)
    for mark in stale_marks(actor, [compartment_id]):
        reasons[mark.kind, mark.record].append(mark.reason)
    known = registry.kinds()
    seen = {k: registry.records(actor, k, ids) for k, ids in by_kind.items() if k in known}
    knots = {
        node: Knot(
            node,
            known[node[0]].words,
            known[node[0]].caption(row),
            known[node[0]].url(row),
            reasons[node],
        )
        for node in nodes
        if (row := seen.get(node[0], {}).get(node[1])) is not None
    }
    kept = [edge for edge in edges if edge[0] in knots and edge[1] in knots]
    return Picture(knots, kept, len(nodes) - len(knots))


def _captions(actor: Actor, ties: list[tuple[str, UUID, str]]) -> list[dict[str, str]]:
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, record, _ in ties:
        by_kind[kind].append(record)
    known = registry.kinds()
    rows = {k: registry.records(actor, k, ids) for k, ids in by_kind.items() if k in known}
    shown = []
    for kind, record, relation in ties:
        row = rows.get(kind, {}).get(record)
        if row is not None:
            shown.append(
                {
                    "kind": known[kind].words,
                    "relation": relation,
                    "caption": known[kind].caption(row),
                    "url": known[kind].url(row),
                }
            )
    return shown
