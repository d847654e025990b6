"""What a phone sends through its outbox: a check call, and a press that found no other way."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor

from ..models import Via
from ..queries import checks as queries
from ..queries.phone import part
from ..shapes.duress import check_shape
from . import checks, duress
from .outbox import Act, kind


@kind("check")
def check(*, actor: Actor, act: Act) -> str:
    if not checks.proves(person=actor, pin=str(act.body.get("pin", ""))):
        return "Check call: this PIN is not right, none was made"
    row = checks.check_call(person=actor, at=act.at)
    if row is None:
        return "Check call: none is due"
    there = row.due_at.astimezone(ZoneInfo(row.operation.time_zone))
    return f"Check call: next due {there:%H:%M}"


@kind("duress")
def call(*, actor: Actor, act: Act) -> None:
    heard = duress.Heard(
        key=str(act.key),
        via=Via.SLIDE,
        at=act.at,
        lat=duress.number(act.body.get("lat")),
        lon=duress.number(act.body.get("lon")),
        accuracy=duress.number(act.body.get("accuracy")),
    )
    duress.press(person=actor, heard=heard)


@part("check")
def due(actor: Actor, operation: Operation) -> dict[str, Any] | None:
    """For the countdown of the screen Now."""
    row = queries.own(actor)
    return check_shape(row) if row and row.operation_id == operation.pk else None
