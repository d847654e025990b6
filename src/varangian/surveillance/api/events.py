"""Events, sensors and rules over the API."""

from datetime import time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import cameras as camera_queries
from ..queries import events as queries
from ..services import events as services
from ..services import recorders, sensing
from ..shapes import event_shape, registered_shape, rule_shape, sensor_shape

router = Router()


class NewSensor(Schema):
    name: str
    kind: str
    outside_id: str = ""
    position: list[float] | None = None
    legal_basis: str = ""
    retention_days: int = 3
    period_s: int = 0
    panel_key: str = ""
    address: str = ""
    access_token: str = ""


class EventLook(Schema):
    purpose: str


class NewRule(Schema):
    name: str
    urgency: str = "attention"
    camera: UUID | None = None
    sensor: UUID | None = None
    begins: time | None = None
    ends: time | None = None
    quiet_s: int = 300


@router.get("/operations/{slug}/seen")
def list_events(request: HttpRequest, slug: str, paging: PageOf, name: str = "", source: str = ""):
    """What cameras and sensors told; ``name`` may be the beginning of one, such as behaviour."""
    operation = operations.operation(request.user, slug)
    found = queries.events(request.user, operation, name=name, source=source)
    return page(found, paging, event_shape)


@router.post("/seen/{pk}/picture")
def look_at(request: HttpRequest, pk: UUID, given: EventLook):
    """The recorder's picture of one event as a JPEG; the look is on record, the picture is not."""
    event = queries.event(request.user, pk)
    shown = recorders.look_at(actor=request.user, event=event, purpose=given.purpose)
    return HttpResponse(shown, content_type="image/jpeg")


@router.get("/operations/{slug}/sensors")
def list_sensors(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    return page(queries.sensors(request.user, operation), paging, sensor_shape)


@router.post("/operations/{slug}/sensors")
def add_sensor(request: HttpRequest, slug: str, given: NewSensor):
    """The address with the token is in this answer and nowhere else, also not in a repeat: so
    this takes no idempotency key."""
    operation = operations.operation(request.user, slug)
    made, secret = sensing.add_sensor(actor=request.user, operation=operation, **given.dict())
    return registered_shape(made, secret, request.get_host())


@router.post("/sensors/{pk}/token")
def renew_token(request: HttpRequest, pk: UUID):
    sensor = queries.sensor(request.user, pk)
    secret = sensing.renew_token(actor=request.user, sensor=sensor)
    return registered_shape(sensor, secret, request.get_host())


@router.delete("/sensors/{pk}")
@idempotent
def remove_sensor(request: HttpRequest, pk: UUID):
    sensor = queries.sensor(request.user, pk)
    sensing.remove_sensor(actor=request.user, sensor=sensor)
    return {"removed": pk}


@router.get("/operations/{slug}/event-rules")
def list_rules(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    return page(queries.rules_of(request.user, operation), paging, rule_shape)


@router.post("/operations/{slug}/event-rules")
@idempotent
def add_rule(request: HttpRequest, slug: str, given: NewRule):
    operation = operations.operation(request.user, slug)
    fields = given.dict()
    camera, sensor = fields.pop("camera"), fields.pop("sensor")
    made = services.add_rule(
        actor=request.user,
        operation=operation,
        camera=camera_queries.camera(request.user, camera) if camera else None,
        sensor=queries.sensor(request.user, sensor) if sensor else None,
        **fields,
    )
    return rule_shape(made)


@router.delete("/event-rules/{pk}")
@idempotent
def remove_rule(request: HttpRequest, pk: UUID):
    rule = queries.rule(request.user, pk)
    services.remove_rule(actor=request.user, rule=rule)
    return {"removed": pk}
