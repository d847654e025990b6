"""Incidents over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.alerts import queries as alerts
from varangian.kernel.results import NotFound
from varangian.operations.people import member_by_email
from varangian.places import queries as places
from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import incidents
from ..services import incidents as services
from ..shapes import incidents as shapes

router = Router(tags=["incidents"])


class NewIncident(Schema):
    kind: str = "other"
    title: str
    severity: str = ""
    summary: str = ""
    where: str = ""
    position: list[float] | None = None
    place: UUID | None = None
    alert: UUID | None = None
    started_at: datetime | None = None
    drill: bool = False


class IncidentState(Schema):
    state: str = "contained"
    note: str = ""
    handed_to: str = ""


class Offer(Schema):
    email: str
    brief: str


class CommandReason(Schema):
    reason: str = ""


class NewTask(Schema):
    title: str
    owner: str = ""
    """E-mail of a member."""
    due_at: datetime | None = None


class TaskEnd(Schema):
    dropped: bool = False
    note: str = ""


class NewCall(Schema):
    whom: str
    within_minutes: Annotated[int, Field(ge=0, le=1440)] = 15


class Told(Schema):
    result: Literal["reached", "no_answer", "not_needed"]
    note: str = ""


class Review(Schema):
    happened: str
    well: str = ""
    improve: str = ""


@router.get("/incidents")
def list_incidents(
    request: HttpRequest, paging: PageOf, view: Literal["open", "closed", "all"] = "open"
):
    found = incidents.incidents(request.user, view=view)
    return page(found, paging, shapes.incident_shape)


@router.get("/operations/{slug}/incidents")
def incidents_of_operation(request: HttpRequest, slug: str, paging: PageOf):
    operation = incidents.operation_for(request.user, slug)
    return page(incidents.incidents(request.user, operation), paging, shapes.incident_shape)


@router.post("/operations/{slug}/incidents", response={201: dict})
@idempotent
def report_incident(request: HttpRequest, slug: str, new: NewIncident):
    """First tasks and the notification tree come with the kind (``varangian incident kinds``)."""
    operation = incidents.operation_for(request.user, slug, "incident.report")
    given = new.dict()
    given["place"] = places.place(request.user, new.place) if new.place else None
    given["alert"] = alerts.alert(request.user, new.alert) if new.alert else None
    if given["alert"] is not None and given["alert"].operation_id != operation.pk:
        raise NotFound("There is no such alert in this operation", where=str(new.alert))
    made = services.report_incident(actor=request.user, operation=operation, **given)
    return 201, shapes.whole_shape(request.user, made)


@router.get("/incidents/{uuid:pk}")
def show_incident(request: HttpRequest, pk: UUID):
    return shapes.whole_shape(request.user, incidents.incident(request.user, pk))


@router.get("/incidents/{uuid:pk}/timeline")
def show_timeline(request: HttpRequest, pk: UUID, everything: bool = False):
    found = incidents.incident(request.user, pk)
    return shapes.timeline_shape(request.user, found, all_of_it=everything)


@router.get("/incidents/{uuid:pk}/figures")
def show_figures(request: HttpRequest, pk: UUID):
    """Times of the after-action, in seconds, with the serials of the log entries they rest on."""
    return shapes.figures_shape(request.user, incidents.incident(request.user, pk))


@router.post("/incidents/{uuid:pk}/state")
@idempotent
def set_state(request: HttpRequest, pk: UUID, given: IncidentState):
    found = incidents.incident(request.user, pk)
    done = services.set_state(actor=request.user, incident=found, **given.dict())
    return shapes.whole_shape(request.user, done)


@router.post("/incidents/{uuid:pk}/arrived")
@idempotent
def first_arrival(request: HttpRequest, pk: UUID):
    found = incidents.incident(request.user, pk)
    done = services.first_arrival(actor=request.user, incident=found)
    return shapes.whole_shape(request.user, done)


@router.post("/incidents/{uuid:pk}/command/take")
@idempotent
def take_command(request: HttpRequest, pk: UUID, why: CommandReason):
    found = incidents.incident(request.user, pk)
    services.take_command(actor=request.user, incident=found, reason=why.reason)
    return shapes.whole_shape(request.user, incidents.incident(request.user, pk))


@router.post("/incidents/{uuid:pk}/command/offer")
@idempotent
def offer_command(request: HttpRequest, pk: UUID, offer: Offer):
    found = incidents.incident(request.user, pk)
    to = member_by_email(request.user, found.operation, offer.email)
    services.offer_command(actor=request.user, incident=found, to=to, brief=offer.brief)
    return shapes.whole_shape(request.user, found)


@router.post("/incidents/{uuid:pk}/command/accept")
@idempotent
def accept_command(request: HttpRequest, pk: UUID):
    found = incidents.incident(request.user, pk)
    services.accept_command(actor=request.user, incident=found)
    return shapes.whole_shape(request.user, incidents.incident(request.user, pk))


@router.post("/incidents/{uuid:pk}/tasks", response={201: dict})
@idempotent
def add_task(request: HttpRequest, pk: UUID, new: NewTask):
    found = incidents.incident(request.user, pk)
    owner = member_by_email(request.user, found.operation, new.owner) if new.owner else None
    made = services.add_task(
        actor=request.user, incident=found, title=new.title, owner=owner, due_at=new.due_at
    )
    return 201, shapes.task_shape(made)


@router.post("/incident-tasks/{uuid:pk}/end")
@idempotent
def end_task(request: HttpRequest, pk: UUID, given: TaskEnd):
    found = incidents.task(request.user, pk)
    return shapes.task_shape(services.end_task(actor=request.user, task=found, **given.dict()))


@router.post("/incidents/{uuid:pk}/notifications", response={201: dict})
@idempotent
def add_notification(request: HttpRequest, pk: UUID, new: NewCall):
    found = incidents.incident(request.user, pk)
    made = services.add_notification(actor=request.user, incident=found, **new.dict())
    return 201, shapes.told_shape(made)


@router.post("/incident-notifications/{uuid:pk}")
@idempotent
def record_notification(request: HttpRequest, pk: UUID, told: Told):
    found = incidents.notification(request.user, pk)
    done = services.record_notification(actor=request.user, notification=found, **told.dict())
    return shapes.told_shape(done)


@router.post("/incidents/{uuid:pk}/evidence", response={201: dict})
@idempotent
def add_evidence(
    request: HttpRequest,
    pk: UUID,
    file: File[UploadedFile],
    note: Form[str] = "",
):
    """The SHA-256 of the bytes as they came stands in the log."""
    found = incidents.incident(request.user, pk)
    made = services.add_evidence(
        actor=request.user,
        incident=found,
        data=file.read(),
        name=file.name or "file",
        media_type=file.content_type or "application/octet-stream",
        note=note,
    )
    return 201, shapes.exhibit_shape(made)


@router.post("/incidents/{uuid:pk}/review")
@idempotent
def review_incident(request: HttpRequest, pk: UUID, given: Review):
    found = incidents.incident(request.user, pk)
    done = services.review_incident(actor=request.user, incident=found, **given.dict())
    return shapes.whole_shape(request.user, done)
