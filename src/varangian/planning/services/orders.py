"""Draft orders: composed from the data, tied line by line to its reasons."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import Node, forget, tie_all

from ..compose import Line, compose, difference, in_force
from ..library import order_structure
from ..models import Order, OrderLine
from ..queries import orders
from ..queries.material import material

State, Kind = Order.State, Order.Kind
SHORT = {Kind.WARNING: "WNG", Kind.OPERATION: "OPO", Kind.FRAGMENTARY: "FRAGO"}
LONGEST_SLUG = 26


@transaction.atomic
def draft_order(*, actor: Actor, operation: Any, kind: str = Kind.OPERATION) -> Order:
    """A new draft from what is known now. One draft of a kind at a time."""
    require(actor, "order.change", operation.compartment_id)
    if kind not in (Kind.WARNING, Kind.OPERATION):
        raise Refused("Draft a warning order or an operation order", where=kind)
    lock_operation(actor, operation)
    _one_at_a_time(actor, operation, kind)
    last = orders.orders(actor, operation).filter(kind=kind).order_by("-version").first()
    order = _new(actor, operation, kind, number=1, version=last.version + 1 if last else 1)
    let_in(order, compose(material(actor, operation), kind))
    tell(order, "drafted", actor)
    return order


@transaction.atomic
def redraft_order(*, actor: Actor, order: Order) -> Order:
    """Compose the draft anew; number and version stay, ties and stale marks of the old text go."""
    require(actor, "order.change", order.compartment_id)
    held = locked(actor, order)
    if held.state != State.DRAFT:
        raise Refused(
            f"An order that is {held.get_state_display().lower()} is not redrafted",
            where=held.serial,
            mend="Draft a new version or a fragmentary order.",
        )
    fresh = (
        _changes_of(actor, held)
        if held.kind == Kind.FRAGMENTARY
        else compose(material(actor, held.operation), held.kind)
    )
    let_go(actor, held, note="Drafted anew")
    OrderLine.objects.visible_to(actor).filter(order=held).delete()
    held.drafted_at, held.drafted_by_id = now(), actor.pk
    held.destroy_after = _destroy_after(held.operation)
    held.save(update_fields=["drafted_at", "drafted_by", "destroy_after"])
    let_in(held, fresh)
    tell(held, "redrafted", actor)
    return held


@transaction.atomic
def draft_fragmentary_order(*, actor: Actor, operation: Any) -> Order:
    """The difference between the order in force and what the data says now, and nothing else."""
    require(actor, "order.change", operation.compartment_id)
    lock_operation(actor, operation)
    base = orders.issued(actor, operation)
    if base is None:
        raise Refused(
            "There is no issued operation order to amend",
            where=operation.slug,
            mend="Draft, sign and issue the operation order first.",
        )
    _one_at_a_time(actor, operation, Kind.FRAGMENTARY)
    order = new_fragmentary(actor, base)
    let_in(order, _changes_of(actor, order))
    tell(order, "drafted", actor)
    return order


def new_fragmentary(actor: Actor, base: Order, **fields: Any) -> Order:
    """The next in the row of this operation; the caller holds the operation."""
    number, version = _next_fragmentary(actor, base.operation)
    return _new(
        actor,
        base.operation,
        Kind.FRAGMENTARY,
        number=number,
        version=version,
        amends=base,
        **fields,
    )


def _changes_of(actor: Actor, order: Order) -> list[Line]:
    base = order.amends
    assert base is not None
    parts = [orders.own_lines(actor, part) for part in (base, *orders.amendments(actor, base))]
    fresh = compose(material(actor, order.operation))
    used = [row.number for rows in parts for row in rows]
    found = difference(in_force(parts[0], parts[1:]), fresh, used)
    if not found:
        raise Refused(
            "Nothing in the order has changed",
            where=base.serial,
            mend="If lines are marked stale, look at them and clear the marks.",
        )
    return found


def let_in(order: Order, lines: list[Line]) -> None:
    """Keep the lines of a draft, tied to their reasons."""
    rows = [
        OrderLine(
            order=order,
            key_id=order.key_id,
            compartment_id=order.compartment_id,
            paragraph=order_structure().paragraph_of(line.heading).id,
            heading=line.heading,
            number=line.number,
            position=position,
            anchor=line.anchor,
            text=line.text,
            cells=line.cells,
            gap=line.gap,
            editions=list(line.editions),
            post_id=line.post,
            movement_id=line.movement,
            reason_kind=line.reason[0] if line.reason else "",
            reason=line.reason[1] if line.reason else None,
            change=line.change,
            replaces=line.replaces,
            composed=line.composed,
        )
        for position, line in enumerate(lines, start=1)
    ]
    OrderLine.objects.bulk_create(rows)
    _tie(order, rows, lines)


def _tie(order: Order, rows: list[OrderLine], lines: list[Line]) -> None:
    own = order.compartment_id
    reasons: list[tuple[Node, Node]] = [
        (reason, ("order_line", row.pk))
        for row, line in zip(rows, lines, strict=True)
        if line.change != "removed"
        for reason in line.ties
    ]
    tie_all(pairs=reasons, relation="is the reason for", compartment_id=own)
    tie_lines(order, rows, order)
    whole: list[tuple[Node, Node]] = [(("operation", order.operation_id), ("order", order.pk))]
    tie_all(pairs=whole, relation="is ordered by", compartment_id=own)


def tie_lines(order: Order, rows: list[OrderLine], whole: Order) -> None:
    """A stale line makes the order stale that states it."""
    pairs: list[tuple[Node, Node]] = [(("order_line", r.pk), ("order", whole.pk)) for r in rows]
    tie_all(pairs=pairs, relation="stands in", compartment_id=order.compartment_id)


def let_go(actor: Actor, order: Order, *, note: str) -> None:
    """Its lines and the order itself no longer depend on anything."""
    rows = OrderLine.objects.visible_to(actor, "order.change").filter(order=order)
    forget(kind="order_line", records=list(rows.values_list("pk", flat=True)), note=note)
    forget(kind="order", records=[order.pk], note=note)


def _new(actor: Actor, operation: Any, kind: str, **fields: Any) -> Order:
    slug = operation.slug[:LONGEST_SLUG].strip("-").upper()
    return Order.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        kind=kind,
        serial=f"{slug} {SHORT[Kind(kind)]} {fields['number']}",
        destroy_after=_destroy_after(operation),
        drafted_by_id=actor.pk,
        **fields,
    )


def _destroy_after(operation: Any) -> datetime | None:
    """The record copy of the leader; each printed edition carries its own, shorter time."""
    hours = order_structure().edition("detail_leader").destroy_after_hours
    return operation.ends + timedelta(hours=hours) if operation.ends else None


def _next_fragmentary(actor: Actor, operation: Any) -> tuple[int, int]:
    """Numbers without a hole: a draft that never went out leaves its number to the next."""
    known = orders.orders(actor, operation).filter(kind=Kind.FRAGMENTARY)
    out = known.filter(issued_at__isnull=False).order_by("-number").first()
    number = out.number + 1 if out else 1
    same = known.filter(number=number).order_by("-version").first()
    return number, same.version + 1 if same else 1


def _one_at_a_time(actor: Actor, operation: Any, kind: str) -> None:
    waiting = orders.being_drafted(actor, operation, kind)
    if waiting is not None:
        raise Conflict(
            f"There is one already, {waiting.get_state_display().lower()}",
            where=waiting.serial,
            mend="Redraft or close it; an approved one is issued or closed.",
        )


def lock_operation(actor: Actor, operation: Any) -> None:
    rows = operations.operations(actor).filter(pk=operation.pk)
    rows.select_for_update(of=("self",), no_key=True).get()


def locked(actor: Actor, order: Order) -> Order:
    """Hold the order while its state changes."""
    return orders.orders(actor).filter(pk=order.pk).select_for_update(of=("self",)).get()


def tell(order: Order, event: str, actor: Actor, text: str = "") -> None:
    announce(
        topic="orders",
        event=event,
        text=text or f"{order.serial} version {order.version} {event}",
        compartment_id=order.compartment_id,
        operation_id=order.operation_id,
        record=("order", order.pk),
        actor=actor,
    )
