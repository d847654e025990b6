"""Alerts over the API."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from varangian.kernel.results import NotFound
from varangian.platform.access.paging import MOST, PageOf, idempotent, page
from varangian.platform.access.queries import user_by_email

from . import queries, services
from .shapes import shape

router = Router(tags=["alerts"])


class Why(Schema):
    reason: str = ""


class Several(Schema):
    ids: list[UUID] = Field(min_length=1, max_length=MOST)
    dismiss_reason: str | None = None


class Assignee(Schema):
    email: str


@router.get("/alerts")
def list_alerts(
    request: HttpRequest,
    paging: PageOf,
    view: Literal["open", "mine", "closed", "all"] = "open",
    operation: str = "",
):
    return page(queries.alerts(request.user, view=view, operation=operation), paging, shape)


@router.post("/alerts/many")
@idempotent
def handle_many(request: HttpRequest, given: Several):
    """Acknowledge several, or dismiss them with ``dismiss_reason``; each refusal is reported."""
    alerts = queries.alerts_by_id(request.user, given.ids)
    done, refused = services.handle_many(
        actor=request.user, alerts=alerts, dismiss_reason=given.dismiss_reason
    )
    shapes = [shape(alert) for alert in done]
    return {"done": shapes, "refused": [{"id": a.pk, "why": why} for a, why in refused]}


@router.get("/alerts/{pk}")
def show_alert(request: HttpRequest, pk: UUID):
    return shape(queries.alert(request.user, pk))


@router.post("/alerts/{pk}/acknowledge")
@idempotent
def acknowledge(request: HttpRequest, pk: UUID):
    alert = queries.alert(request.user, pk)
    return shape(services.acknowledge(actor=request.user, alert=alert))


@router.post("/alerts/{pk}/assign")
@idempotent
def assign(request: HttpRequest, pk: UUID, to: Assignee):
    alert, person = queries.alert(request.user, pk), user_by_email(to.email)
    if person is None:
        raise NotFound("There is no such person", where=to.email)
    return shape(services.assign(actor=request.user, alert=alert, to=person))


@router.post("/alerts/{pk}/dismiss")
@idempotent
def dismiss(request: HttpRequest, pk: UUID, why: Why):
    alert = queries.alert(request.user, pk)
    return shape(services.dismiss(actor=request.user, alert=alert, reason=why.reason))


@router.post("/alerts/{pk}/close")
@idempotent
def close(request: HttpRequest, pk: UUID, why: Why):
    alert = queries.alert(request.user, pk)
    return shape(services.close(actor=request.user, alert=alert, reason=why.reason))
