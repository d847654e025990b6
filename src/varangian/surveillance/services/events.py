"""What a camera or a sensor tells: kept for its days, held against the rules, passed upward."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from .. import rules
from ..events import plate_read, seen
from ..models import Camera, EventRule, SeenEvent, Sensor
from .placing import Grip, held
from .sealing import seal

URGENCIES = ("now", "attention", "inform")
MOST_STILL = 2 * 1024 * 1024
AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=2)


@transaction.atomic
@system_read("what a camera tells is kept by the house")
def hear_camera(
    *,
    grip: Grip,
    name: str,
    detail: dict[str, Any],
    at: datetime | None = None,
    still: bytes = b"",
) -> SeenEvent | None:
    """Only from the job that holds the camera. None for a plate that nobody looks out for: a
    camera sees every vehicle that passes, and that one passed is not kept either."""
    camera = held(grip).camera
    if name == "plate.read":
        kept = rules.read_plate(detail) if camera.reads_plates and camera.operation_id else None
        detail = _looked_out_for(camera, camera.position, kept, at or now()) if kept else {}
        if not detail:
            return None
    keeps = camera.keeps_stills and name.startswith("behaviour.") and _is_still(still)
    return _hear(
        camera.operation, camera=camera, name=name, detail=detail, at=at,
        still=seal(camera, still) if keeps else b"",
    )  # fmt: skip


def _is_still(data: bytes) -> bool:
    return 0 < len(data) <= MOST_STILL and data.startswith(b"\xff\xd8\xff")


@transaction.atomic
@system_read("what a sensor tells is kept by the house")
def hear_sensor(
    *,
    sensor: Sensor,
    name: str,
    detail: dict[str, Any],
    at: datetime | None = None,
    key: str = "",
    camera: Camera | None = None,
) -> SeenEvent | None:
    """None for what was heard before."""
    present = now()
    Sensor.objects.filter(pk=sensor.pk).update(heard_at=present, silent_since=None)
    if not name:
        return None
    known = SeenEvent.objects.filter(sensor=sensor, key_of_source=key)
    if key and known.exists():
        return None
    if name == "plate.read":
        where = (camera.position if camera else None) or sensor.position
        detail = _looked_out_for(sensor, where, detail, at or present)
    try:
        with transaction.atomic():
            return _hear(
                sensor.operation, sensor=sensor, camera=camera, name=name, detail=detail, at=at,
                key_of_source=key[:80],
            )  # fmt: skip
    except IntegrityError:
        return None


def _looked_out_for(
    source: Camera | Sensor, position: Any, detail: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """What matches nothing is not kept: of an outside reader only that it read one remains."""
    answers = plate_read.send(
        sender=SeenEvent,
        operation=source.operation,
        plate=detail["plate"],
        position=position or None,
        at=at,
        source=source.name,
    )
    return detail if any(answer for _, answer in answers) else {}


def _hear(
    operation: Any, *, name: str, detail: dict[str, Any], at: datetime | None, **whose: Any
) -> SeenEvent:
    source = whose.get("camera") or whose["sensor"]
    present = now()
    told = at or present
    if not present - BEHIND <= told <= present + AHEAD:
        detail, told = {**detail, "claimed_at": told.isoformat()}, present
    days = (whose.get("sensor") or source).retention_days
    event = SeenEvent.objects.create(
        compartment_id=source.compartment_id,
        key_id=source.key_id,
        name=name[:40],
        at=told,
        detail=detail,
        expires_at=present + timedelta(days=days),
        **whose,
    )
    publish(topic="seen", record=event.pk, compartment_id=event.compartment_id)
    seen.send(sender=SeenEvent, event=event, operation=operation)
    if operation is not None:
        _hold_against_rules(operation, event)
    return event


@system_read("rules are kept by the house")
def _hold_against_rules(operation: Any, event: SeenEvent) -> None:
    found = EventRule.objects.filter(operation=operation, removed_at=None)
    clock = event.at.astimezone(ZoneInfo(operation.time_zone)).time()
    for rule in found:
        if rule.camera_id not in (None, event.camera_id):
            continue
        if rule.sensor_id not in (None, event.sensor_id):
            continue
        if rules.fits(rule.name, event.name) and rules.within(clock, rule.begins, rule.ends):
            _alert(operation, event, rule)
            return


def _alert(operation: Any, event: SeenEvent, rule: EventRule) -> None:
    """One of a source within the quiet time; the dedupe of the alerts does the rest."""
    source: Any = event.sensor or event.camera
    span = int(event.at.timestamp()) // max(1, rule.quiet_s)
    raise_alert(
        operation=operation,
        title=f"{source.name}: {rules.event_words(event.name, event.detail)}"[:200],
        source="surveillance",
        dedupe=f"surveillance:{rule.pk}:{source.pk}:{span}",
        urgency=rule.urgency,
        place=source.name,
        body=f"Told at {event.at:%H:%M:%S} UTC by {source.name}.",
        action="Look at the camera or send somebody, and say in the log what it was.",
        position=list(source.position) if source.position else None,
    )


@transaction.atomic
def add_rule(
    *,
    actor: Actor,
    operation: Any,
    name: str,
    urgency: str = "attention",
    camera: Camera | None = None,
    sensor: Sensor | None = None,
    begins: Any = None,
    ends: Any = None,
    quiet_s: int = 300,
) -> EventRule:
    require(actor, "camera.change", operation.compartment_id)
    if urgency not in URGENCIES:
        raise Refused("Unknown urgency", where="urgency", mend=", ".join(URGENCIES))
    if (begins is None) != (ends is None):
        raise Refused("Hours have a beginning and an end", where="begins, ends")
    if not 0 <= quiet_s <= 86_400:
        raise Refused("The quiet time is 0 to 86400 seconds", where="quiet_s")
    for one in (camera, sensor):
        if one is not None and one.operation_id != operation.pk:
            raise Refused("This belongs to another operation", where=one.name)
    return EventRule.objects.create(
        compartment_id=operation.compartment_id,
        operation=operation,
        camera=camera,
        sensor=sensor,
        name=rules.rule_name(name),
        urgency=urgency,
        begins=begins,
        ends=ends,
        quiet_s=quiet_s,
    )


@transaction.atomic
def remove_rule(*, actor: Actor, rule: EventRule) -> None:
    require(actor, "camera.change", rule.compartment_id)
    if rule.removed_at is None:
        rule.removed_at = now()
        rule.save(update_fields=["removed_at"])
        note(kind="write", record=rule, actor=actor, purpose="rule of events taken away")


def tell_lost(*, grip: Grip, lost: bool, reason: str) -> None:
    """A picture that goes or comes back is an event as well: a rule may ask for a person."""
    name = "source.lost" if lost else "source.back"
    hear_camera(grip=grip, name=name, detail={"words": reason} if reason else {})
