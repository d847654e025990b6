"""The acts of a phone that are not of a part of their own. Imported when the feature is loaded."""

from typing import Any
from uuid import UUID

from varangian.alerts import queries as alerts
from varangian.alerts.services import acknowledge
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.models import Duty
from varangian.operations.people import member_by_email
from varangian.operations.services import end_duty, set_status, start_duty
from varangian.planning.queries import briefs, orders
from varangian.planning.services import read_brief
from varangian.planning.services.acknowledging import acknowledge_order
from varangian.platform.access.scope import Actor

from . import field
from .outbox import Act, kind

LONGEST, MOST_POINTS = 200, 20


def uuid_of(value: Any, where: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Refused("This is no identifier of a record", where=where) from error


def on_duty(actor: Actor) -> Duty:
    duty = operations.own_duty(actor)
    if duty is None:
        raise Refused("You are not on duty", mend="Start duty first.")
    return duty


def operation_of(actor: Actor, act: Act) -> Any:
    """As named when it was done: a queue may be sent after the person went off duty."""
    slug = act.body.get("operation")
    return operations.operation(actor, str(slug)) if slug else on_duty(actor).operation


@kind("duty_start")
def begin(*, actor: Actor, act: Act) -> str:
    operation = operation_of(actor, act)
    wanted = act.body.get("post")
    post = operations.post(actor, uuid_of(wanted, "post")) if wanted else None
    start_duty(actor=actor, operation=operation, post=post, at=act.at)
    return f"On duty, {post.title if post else 'in reserve'}"


@kind("status")
def status(*, actor: Actor, act: Act) -> str:
    wanted = str(act.body.get("status"))
    duty = set_status(actor=actor, duty=on_duty(actor), status=wanted, at=act.at)
    return f"Status: {duty.get_status_display().lower()}"


@kind("duty_end")
def stand_down(*, actor: Actor, act: Act) -> str:
    end_duty(actor=actor, duty=on_duty(actor), at=act.at)
    return "Off duty"


@kind("handover")
def hand_over(*, actor: Actor, act: Act) -> str:
    """To a named member, point by point."""
    duty = on_duty(actor)
    relief = member_by_email(actor, duty.operation, str(act.body.get("to") or ""))
    if relief.pk == actor.pk:
        raise Refused("Nobody relieves themselves", where="to")
    points = confirmed(act.body.get("points"))
    end_duty(actor=actor, duty=duty, at=act.at, relieved_by=relief, handover=points)
    return f"Handed over to {relief}"


def confirmed(given: Any) -> list[dict[str, Any]]:
    """The points of a handover as they are kept."""
    rows = given if isinstance(given, list) else []
    return [
        {"words": str(row.get("words", ""))[:LONGEST], "confirmed": bool(row.get("confirmed"))}
        for row in rows[:MOST_POINTS]
        if isinstance(row, dict)
    ]


@kind("log")
def log_entry(*, actor: Actor, act: Act) -> str:
    found = _report(actor, act, "log")
    return f"Log entry {found.entry.serial}"


@kind("sighting")
def sighting(*, actor: Actor, act: Act) -> str:
    found = _report(actor, act, "sighting")
    return f"Sighting, log entry {found.entry.serial}; the desk is asked to look"


def _report(actor: Actor, act: Act, what: str) -> Any:
    return field.report(
        actor=actor,
        operation=operation_of(actor, act),
        kind=what,
        act=act.key,
        at=act.at,
        content=dict(act.body),
        photo=act.files.get("photo"),
        voice=act.files.get("voice"),
    )


@kind("ack")
def acknowledged(*, actor: Actor, act: Act) -> str:
    """An order for the post one holds, a brief, or an alert."""
    what, pk = act.body.get("what"), uuid_of(act.body.get("id"), "id")
    if what == "alert":
        acknowledge(actor=actor, alert=alerts.alert(actor, pk))
        return "Alert acknowledged"
    if what == "brief":
        found = briefs.brief(actor, pk)
        read_brief(actor=actor, brief=found)
        return f"{found.label} read"
    if what != "order":
        raise Refused("An order, a brief or an alert is acknowledged", where=str(what))
    order = orders.order(actor, pk)
    post = operations.post(actor, uuid_of(act.body.get("post"), "post"))
    acknowledge_order(actor=actor, order=order, post=post)
    return f"Order {order.serial} acknowledged"
