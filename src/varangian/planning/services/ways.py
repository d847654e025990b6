"""Which route and entrance a leg really had: what the routine is judged by."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.news.services import announce

from ..models import WayTaken

LONGEST = 80


@transaction.atomic
def record_way(
    *, actor: Actor, movement: Any, route: str | None = None, entrance: str | None = None
) -> WayTaken:
    """None leaves what stands; an empty word is unknown again."""
    require(actor, "way.record", movement.compartment_id)
    if movement.is_stay:
        raise Refused("A stay has no way", where=movement.title, mend="Choose the leg to it.")
    if movement.starts is None or movement.starts > now():
        raise Refused("This leg has not begun", where=movement.title)
    if route is None and entrance is None:
        raise Refused("Say the route, the entrance or both", where="route, entrance")
    row = _row(movement)
    row.route = row.route if route is None else _word("route", route)
    row.entrance = row.entrance if entrance is None else _word("entrance", entrance)
    row.by_id, row.at = actor.pk, now()  # pyright: ignore
    row.save()
    announce(
        topic="routine",
        event="way",
        text=f"Way taken of leg {movement.serial} recorded",
        compartment_id=movement.compartment_id,
        operation_id=movement.operation_id,
        record=("movement", movement.pk),
        actor=actor,
    )
    return row


@system_read("a driver says what they drove and need not see the routine")
def _row(movement: Any) -> WayTaken:
    found = WayTaken.objects.select_for_update().filter(movement=movement).first()
    return found or WayTaken(
        key_id=movement.key_id,
        compartment_id=movement.compartment_id,
        movement=movement,
        route="",
        entrance="",
    )


def _word(name: str, words: str) -> str:
    clean = " ".join(words.replace("\x00", "").split())
    if len(clean) > LONGEST:
        raise Refused(f"This has more than {LONGEST} letters", where=name)
    return clean


def looked_at_routine(*, actor: Actor, principal: Any) -> None:
    """Reading somebody's routine leaves a note, as reading their file does."""
    require(actor, "routine.view", principal.compartment_id)
    note(kind="read", record=principal, actor=actor, purpose="principal's routine")
