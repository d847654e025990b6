"""Duty, reports from the field, phones and the outbox over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.operations.services import end_duty, set_status, start_duty
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..queries import on_duty as duties
from ..services import acts, outbox, phones
from ..shapes.acts import acts_of
from ..shapes.field import phone_shape, report_shape

router = Router(tags=["running detail"])


class Start(Schema):
    post: UUID | None = None
    at: datetime | None = None


class Status(Schema):
    status: str
    at: datetime | None = None


class Point(Schema):
    words: str
    confirmed: bool = False


class End(Schema):
    at: datetime | None = None
    relieved_by: str | None = None
    handover: list[Point] = []


class Sent(Schema):
    device: str
    sent_at: datetime | None = None
    acts: list[dict[str, Any]] = Field(max_length=outbox.MOST)


@router.get("/operations/{slug}/duties")
def list_on_duty(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "duty.view", operation.compartment_id)
    return page(operations.on_duty(request.user, operation), paging, duties.duty_shape)


@router.post("/operations/{slug}/duties", response={201: dict})
@idempotent
def take_up_duty(request: HttpRequest, slug: str, given: Start):
    operation = operations.operation(request.user, slug)
    post = operations.post(request.user, given.post) if given.post else None
    duty = start_duty(actor=request.user, operation=operation, post=post, at=given.at)
    return 201, duties.duty_shape(duty)


@router.post("/duties/{pk}/status")
@idempotent
def report_status(request: HttpRequest, pk: UUID, given: Status):
    duty = set_status(actor=request.user, duty=_duty(request, pk), status=given.status, at=given.at)
    return duties.duty_shape(duty)


@router.post("/duties/{pk}/end")
@idempotent
def stand_down(request: HttpRequest, pk: UUID, given: End):
    duty = _duty(request, pk)
    relief = given.relieved_by and member_by_email(request.user, duty.operation, given.relieved_by)
    points = acts.confirmed([point.dict() for point in given.handover])
    ended = end_duty(
        actor=request.user, duty=duty, at=given.at, relieved_by=relief or None, handover=points
    )
    return duties.duty_shape(ended)


@router.get("/operations/{slug}/field-reports")
def list_field_reports(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    require(request.user, "log.view", operation.compartment_id)
    rows = [report_shape(row) for row in duties.field_reports(request.user, operation)]
    return {"items": rows, "count": len(rows), "next": None}


@router.post("/outbox")
def send_acts(request: HttpRequest, given: Sent):
    """What a phone of one's own make has queued; each key is done once, however often it comes."""
    found = outbox.receive(
        actor=request.user,
        device=given.device,
        acts=acts_of(given.acts, given.device, {}),
        sent_at=given.sent_at,
    )
    return {"acts": found, "now": now()}


@router.get("/phones")
def list_phones(request: HttpRequest, paging: PageOf):
    return page(phones.phones(request.user), paging, phone_shape)


@router.post("/phones/{pk}/wipe")
@idempotent
def wipe_phone(request: HttpRequest, pk: UUID):
    return phone_shape(phones.wipe(actor=request.user, phone=phones.phone(request.user, pk)))


def _duty(request: HttpRequest, pk: UUID) -> Any:
    found = duties.duty(request.user, pk)
    if found is None:
        raise NotFound("There is no such duty, or it is not yours to see", where=str(pk))
    return found
