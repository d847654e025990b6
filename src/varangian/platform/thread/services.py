"""Tie records together, and carry staleness to the right."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish

from .models import Edge, StaleMark

Node = tuple[str, UUID]


def tie(*, left: Node, right: Node, relation: str, compartment_id: UUID) -> None:
    Edge.objects.get_or_create(
        left_kind=left[0],
        left_id=left[1],
        right_kind=right[0],
        right_id=right[1],
        defaults={"relation": relation, "compartment_id": compartment_id},
    )


def tie_all(*, pairs: list[tuple[Node, Node]], relation: str, compartment_id: UUID) -> None:
    """Many at once; a pair that is tied already stays as it is."""
    edges = [
        Edge(
            left_kind=left[0],
            left_id=left[1],
            right_kind=right[0],
            right_id=right[1],
            relation=relation,
            compartment_id=compartment_id,
        )
        for left, right in pairs
    ]
    Edge.objects.bulk_create(edges, ignore_conflicts=True)


def untie(*, right: Node, left_kinds: tuple[str, ...] = ()) -> None:
    """Cut a record from its reasons: from all, or from those of some kinds."""
    edges = Edge.objects.filter(right_kind=right[0], right_id=right[1])
    (edges.filter(left_kind__in=left_kinds) if left_kinds else edges).delete()


def reach_right(start: Node, compartment_id: UUID) -> list[Node]:
    """All records of one circle that depend on ``start``, nearest first; walked in memory."""
    after: dict[Node, list[Node]] = defaultdict(list)
    rows = Edge.objects.filter(compartment_id=compartment_id).values_list(
        "left_kind", "left_id", "right_kind", "right_id"
    )
    for left_kind, left_id, right_kind, right_id in rows:
        after[left_kind, left_id].append((right_kind, right_id))
    seen, queue = {start}, [start]
    for node in queue:
        for following in after[node]:
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return queue[1:]


@transaction.atomic
def changed(*, node: Node, reason: str) -> int:
    """A record changed: mark everything that depends on it, and say so live.

    A place or a principal may matter to several operations: the ties lie in the circle of each.
    ``reason`` is not sealed: numbers, kinds and times, no names.
    """
    ties = Edge.objects.filter(left_kind=node[0], left_id=node[1])
    circles = list(ties.order_by().values_list("compartment_id", flat=True).distinct())
    return sum(_mark(node, circle, reason) for circle in circles)


def _mark(node: Node, compartment_id: UUID, reason: str) -> int:
    nodes = reach_right(node, compartment_id)
    marked = set(
        StaleMark.objects.filter(
            compartment_id=compartment_id, cleared_at=None, reason=reason
        ).values_list("kind", "record")
    )
    marks = [
        StaleMark(kind=kind, record=record, reason=reason, compartment_id=compartment_id)
        for kind, record in nodes
        if (kind, record) not in marked
    ]
    StaleMark.objects.bulk_create(marks)
    publish(topic="stale", kind="marked", record=node[1], compartment_id=compartment_id)
    return len(marks)


@transaction.atomic
def forget(*, kind: str, records: list[UUID], note: str) -> None:
    """These records no longer count: their ties go, and nobody is asked to look at them again."""
    Edge.objects.filter(right_kind=kind, right_id__in=records).delete()
    Edge.objects.filter(left_kind=kind, left_id__in=records).delete()
    marks = StaleMark.objects.filter(kind=kind, record__in=records, cleared_at=None)
    marks.update(cleared_at=now(), note=note)


@transaction.atomic
def clear(*, actor: Actor, kind: str, record: UUID, note: str) -> int:
    """A named person has looked again and says what they found."""
    marks: Any = StaleMark.objects.select_for_update().filter(
        kind=kind, record=record, cleared_at=None
    )
    first = marks.first()
    if first is None:
        raise NotFound("Nothing here is waiting to be looked at again")
    require(actor, "stale.clear", first.compartment_id)
    if actor.is_system:
        raise Refused(
            "Only a named person can clear a stale mark", mend="Use --as with a person's e-mail."
        )
    count = marks.update(cleared_at=now(), cleared_by=actor, note=note)
    publish(topic="stale", kind="cleared", record=record, compartment_id=first.compartment_id)
    return count


@transaction.atomic
def settle(*, actor: Actor, kind: str, records: list[UUID], before: datetime, note: str) -> int:
    """A named person has answered, in one act, everything that was waiting at that time."""
    if actor is None or actor.is_system:
        raise Refused("Only a named person can clear a stale mark")
    marks = StaleMark.objects.filter(
        kind=kind, record__in=records, cleared_at=None, since__lte=before
    )
    return marks.update(cleared_at=now(), cleared_by=actor, note=note)
