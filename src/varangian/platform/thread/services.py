"""Tie records together, and carry staleness to the right."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish

from .models import Edge, StaleMark

Node = tuple[str, UUID]
MARK = """
with recursive reach (kind, record) as (
    select right_kind, right_id from thread_edge
    where compartment_id = %(circle)s and left_kind = %(kind)s and left_id = %(record)s
    union
    select e.right_kind, e.right_id from thread_edge e
    join reach r on e.left_kind = r.kind and e.left_id = r.record
    where e.compartment_id = %(circle)s
)
insert into thread_stalemark (id, compartment_id, kind, record, reason, since, note)
select gen_random_uuid(), %(circle)s, r.kind, r.record, %(reason)s, %(now)s, ''
from reach r
where (r.kind, r.record) <> (%(kind)s, %(record)s)
  and not exists (
    select 1 from thread_stalemark m
    where m.compartment_id = %(circle)s and m.cleared_at is null and m.reason = %(reason)s
      and m.kind = r.kind and m.record = r.record)
"""
"""A set, not a list, of what was reached: a circle ends where it began."""


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
    """The walk and the marks are one statement: the edges never leave the database."""
    circle = str(compartment_id)
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            {"kind": node[0], "record": str(node[1]), "circle": circle}
            | {"reason": reason, "now": now()},
        )
        count = cursor.rowcount
    publish(topic="stale", kind="marked", record=node[1], compartment_id=compartment_id)
    return count


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
def settle(
    *,
    actor: Actor,
    kind: str,
    records: list[UUID],
    before: datetime,
    note: str,
    after: datetime | None = None,
) -> int:
    """A named person has answered, in one act, everything that was waiting at that time.

    With ``after`` only what has been marked since then; older marks keep waiting.
    """
    if actor is None or actor.is_system:
        raise Refused("Only a named person can clear a stale mark")
    marks = StaleMark.objects.filter(
        kind=kind, record__in=records, cleared_at=None, since__lte=before
    )
    if after is not None:
        marks = marks.filter(since__gte=after)
    return marks.update(cleared_at=now(), cleared_by=actor, note=note)
