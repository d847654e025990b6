"""The operations centre over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.alerts import queries as alerts
from varangian.kernel.results import Refused
from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import watch
from ..services import watch as services
from ..shapes.watch import handover_shape, queued_shape, wall_shape

router = Router(tags=["operations centre"])


class Mark(Schema):
    step: str
    note: str = ""
    skipped: bool = False


class WatchWords(Schema):
    words: str = ""


@router.get("/centre")
def show_wall(request: HttpRequest):
    return wall_shape(request.user)


@router.get("/centre/queue")
def show_queue(request: HttpRequest):
    return [queued_shape(row) for row in watch.queue(request.user)]


@router.post("/centre/queue/{uuid:pk}/take")
@idempotent
def take(request: HttpRequest, pk: UUID):
    """Acknowledges the alert and opens the steps of its procedure."""
    services.take(actor=request.user, alert=alerts.alert(request.user, pk))
    return queued_shape(watch.queued(request.user, pk))


@router.post("/centre/queue/{uuid:pk}/steps")
@idempotent
def mark_step(request: HttpRequest, pk: UUID, mark: Mark):
    handling = watch.queued(request.user, pk)["handling"]
    if handling is None:
        raise Refused("Nobody has this alert in hand", mend="Take it first.")
    services.mark_step(actor=request.user, handling=handling, **mark.dict())
    return queued_shape(watch.queued(request.user, pk))


@router.get("/centre/handovers")
def list_handovers(request: HttpRequest, paging: PageOf):
    return page(watch.handovers(request.user), paging, handover_shape)


@router.post("/centre/handovers", response={201: list})
@idempotent
def hand_over(request: HttpRequest, given: WatchWords):
    change = services.hand_over_watch(actor=request.user, words=given.words)
    return 201, [handover_shape(row) for row in watch.change_of_watch(request.user, change)]


@router.post("/centre/handovers/{uuid:pk}/take")
@idempotent
def take_watch(request: HttpRequest, pk: UUID):
    return [handover_shape(row) for row in services.take_watch(actor=request.user, change=pk)]
