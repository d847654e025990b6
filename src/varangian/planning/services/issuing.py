"""Sign, issue and close orders. A signed order never changes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.approval import approve
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import forget, settle

from ..compose import in_force
from ..library import order_structure
from ..models import Acknowledgement, Order, OrderLine
from ..queries import orders
from ..signing import content_digest, fault
from .orders import let_go, locked, tell, tie_lines
from .unread import settle_alert

State, Kind = Order.State, Order.Kind
NEVER_WITHOUT = ("task", "actions_on", "chain")
"""Headings whose own words say that an order without them is not issued."""


@transaction.atomic
def approve_order(*, actor: Actor, order: Order) -> Order:
    """The signature of a named person over the content, their name and the time."""
    require(actor, "order.sign", order.compartment_id)
    named(actor, "sign an order")
    held = locked(actor, order)
    _expect(held, State.DRAFT, "signed")
    lines = orders.own_lines(actor, held)
    _refuse_stale(actor, held, lines)
    _refuse_gaps(held, lines)
    held.state = State.APPROVED
    approve(held, actor, content_digest(held, lines))
    held.save()
    tell(held, "approved", actor, f"{held.serial} version {held.version} signed by {actor}")
    return held


@transaction.atomic
def issue_order(*, actor: Actor, order: Order, answers: datetime | None = None) -> Order:
    """Send it out: it supersedes what was before, and asks every post that it concerns.

    A fragmentary order answers every mark on the order it amends; with ``answers`` only those
    made since then, for one that says less than everything that has changed.
    """
    require(actor, "order.change", order.compartment_id)
    named(actor, "issue an order")
    held = locked(actor, order)
    _expect(held, State.APPROVED, "issued")
    lines = orders.own_lines(actor, held)
    broken = fault(held, lines)
    if broken:
        raise Refused(broken, where=held.serial, mend="Do not use this order. Tell the auditor.")
    if held.kind == Kind.FRAGMENTARY:
        _amend(actor, held, lines, answers)
    else:
        _supersede(actor, held)
    asked = _ask(actor, held)
    held.state, held.issued_at = State.ISSUED, now()
    held.save(update_fields=["state", "issued_at"])
    words = ", ".join(post.title for post in asked) or "nobody"
    tell(held, "issued", actor, f"{held.serial} version {held.version} issued to {words}")
    return held


@transaction.atomic
def close_order(*, actor: Actor, order: Order) -> Order:
    """Nobody acts on it any more. A draft that was never issued is put away the same way."""
    require(actor, "order.change", order.compartment_id)
    held = locked(actor, order)
    if held.state in (State.CLOSED, State.SUPERSEDED):
        raise Refused(f"It is {held.get_state_display().lower()} already", where=held.serial)
    for part in (held, *orders.orders(actor).filter(amends=held).exclude(state=State.CLOSED)):
        let_go(actor, part, note="Order closed")
        part.state = State.CLOSED
        part.save(update_fields=["state"])
        settle_alert(part)
        tell(part, "closed", actor)
    return held


def _amend(actor: Actor, order: Order, lines: list[OrderLine], answers: datetime | None) -> None:
    """Its lines count as lines of the base; what it answers no longer waits to be looked at."""
    base = order.amends
    if base is None or base.state != State.ISSUED:
        raise Refused(
            "The order that it amends is not in force any more",
            where=order.serial,
            mend="Close this one.",
        )
    parts = (base, *orders.amendments(actor, base))
    stated = [orders.own_lines(actor, part) for part in parts]
    rows = [row for part in stated for row in part]
    note = f"Looked at again in {order.serial}"
    _settle(actor, order, parts, rows, {line.anchor for line in lines}, answers)
    kept = {line.record for line in in_force(stated[0], [*stated[1:], lines]).values()}
    gone = [row.pk for row in rows if row.pk not in kept]
    forget(kind="order_line", records=gone, note=note)
    tie_lines(order, [line for line in lines if line.change != "removed"], base)


def _settle(
    actor: Actor,
    order: Order,
    parts: Any,
    rows: list[OrderLine],
    said: set[str],
    answers: datetime | None,
) -> None:
    """All marks; with ``answers`` those since then, and every mark on a line that is said anew."""
    note = f"Looked at again in {order.serial}"
    given = {"actor": order.approved_by, "before": order.drafted_at, "note": note}
    anew = [row.pk for row in rows if answers is None or row.anchor in said]
    settle(kind="order_line", records=anew, **given)
    whole = [part.pk for part in parts]
    if answers is not None:
        rest = [row.pk for row in rows if row.anchor not in said]
        settle(kind="order_line", records=rest, after=answers, **given)
        settle(kind="order", records=whole, after=answers, **given)
    if answers is None or not stale_by_record(actor, "order_line", [row.pk for row in rows]):
        settle(kind="order", records=whole, **given)


def _supersede(actor: Actor, order: Order) -> None:
    kinds = (Kind.WARNING,) if order.kind == Kind.WARNING else tuple(Kind)
    former = orders.orders(actor, order.operation).filter(state=State.ISSUED, kind__in=kinds)
    for old in former.exclude(pk=order.pk):
        let_go(actor, old, note=f"Superseded by {order.serial} version {order.version}")
        old.state = State.SUPERSEDED
        old.save(update_fields=["state"])
        settle_alert(old)


def _ask(actor: Actor, order: Order) -> list[Any]:
    posts = orders.concerned(actor, order)
    Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(compartment_id=order.compartment_id, order=order, post=post)
            for post in posts
        ]
    )
    return posts


def _refuse_stale(actor: Actor, order: Order, lines: list[OrderLine]) -> None:
    stale = stale_by_record(actor, "order", [order.pk]).get(order.pk, [])
    stale += [
        w for s in stale_by_record(actor, "order_line", [x.pk for x in lines]).values() for w in s
    ]
    if stale:
        raise Refused(
            f"Since it was drafted something has changed: {stale[0]}",
            where=order.serial,
            mend="Redraft it, then read and sign.",
        )


def _refuse_gaps(order: Order, lines: list[OrderLine]) -> None:
    holes = [row for row in lines if row.gap and row.heading in NEVER_WITHOUT]
    if holes and order.kind == Kind.OPERATION:
        titles = ", ".join(order_structure().heading(row.heading).title for row in holes)
        raise Refused(
            f"An order without this is not issued: {titles}",
            where=order.serial,
            mend="Write the mission, fill the command posts, choose the cards; then redraft.",
        )


def _expect(order: Order, state: str, words: str) -> None:
    if order.state != state:
        raise Refused(
            f"An order that is {order.get_state_display().lower()} cannot be {words}",
            where=order.serial,
            mend="Draft, then sign, then issue.",
        )


def named(actor: Actor, what: str) -> None:
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend="Use --as with a person's e-mail.")
