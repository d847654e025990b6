"""What was told, the sensors that tell, and the rules that ask for a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import EventRule, SeenEvent, Sensor

MOST = 200
MOST_PLATES = 5000


def events(actor: Actor, operation: Any = None, *, name: str = "", source: str = "") -> QuerySet:
    """``name`` may be the beginning of one, ``source`` the id of a camera or a sensor."""
    found = SeenEvent.objects.visible_to(actor).select_related("camera", "sensor").defer("still")
    if operation is not None:
        found = found.filter(compartment_id=operation.compartment_id)
    if name:
        found = found.filter(name__startswith=name.rstrip("*"))
    if source:
        try:
            pk = UUID(source)
        except ValueError:
            return found.none()
        found = found.filter(Q(camera_id=pk) | Q(sensor_id=pk))
    return found


def event(actor: Actor, pk: UUID) -> SeenEvent:
    found = SeenEvent.objects.visible_to(actor).filter(pk=pk)
    row = found.select_related("camera__operation", "sensor__operation").first()
    if row is None:
        raise NotFound("There is no such event, or its days are over", where=str(pk))
    return row


def plates(actor: Actor, principal: UUID, since: datetime) -> list[SeenEvent]:
    """Plates that readers read and somebody looked out for, around one principal; the newest
    first. What nobody looked out for was not kept."""
    around = Q(sensor__operation__principal_id=principal) | Q(
        camera__operation__principal_id=principal
    )
    found = SeenEvent.objects.visible_to(actor).filter(around, name="plate.read", at__gte=since)
    whose = ("camera", "camera__operation", "sensor", "sensor__operation")
    rows = found.select_related(*whose).order_by("-at")
    return [one for one in rows[:MOST_PLATES] if one.detail.get("plate")]


def sensors(actor: Actor, operation: Any = None) -> QuerySet[Sensor]:
    found = Sensor.objects.visible_to(actor).filter(removed_at=None).select_related("operation")
    return found if operation is None else found.filter(operation=operation)


def sensor(actor: Actor, pk: UUID) -> Sensor:
    found = sensors(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such sensor, or it is not yours to see", where=str(pk))
    return found


def rules_of(actor: Actor, operation: Any) -> QuerySet[EventRule]:
    found = EventRule.objects.visible_to(actor).filter(operation=operation, removed_at=None)
    return found.select_related("camera", "sensor", "operation")


def rule(actor: Actor, pk: UUID) -> EventRule:
    found = EventRule.objects.visible_to(actor).filter(pk=pk, removed_at=None)
    row = found.select_related("operation", "camera", "sensor").first()
    if row is None:
        raise NotFound("There is no such rule, or it is not yours to see", where=str(pk))
    return row
