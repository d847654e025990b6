"""Change the plan: amend the programme, and tell the posts that it concerns, in one act."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.operations.services import (
    add_movement,
    change_movement,
    cover_movements,
    set_movement_state,
)
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce

from ..change import Leg, Plan, Touch, Wish
from ..compose import Line, compose
from ..models import Change, Order
from ..queries import changes, orders
from ..queries.changes import Preview, key_of
from ..queries.material import material
from .acknowledging import acknowledge_order
from .issuing import approve_order, close_order, issue_order, named
from .orders import let_in, lock_operation, new_fragmentary

State = Change.State
together = transaction.atomic
"""For a page that drafts and sends in one act."""
OF_A_LEG = ("title", "kind", "origin", "destination", "starts", "ends", "details")
LONGEST_LINE, LONGEST_REASON = 2000, 400
MOST_MINUTES = 24 * 60


@transaction.atomic
def draft_change(
    *,
    actor: Actor,
    movement: Any,
    wish: Wish,
    reason: str = "",
    edits: Mapping[str, str] | None = None,
    minutes: int | None = None,
    seen: str = "",
    change: Change | None = None,
) -> Change:
    """Keep what is wanted and what it touches; nobody is told yet.

    ``edits`` maps the key of a drafted line to other words, ``seen`` is what the person looked
    at, ``change`` the draft that is written anew.
    """
    operation = movement.operation
    require(actor, "order.change", operation.compartment_id)
    lock_operation(actor, operation)
    shown = changes.preview(actor, movement, wish)
    row = change or _new(actor, movement)
    if row.state != State.DRAFT:
        raise Refused(f"This change is {row.get_state_display().lower()}", where=row.label)
    row.movement, row.wish = movement, wish.kept()
    row.reason = " ".join(reason.split())[:LONGEST_REASON]
    row.summary = _sentence(shown.summary, row.reason)
    row.edits = _edits(shown, edits or {})
    row.touched = [_kept(touch) for touch in shown.touched]
    row.seen = seen or shown.seen
    row.acknowledge_minutes = _minutes(minutes, shown)
    row.drafted_by_id, row.drafted_at = actor.pk, now()
    row.save()
    _tell(row, "drafted", f"Change {row.label} drafted", actor)
    return row


@transaction.atomic
def send_change(*, actor: Actor, change: Change) -> Change:
    """The programme changes, the fragmentary order is signed and issued, its posts are asked.

    All of it or nothing: when a leg, or what the order would say, is not what the author saw,
    this is a conflict and nothing has happened.
    """
    require(actor, "order.sign", change.compartment_id)
    require(actor, "movement.change", change.compartment_id)
    named(actor, "send a change of plan")
    lock_operation(actor, change.operation)
    row = changes.changes(actor).select_for_update(of=("self",)).get(pk=change.pk)
    if row.state != State.DRAFT or row.movement is None:
        raise Refused(f"This change is {row.get_state_display().lower()}", where=row.label)
    movement = operations.movement(actor, row.movement_id)
    shown = changes.preview(actor, movement, Wish.read(row.wish))
    _refuse_moved_on(row, shown.seen)
    _put_drafts_away(actor, row.operation)
    began = now()
    _amend(actor, row.operation, shown.plan)
    lines = _composed(actor, row, shown)
    order = _issue(actor, row, lines, shown, began)
    _acknowledge_own(actor, order)
    row.state, row.order = State.SENT, order
    row.sent_by, row.sent_at = actor, now()
    row.touched = [_kept(touch) for touch in shown.touched]
    row.save()
    _tell(row, "sent", f"Change {row.label} sent as {order.serial}: {row.summary}", actor)
    return row


@transaction.atomic
def drop_change(*, actor: Actor, change: Change) -> Change:
    """A draft that nobody sends; it stays on record."""
    require(actor, "order.change", change.compartment_id)
    row = changes.changes(actor).select_for_update(of=("self",)).get(pk=change.pk)
    if row.state != State.DRAFT:
        raise Refused(f"This change is {row.get_state_display().lower()}", where=row.label)
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    _tell(row, "dropped", f"Change {row.label} dropped", actor)
    return row


def _new(actor: Actor, movement: Any) -> Change:
    operation = movement.operation
    last = changes.changes(actor, operation).aggregate(last=Max("serial"))["last"]
    return Change(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        serial=(last or 0) + 1,
    )


def _sentence(summary: str, reason: str) -> str:
    return f"{summary} Why: {reason}" if reason else summary


def _kept(touch: Touch) -> dict[str, Any]:
    node = [touch.node[0], str(touch.node[1])] if touch.node else None
    return {
        "group": touch.group,
        "title": touch.title,
        "why": touch.why,
        "tone": touch.tone,
        "node": node,
    }


def _edits(shown: Preview, edits: Mapping[str, str]) -> dict[str, str]:
    """Only other words for lines that are there; nobody rewords what is taken out."""
    known = {key: line for key, line in shown.keyed() if line.change != "removed"}
    found = {}
    for key, text in edits.items():
        words = text.replace("\x00", "").replace("\r\n", "\n").strip()
        if key not in known or words == known[key].text:
            continue
        if not words:
            raise Refused("A line needs words", where=known[key].number)
        found[key] = words[:LONGEST_LINE]
    return found


def _minutes(given: int | None, shown: Preview) -> int:
    minutes = shown.minutes if given is None else given
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused("Posts get from one minute to a day to acknowledge", where="minutes")
    return minutes


def _refuse_moved_on(row: Change, seen: str) -> None:
    if row.seen != seen:
        raise Conflict(
            "Somebody changed the plan while you were looking at it",
            where=row.summary,
            mend="Look at what it touches now, then send.",
        )


def _put_drafts_away(actor: Actor, operation: Any) -> None:
    """A fragmentary order that nobody signed is composed anew afterwards: nothing is lost."""
    waiting = orders.being_drafted(actor, operation, Order.Kind.FRAGMENTARY)
    if waiting is None:
        return
    if waiting.state == Order.State.APPROVED:
        raise Conflict(
            "A signed fragmentary order waits to be issued",
            where=waiting.serial,
            mend="Issue or close it first.",
        )
    close_order(actor=actor, order=waiting)


def _amend(actor: Actor, operation: Any, plan: Plan) -> None:
    """Each leg through its own service, against the version that was seen."""
    added = []
    for old, new in plan.changed:
        if old is None:
            fields = {
                name: getattr(new, name) for name in OF_A_LEG if name not in ("kind", "title")
            }
            added.append(
                add_movement(
                    actor=actor,
                    operation=operation,
                    kind=new.kind,
                    title=new.title,
                    id=new.pk,
                    zone=new.zone,
                    **fields,
                )
            )
        else:
            _amend_one(actor, old, new)
    if added:
        _cover(actor, operation, plan, added)


def _amend_one(actor: Actor, old: Leg, new: Leg) -> None:
    movement, version = operations.movement(actor, old.pk), old.version
    fields = {n: getattr(new, n) for n in OF_A_LEG if getattr(new, n) != getattr(old, n)}
    if fields:
        movement = change_movement(
            actor=actor, movement=movement, expected_version=version, **fields
        )
        version = movement.version
    if new.state != old.state:
        set_movement_state(
            actor=actor, movement=movement, state=new.state, expected_version=version
        )


def _cover(actor: Actor, operation: Any, plan: Plan, added: list[Any]) -> None:
    """Posts that name the leg name what the stop adds to it."""
    for post in operations.posts(actor, operation).prefetch_related("covers__movement"):
        named_legs = [cover.movement for cover in post.covers.all()]  # pyright: ignore
        if plan.target.pk in {leg.pk for leg in named_legs}:
            cover_movements(actor=actor, post=post, movements=[*named_legs, *added])


def _composed(actor: Actor, row: Change, shown: Preview) -> list[Line]:
    """What the records say now, in the leader's words where they gave others."""
    stated, used = changes.stated_lines(actor, shown.base)
    fresh = changes.differing(stated, compose(material(actor, row.operation, secrets=False)), used)
    lines = changes.without(fresh, shown.pending)
    if [key_of(line) for line in lines] != [key_of(line) for line in shown.lines]:
        raise Conflict(
            "The order came out otherwise than it was shown",
            where=row.summary,
            mend="Look at what it touches now, then send.",
        )
    if not lines:
        raise Refused("Nothing in the order changes", where=row.summary)
    return [_worded(line, row.edits) for line in lines]


def _worded(line: Line, edits: Mapping[str, str]) -> Line:
    words = edits.get(key_of(line))
    return replace(line, text=words, composed=line.text) if words else line


def _issue(actor: Actor, row: Change, lines: list[Line], shown: Preview, began: datetime) -> Order:
    order = new_fragmentary(
        actor,
        shown.base,
        summary=row.summary,
        acknowledge_by=now() + timedelta(minutes=row.acknowledge_minutes),
    )
    let_in(order, lines)
    order = approve_order(actor=actor, order=order)
    return issue_order(actor=actor, order=order, answers=began)


def _acknowledge_own(actor: Actor, order: Order) -> None:
    """Whoever signed it has read it."""
    for ack in orders.acknowledgements(actor, order):
        if ack.post.holder_id == actor.pk:
            acknowledge_order(actor=actor, order=order, post=ack.post, note="Signed it")


def _tell(row: Change, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="orders",
        event=f"change_{event}",
        text=text,
        compartment_id=row.compartment_id,
        operation_id=row.operation_id,
        record=("change", row.pk),
        actor=actor,
    )
