"""Alerts over the API."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from varangian.kernel.results import NotFound
from varangian.platform.access.paging import MOST, PageOf, idempotent, page
from varangian.platform.access.queries import user_by_email

from . import queries, services
from .shapes import channel_shape, delivery_shape, load_shape, shape

router = Router(tags=["alerts"])


class Why(Schema):
    reason: str = ""


class Several(Schema):
    ids: list[UUID] = Field(min_length=1, max_length=MOST)
    dismiss_reason: str | None = None


class Assignee(Schema):
    email: str


class Shelf(Schema):
    minutes: int = Field(ge=1, le=1440)
    reason: str


class AlertWords(Schema):
    words: str = ""


class NewChannel(Schema):
    url: str
    label: str = ""
    from_urgency: Literal["inform", "attention", "now"] = "now"


class PushKeys(Schema):
    p256dh: str
    auth: str


class Browser(Schema):
    endpoint: str
    keys: PushKeys
    label: str = ""


@router.get("/alerts")
def list_alerts(
    request: HttpRequest,
    paging: PageOf,
    view: Literal["open", "mine", "shelved", "standing", "closed", "all"] = "open",
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


@router.post("/alerts/{pk}/respond")
@idempotent
def respond(request: HttpRequest, pk: UUID):
    return shape(services.respond(actor=request.user, alert=queries.alert(request.user, pk)))


@router.post("/alerts/{pk}/shelve")
@idempotent
def shelve(request: HttpRequest, pk: UUID, shelf: Shelf):
    """Out of the way for so many minutes, for a reason; refused for duress and dead man."""
    alert = queries.alert(request.user, pk)
    return shape(services.shelve(actor=request.user, alert=alert, **shelf.dict()))


@router.post("/alerts/{pk}/unshelve")
@idempotent
def unshelve(request: HttpRequest, pk: UUID):
    return shape(services.unshelve(actor=request.user, alert=queries.alert(request.user, pk)))


@router.post("/alerts/{pk}/nuisance", response={201: dict})
@idempotent
def report_nuisance(request: HttpRequest, pk: UUID, given: AlertWords):
    """It should not have asked a person."""
    alert = queries.alert(request.user, pk)
    report = services.report_nuisance(actor=request.user, alert=alert, words=given.words)
    return 201, {"id": str(report.pk), "alert": str(pk), "at": report.at}


@router.get("/alerts/{pk}/deliveries")
def list_deliveries(request: HttpRequest, pk: UUID, paging: PageOf):
    """Who was told, over what, and how long it took."""
    rows = queries.deliveries(request.user, queries.alert(request.user, pk))
    return page(rows, paging, delivery_shape)


@router.get("/alert-load")
def show_load(request: HttpRequest, days: int = 7, operation: str = ""):
    """The alarm load as EEMUA 191 counts it, over what this person may see; at most 90 days."""
    found = queries.load(request.user, days=min(max(days, 1), 90), operation=operation)
    return load_shape(found)


@router.get("/me/channels")
def list_channels(request: HttpRequest, paging: PageOf):
    return page(queries.channels(request.user), paging, channel_shape)


@router.post("/me/channels", response={201: dict})
@idempotent
def add_channel(request: HttpRequest, new: NewChannel):
    return 201, channel_shape(services.add_channel(actor=request.user, **new.dict()))


@router.post("/me/channels/{pk}/try")
def try_channel(request: HttpRequest, pk: UUID):
    """Send a test message now."""
    fault = services.try_channel(actor=request.user, pk=pk)
    return {"sent": not fault, "error": fault}


@router.delete("/me/channels/{pk}", response={204: None})
@idempotent
def remove_channel(request: HttpRequest, pk: UUID):
    services.remove_channel(actor=request.user, pk=pk)
    return 204, None


@router.get("/me/push")
def push_key(request: HttpRequest):  # noqa: ARG001
    """The public key with which a browser subscribes."""
    return {"key": services.public_key()}


@router.post("/me/push", response={201: dict})
@idempotent
def subscribe(request: HttpRequest, browser: Browser):
    """A browser agreed to web push."""
    given = browser.dict()
    row = services.subscribe(
        actor=request.user, endpoint=given["endpoint"], label=given["label"], **given["keys"]
    )
    return 201, {"id": str(row.pk)}
