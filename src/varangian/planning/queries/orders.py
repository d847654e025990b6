"""Reads of orders. Nobody reads a line that their edition does not carry."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from varangian.kernel.results import Denied, NotFound
from varangian.operations import queries as operations
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import Actor, circles, may, role_in

from ..compose import affected
from ..library import order_structure
from ..models import Acknowledgement, Order, OrderLine
from .material import covers

State, Kind = Order.State, Order.Kind
OPEN = (State.DRAFT, State.APPROVED)
OUT = (State.ISSUED, State.SUPERSEDED, State.CLOSED)
WITHOUT_POST = {Role.DETAIL_LEADER: "detail_leader", Role.OPERATOR: "controller"} | {
    Role.ANALYST: "analyst",
    Role.CLIENT: "client",
}
"""What a member reads who holds no post. Officers and drivers read nothing until they hold one."""


def orders(actor: Actor, operation: Any = None) -> QuerySet[Order]:
    """Drafts only for those who may change orders."""
    found = Order.objects.visible_to(actor).select_related("operation", "approved_by", "amends")
    drafting = None if actor.is_system else circles(actor, "order.change")
    if drafting is not None:
        found = found.filter(Q(issued_at__isnull=False) | Q(compartment_id__in=drafting))
    if operation is not None:
        found = found.filter(operation=operation)
    return found.order_by("-drafted_at", "-pk")


def order(actor: Actor, pk: UUID) -> Order:
    found = orders(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such order, or it is not yours to see", where=str(pk))
    return found


def issued(actor: Actor, operation: Any, kind: str = Kind.OPERATION) -> Order | None:
    """The order in force."""
    return orders(actor, operation).filter(kind=kind, state=State.ISSUED).first()


def being_drafted(actor: Actor, operation: Any, kind: str = "") -> Order | None:
    found = orders(actor, operation).filter(state__in=OPEN)
    return (found.filter(kind=kind) if kind else found).first()


def in_hand(actor: Actor, operation: Any) -> Order | None:
    """What somebody opens first: the order in force, else the draft, else the warning order."""
    return (
        issued(actor, operation)
        or being_drafted(actor, operation, Kind.OPERATION)
        or issued(actor, operation, Kind.WARNING)
        or being_drafted(actor, operation)
    )


def amendments(actor: Actor, order: Order) -> list[Order]:
    """The fragmentary orders that have been issued on this one, in their order."""
    found = orders(actor).filter(amends=order, issued_at__isnull=False)
    return list(found.order_by("number", "version"))


def editions_for(actor: Actor, operation: Any) -> list[str]:
    """The editions that a person may read, their own first.

    The edition of each post they hold; without a post what their role reads. The detail leader
    and the operator look at all of them before and after they go out.
    """
    everything = [rule.id for rule in order_structure().editions]
    if actor.is_system:
        return everything
    held = operations.posts_held(actor, operation).values_list("edition", flat=True)
    own = list(dict.fromkeys(held))
    role = role_in(actor, operation.compartment_id)
    if not own and role is not None and role in WITHOUT_POST:
        own = [WITHOUT_POST[role]]
    if may(actor, "order.change", operation.compartment_id):
        return list(dict.fromkeys([*own, *everything]))
    return own


def edition_for(actor: Actor, operation: Any, wanted: str = "") -> str:
    """The edition to show; refuses one that is not theirs."""
    allowed = editions_for(actor, operation)
    if wanted:
        order_structure().edition(wanted)
        if wanted not in allowed:
            raise Denied("This edition of the order is not yours to read", where=wanted)
        return wanted
    if not allowed:
        raise Denied(
            "You hold no post in this operation, so no edition of the order is yours",
            mend="Ask the detail leader for a post.",
        )
    return allowed[0]


def own_lines(actor: Actor, order: Order) -> list[OrderLine]:
    """Every line of one order, for those who make orders; readers go through ``lines_for``."""
    found = OrderLine.objects.visible_to(actor, "order.change").filter(order=order)
    return list(found.order_by("position"))


def edition_lines(actor: Actor, order_ids: list[UUID], edition: str) -> dict[UUID, list[OrderLine]]:
    """The lines that an edition carries, by order; the caller has checked the edition."""
    found = OrderLine.objects.visible_to(actor).filter(
        order_id__in=order_ids, editions__contains=[edition]
    )
    rows: dict[UUID, list[OrderLine]] = {pk: [] for pk in order_ids}
    for row in found.order_by("position"):
        rows[row.order_id].append(row)
    return rows


def acknowledgements(actor: Actor, order: Order) -> QuerySet[Acknowledgement]:
    return (
        Acknowledgement.objects.visible_to(actor)
        .filter(order=order)
        .select_related("post__holder", "user", "by", "order")
        .order_by("post__serial")
    )


def concerned(actor: Actor, order: Order) -> list[Any]:
    """The posts that were asked, or that will be when it goes out."""
    if not may(actor, "post.view", order.compartment_id):
        return []
    if order.issued_at:
        return [ack.post for ack in acknowledgements(actor, order)]
    posts = list(operations.posts(actor, order.operation).prefetch_related("covers"))
    if order.kind != Kind.FRAGMENTARY:
        return posts
    return affected(own_lines(actor, order), posts, covers(posts))


def due(found: QuerySet[Acknowledgement]) -> QuerySet[Acknowledgement]:
    """Asked and not given by the person who holds the post now."""
    unread = Q(at=None) | Q(post__holder=None) | ~Q(user=F("post__holder"))
    return found.filter(unread, order__state=State.ISSUED)


def waiting_for(actor: Actor, operation: Any = None) -> list[Acknowledgement]:
    """What this person has been asked to acknowledge, the oldest first."""
    if actor.is_system:
        return []
    found = Acknowledgement.objects.visible_to(actor, "order.acknowledge").filter(
        post__holder=actor
    )
    if operation is not None:
        found = found.filter(order__operation=operation)
    rows = due(found).select_related("order__operation", "post")
    return list(rows.order_by("order__issued_at"))


def first_what_changed(rows: list[Acknowledgement]) -> list[Acknowledgement]:
    """Fragmentary orders first, the newest of them on top."""
    frago = [row for row in rows if row.order.kind == Kind.FRAGMENTARY]
    rest = [row for row in rows if row.order.kind != Kind.FRAGMENTARY]
    return [*reversed(frago), *rest]


def fragments(actor: Actor, order: Order) -> list[dict[str, Any]]:
    """The fragmentary orders on this one, the newest first, with how many have read each."""
    found = []
    for part in reversed(amendments(actor, order)):
        acks = list(acknowledgements(actor, part)) if may_see_posts(actor, part) else []
        read = sum(ack.at is not None and ack.user_id == ack.post.holder_id for ack in acks)  # pyright: ignore
        found.append({"order": part, "asked": len(acks), "read": read})
    return found


def may_see_posts(actor: Actor, order: Order) -> bool:
    return may(actor, "post.view", order.compartment_id)


def unread(actor: Actor) -> list[tuple[Order, list[Acknowledgement]]]:
    """Orders in force that posts have not acknowledged, for those who run the operation."""
    found = Acknowledgement.objects.visible_to(actor, "order.change").exclude(
        order__operation__state__in=("closed", "cancelled")
    )
    rows = due(found).select_related("order__operation", "order__change", "post__holder")
    rows = rows.order_by("post__serial")
    by_order: dict[UUID, list[Acknowledgement]] = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)  # pyright: ignore
    groups = [(acks[0].order, acks) for acks in by_order.values()]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(groups, key=lambda group: group[0].acknowledge_by or far)


def matrix(actor: Actor, order: Order) -> list[dict[str, Any]]:
    """One row a post: how it stands to the order and each of its fragmentary orders."""
    columns = [order, *amendments(actor, order)]
    asked = {
        (ack.post_id, ack.order_id): ack
        for column in columns
        for ack in acknowledgements(actor, column)
    }
    return [
        {
            "post": post,
            "cells": [
                standing(asked.get((post.pk, column.pk)), post, column) for column in columns
            ],
        }
        for post in operations.posts(actor, order.operation)
    ]


def standing(ack: Acknowledgement | None, post: Any, order: Order) -> dict[str, Any]:
    """not asked, due, handed over (read by somebody who held the post before), acknowledged."""
    if ack is None:
        return {"state": "not asked", "ack": None, "order": order}
    if ack.at is None:
        return {"state": "due", "ack": ack, "order": order}
    state = "acknowledged" if ack.user_id == post.holder_id else "handed over"
    return {"state": state, "ack": ack, "order": order}
