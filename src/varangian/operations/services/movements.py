"""Change where the principal goes and when; everything that hangs on it hears of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed, tie, untie

from ..events import movement_added, movement_changed, movement_removed
from ..models import Movement, Operation
from ..rules import MOVEMENT_KINDS, checked

STATES: dict[str, set[str]] = {
    "planned": {"confirmed", "under_way", "cancelled"},
    "confirmed": {"planned", "under_way", "cancelled"},
    "under_way": {"arrived", "diverted", "complete"},
    "diverted": {"arrived", "under_way"},
    "arrived": {"complete", "under_way"},
    "complete": set(),
    "cancelled": {"planned"},
}
CHANGEABLE = {
    "title",
    "notes",
    "details",
    "kind",
    "origin",
    "destination",
    "starts",
    "ends",
    "zone",
    "implied",
    "source_uid",
}


@transaction.atomic
def add_movement(
    *, actor: Actor, operation: Operation, kind: str, title: str, **fields: Any
) -> Movement:
    require(actor, "movement.change", operation.compartment_id)
    _refuse_ended(operation)
    given = {"kind": kind, "title": title, **fields}
    fields = checked(given, zone="UTC", zone_field="zone", kinds=MOVEMENT_KINDS)
    _check(fields.get("starts"), fields.get("ends"), title)
    own = Movement.objects.visible_to(actor).filter(operation=operation)
    last = own.aggregate(last=Max("serial"))["last"]
    movement = Movement.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        serial=(last or 0) + 1,
        **fields,
    )
    _renumber(operation)
    movement.refresh_from_db(fields=["serial"])
    _tie_places(movement)
    movement_added.send(sender=Movement, movement=movement, actor=actor)
    changed(
        node=("operation", operation.pk),
        reason=f"Leg {movement.serial} added",
    )
    _tell(movement, "added", f"Leg added: {label(movement)}", actor)
    return movement


@transaction.atomic
def change_movement(
    *, actor: Actor, movement: Movement, expected_version: int | None = None, **fields: Any
) -> Movement:
    """Refuses when somebody else changed the leg since ``expected_version`` was shown."""
    require(actor, "movement.change", movement.compartment_id)
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("These fields cannot be changed", where=", ".join(sorted(unknown)))
    _refuse_ended(movement.operation)
    locked = Movement.objects.visible_to(actor).select_for_update().get(pk=movement.pk)
    _refuse_moved_on(locked, expected_version)
    fields = checked(fields, zone=locked.zone, zone_field="zone", kinds=MOVEMENT_KINDS)
    differing = [name for name, value in fields.items() if getattr(locked, name) != value]
    if not differing:
        return locked
    bare = [_difference(locked, name, fields[name], full=False) for name in differing]
    words = [_difference(locked, name, fields[name], full=True) for name in differing]
    for name, value in fields.items():
        setattr(locked, name, value)
    _check(locked.starts, locked.ends, locked.title)
    locked.version += 1
    locked.updated_at = now()
    locked.save(update_fields=[*fields, "version", "updated_at"])
    _renumber(locked.operation)
    locked.refresh_from_db(fields=["serial"])
    if {"origin", "destination"} & set(differing):
        _tie_places(locked)
    changed(
        node=("movement", locked.pk),
        reason=f"Leg {locked.serial} changed: {'; '.join(bare)}",
    )
    movement_changed.send(sender=Movement, movement=locked, changes=words, actor=actor)
    _tell(locked, "changed", f"Leg {locked.serial} changed: {'; '.join(words)}", actor)
    return locked


def _tie_places(movement: Movement) -> None:
    """A leg hears of its places, and no longer of those it had before."""
    node = ("movement", movement.pk)
    untie(right=node, left_kinds=("place",))
    for place in {movement.origin, movement.destination} - {None}:
        where = movement.compartment_id
        tie(left=("place", place.pk), right=node, relation="where", compartment_id=where)


def place_movement(*, actor: Actor, movement: Movement, end: str, place: Any) -> Movement:
    """Put one end of a leg on the map."""
    if end not in ("origin", "destination"):
        raise Refused("A leg has an origin and a destination", where=end)
    return change_movement(actor=actor, movement=movement, **{end: place})


@transaction.atomic
def set_movement_state(
    *, actor: Actor, movement: Movement, state: str, expected_version: int | None = None
) -> Movement:
    require(actor, "movement.change", movement.compartment_id)
    _as_it_is(actor, movement)
    _refuse_moved_on(movement, expected_version)
    if state not in STATES[movement.state]:
        raise Refused(
            f"A leg that is {movement.get_state_display().lower()} cannot become "
            f"{state.replace('_', ' ')}",
            where=movement.title,
            mend=f"Possible now: {', '.join(sorted(STATES[movement.state])) or 'nothing'}.",
        )
    movement.state = state
    movement.version += 1
    movement.updated_at = now()
    movement.save(update_fields=["state", "version", "updated_at"])
    if state in ("cancelled", "diverted"):
        changed(
            node=("movement", movement.pk),
            reason=f"Leg {movement.serial} is {state}",
        )
    movement_changed.send(sender=Movement, movement=movement, changes=["state"], actor=actor)
    text = f"Leg {movement.serial} {movement.get_state_display().lower()}: {label(movement)}"
    _tell(movement, state, text, actor)
    return movement


@transaction.atomic
def remove_movement(*, actor: Actor, movement: Movement) -> None:
    require(actor, "movement.change", movement.compartment_id)
    _refuse_ended(movement.operation)
    _as_it_is(actor, movement)
    if movement.state not in ("planned", "confirmed", "cancelled"):
        raise Refused("A leg that has begun stays on record", mend="Cancel or divert it.")
    changed(node=("movement", movement.pk), reason=f"Leg {movement.serial} removed")
    _tell(movement, "removed", f"Leg removed: {label(movement)}", actor)
    movement_removed.send(sender=Movement, movement=movement, actor=actor)
    operation = movement.operation
    movement.delete()
    _renumber(operation)


def label(movement: Movement) -> str:
    """``14:30 EET Hotel to venue``: for logs and reasons."""
    if movement.starts is None:
        return movement.title
    at = movement.starts.astimezone(ZoneInfo(movement.zone))
    return f"{at:%d %b %H:%M %Z} {movement.title}"


def _difference(movement: Movement, name: str, value: Any, *, full: bool) -> str:
    """Reasons of stale marks are not sealed, so only the log gets titles and places in full."""
    old = getattr(movement, name)
    if isinstance(old, datetime) or isinstance(value, datetime):
        zone = ZoneInfo(movement.zone)
        shown = [f"{t.astimezone(zone):%d %b %H:%M %Z}" if t else "unknown" for t in (old, value)]
        return f"{name} {shown[0]} to {shown[1]}"
    if full and name in ("title", "origin", "destination", "kind"):
        return f"{name} {old or 'unknown'} to {value or 'unknown'}"
    return name


def _as_it_is(actor: Actor, movement: Movement) -> None:
    """The row locked, and its state as others left it while this page was open."""
    Movement.objects.visible_to(actor).select_for_update().filter(pk=movement.pk).first()
    movement.refresh_from_db(fields=["state", "version"])


def _refuse_moved_on(movement: Movement, expected_version: int | None) -> None:
    if expected_version is not None and movement.version != expected_version:
        raise Conflict(
            "Somebody changed this leg while you were looking at it",
            where=movement.title,
            mend="Load it again; what you typed is kept as a draft.",
        )


def _refuse_ended(operation: Operation) -> None:
    if operation.state in (Operation.State.CLOSED, Operation.State.CANCELLED):
        raise Refused(
            f"This operation is {operation.state}; its legs stay as they are",
            where=operation.slug,
            mend="Take a cancelled operation back to draft; for a closed one open a new one.",
        )


def _check(starts: datetime | None, ends: datetime | None, title: str) -> None:
    if starts and ends and ends < starts:
        raise Refused("It ends before it starts", where=title, mend="Correct one of the times.")


@system_read("serials follow the clock over all legs, whoever changed one")
def _renumber(operation: Operation) -> None:
    """Serials follow the clock; legs without a start keep their place at the end."""
    rows = list(Movement.objects.filter(operation=operation))
    rows.sort(key=lambda m: (m.starts is None, m.starts or now(), m.serial))
    moved = []
    for number, row in enumerate(rows, start=1):
        if row.serial != number:
            row.serial = number
            moved.append(row)
    Movement.objects.bulk_update(moved, ["serial"])


def _tell(movement: Movement, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="movements",
        event=event,
        text=text,
        compartment_id=movement.compartment_id,
        operation_id=movement.operation_id,
        record=("movement", movement.pk),
        actor=actor,
    )
