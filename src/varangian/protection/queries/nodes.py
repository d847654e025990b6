"""Reads of the edge: the nodes of an operation, their conflicts, and this house as a node."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor, may

from ..models import Node, NodeAct, Outcome, Parcel, Uplink
from ..services.nodes import SILENT
from ..services.uplinks import uplink_of

OPEN = Q(acts__settled_at=None) & ~Q(acts__outcome=Outcome.DONE)


def nodes(actor: Actor, operation: Any) -> QuerySet[Node]:
    """Those in use first, each with the number of its open conflicts."""
    found = Node.objects.visible_to(actor).filter(operation=operation).select_related("made_by")
    counted = found.annotate(conflicts=Count("acts", filter=OPEN & Q(acts__isnull=False)))
    return counted.order_by("revoked_at", "label")


def node(actor: Actor, pk: UUID) -> Node:
    found = Node.objects.visible_to(actor).select_related("operation").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such node, or it is not yours to see", where=str(pk))
    return found


def conflicts(actor: Actor, operation: Any, *, past: bool = False) -> QuerySet[NodeAct]:
    found = NodeAct.objects.visible_to(actor).filter(node__operation=operation)
    found = found.exclude(outcome=Outcome.DONE).filter(settled_at__isnull=not past)
    return found.select_related("node", "person", "settled_by")


def conflict(actor: Actor, pk: UUID) -> NodeAct:
    found = NodeAct.objects.visible_to(actor).select_related("node", "node__operation")
    row = found.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such conflict, or it is not yours to see", where=str(pk))
    return row


def state_of(node: Node) -> tuple[str, str]:
    """A tone and a word; what was never heard is unknown, not well."""
    if node.revoked_at is not None:
        return "grey", "withdrawn"
    if node.expires_at <= now():
        return "red", "expired"
    if node.seen_at is None:
        return "grey", "not joined yet"
    if now() - node.seen_at > SILENT:
        return "red", "out of touch"
    return ("amber", "catching up") if node.waiting else ("green", "in touch")


def uplink(actor: Actor, operation: Any) -> Uplink | None:
    """The hub of this house for an operation, for those who may see nodes there."""
    return uplink_of(operation.pk) if may(actor, "node.view", operation.compartment_id) else None


def parcels(actor: Actor, operation: Any) -> QuerySet[Parcel]:
    found = Parcel.objects.visible_to(actor).filter(uplink__operation=operation)
    return found.select_related("person")


def queue(actor: Actor, operation: Any) -> QuerySet[Parcel]:
    return parcels(actor, operation).filter(state=Parcel.State.WAITING)


def not_taken(actor: Actor, operation: Any) -> QuerySet[Parcel]:
    """What the hub did not take as it was sent, newest first."""
    taken = (Parcel.State.WAITING, Parcel.State.SENT)
    return parcels(actor, operation).exclude(state__in=taken).order_by("-id")
