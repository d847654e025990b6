"""A find stops the leg and opens nothing; only the detail leader lets it go on, with a reason."""

from typing import Any

from django.db import transaction

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import services as operations
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.platform.news.services import announce

from ..events import find_released, find_reported
from ..models import Find, Inspection
from ..queries.allotments import allotments
from ..queries.inspections import checklist_of, leg_of, operations_of
from .fleet import named


@transaction.atomic
def report_find(*, actor: Actor, inspection: Inspection, item: str = "", words: str = "") -> Find:
    """Said twice for the same step it is one find."""
    require(actor, "vehicle.check", inspection.compartment_id)
    named(actor)
    asks = {step.id: step.ask for step in checklist_of(inspection).items}
    if item and item not in asks:
        raise Refused("The list has no such step", where=item)
    mine = Find.objects.visible_to(actor).filter(inspection=inspection, item=item, released_at=None)
    if known := mine.first():
        return known
    found = Find.objects.create(
        compartment_id=inspection.compartment_id,
        key_id=inspection.key_id,
        vehicle=inspection.vehicle,
        inspection=inspection,
        movement_id=inspection.movement_id,
        item=item,
        words=(words.strip() or asks.get(item, "Not said what"))[:400],
        by_id=actor.pk,
    )
    inspection.state, inspection.ended_at = Inspection.State.FIND, inspection.ended_at or now()
    inspection.save(update_fields=["state", "ended_at"])
    for movement in _legs(found):
        _stop(found, movement)
    _ask(found, actor)
    find_reported.send(sender=Find, find=found, actor=actor)
    return found


def _legs(found: Find) -> list[Any]:
    """The leg it was checked for, and every other that the vehicle is assigned to."""
    rows = allotments(SYSTEM).filter(vehicle=found.vehicle, state="set", ends__gt=now())
    legs = {row.movement_id: row.movement for row in rows}
    if found.movement_id and (leg := leg_of(SYSTEM, found.movement_id)):
        legs[leg.pk] = leg
    return list(legs.values())


def _stop(found: Find, movement: Any) -> None:
    """What was confirmed is a plan again; that it cannot begin is held in ``fleet_ties``."""
    if movement.state == "confirmed":
        operations.set_movement_state(actor=SYSTEM, movement=movement, state="planned")
    announce(
        topic="movements",
        event="stopped",
        text=f"Leg {movement.serial} is stopped: find on {found.vehicle.name}",
        compartment_id=movement.compartment_id,
        operation_id=movement.operation_id,
        record=("movement", movement.pk),
        actor=SYSTEM,
    )


def _ask(found: Find, actor: Actor) -> None:
    legs = _legs(found)
    wanted = {leg.operation_id: (leg.operation, leg) for leg in legs}
    for operation in operations_of(found.vehicle):
        wanted.setdefault(operation.pk, (operation, None))
    for operation, movement in wanted.values():
        alerts.raise_alert(
            operation=operation,
            title=f"Find on {found.vehicle.name}",
            body=f"{found.words}. Reported by {actor}. The vehicle and its legs are stopped.",
            action="Do not touch, clear, cordon, call. Only the detail leader releases it.",
            source="find",
            dedupe=f"find:{found.pk}",
            urgency="now",
            movement=movement,
            about=found.pk,
            actor=actor,
        )


@transaction.atomic
def release_find(*, actor: Actor, find: Find, reason: str) -> Find:
    """The vehicle is free again and needs a full search; nothing is taken as clear by itself."""
    leg = leg_of(actor, find.movement_id)
    require(actor, "vehicle.release", leg.compartment_id if leg else find.compartment_id)
    named(actor)
    if not reason.strip():
        raise Refused("Say why it is released: who looked, and what it was", where="reason")
    find = Find.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=find.pk)
    if find.released_at:
        raise Conflict("This find is released already", where=f"{find.released_at:%d %b %H:%M} UTC")
    find.released_by, find.released_at, find.reason = actor, now(), reason.strip()[:400]
    find.save(update_fields=["released_by", "released_at", "reason"])
    alerts.settle(
        source="find", about=find.pk, state="resolved", reason=f"Released by {actor}", actor=actor
    )
    announce(
        topic="fleet",
        event="released",
        text=f"Find on {find.vehicle.name} released by {actor}",
        compartment_id=leg.compartment_id if leg else find.compartment_id,
        operation_id=leg.operation_id if leg else None,
        record=("vehicle", find.vehicle_id),
        actor=actor,
    )
    find_released.send(sender=Find, find=find, actor=actor)
    return find
