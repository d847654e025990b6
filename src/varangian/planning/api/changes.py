"""Changes of plan over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Field, Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import services
from ..change import Wish
from ..queries import changes, orders
from ..shapes.changes import change_shape, preview_shape, whole_shape

router = Router(tags=["changes"])


class Wanted(Schema):
    """What changes about one leg; everything that is left out stays as it is."""

    movement: UUID
    minutes: int | None = None
    """Shift of the leg; negative is earlier."""
    starts: datetime | None = None
    exit: str = Field("", max_length=80)
    entrance: str = Field("", max_length=80)
    origin: UUID | None = None
    destination: UUID | None = None
    mode: str = ""
    vehicle: str = Field("", max_length=80)
    cancelled: bool = False
    stop: UUID | None = None
    stop_after: int | None = None
    """Minutes after leaving."""
    stop_minutes: int | None = None
    words: str = Field("", max_length=400)
    follow: bool = True
    """Move the legs beside it that cannot stay as they are."""


class NewChange(Wanted):
    reason: str = Field("", max_length=400)
    edits: dict[str, str] = {}
    """Key of a drafted line to other words."""
    acknowledge_minutes: int | None = None
    seen: str = Field("", max_length=64)
    """What a preview answered: another state of the plan is a conflict when it is sent."""


def _wish(given: Wanted, zone: str) -> Wish:
    """A time without a zone is on the clock of the leg."""
    starts = given.starts
    if starts is not None and starts.tzinfo is None:
        starts = starts.replace(tzinfo=ZoneInfo(zone))
    fields: dict[str, Any] = {name: getattr(given, name) for name in Wish.__dataclass_fields__}
    fields["starts"] = starts
    return Wish(**fields)


def _leg(request: HttpRequest, slug: str, given: Wanted) -> Any:
    """The leg of this operation, for somebody who may change its plan."""
    operation = operations.operation(request.user, slug)
    require(request.user, "order.change", operation.compartment_id)
    return operations.movement_of(request.user, operation, given.movement)


@router.get("/operations/{slug}/changes")
def list_changes(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "order.change", operation.compartment_id)
    return page(changes.changes(request.user, operation), paging, change_shape)


@router.post("/operations/{slug}/changes/look")
@idempotent
def look_at_change(request: HttpRequest, slug: str, given: Wanted):
    """What it would touch, and the order it would send. Nothing is kept."""
    movement = _leg(request, slug, given)
    return preview_shape(changes.preview(request.user, movement, _wish(given, movement.zone)))


@router.post("/operations/{slug}/changes", response={201: dict})
@idempotent
def draft_change(request: HttpRequest, slug: str, given: NewChange):
    movement = _leg(request, slug, given)
    row = services.draft_change(
        actor=request.user,
        movement=movement,
        wish=_wish(given, movement.zone),
        reason=given.reason,
        edits=given.edits,
        minutes=given.acknowledge_minutes,
        seen=given.seen,
    )
    return 201, whole_shape(row, [])


@router.get("/changes/{uuid:pk}")
def show_change(request: HttpRequest, pk: UUID):
    row = changes.change(request.user, pk)
    acks = list(orders.acknowledgements(request.user, row.order)) if row.order else []
    return whole_shape(row, acks)


@router.post("/changes/{uuid:pk}/send")
@idempotent
def send_change(request: HttpRequest, pk: UUID):
    """Signs and issues the fragmentary order."""
    row = changes.change(request.user, pk)
    prove(request)
    row = services.send_change(actor=request.user, change=row)
    acks = list(orders.acknowledgements(request.user, row.order)) if row.order else []
    return whole_shape(row, acks)


@router.post("/changes/{uuid:pk}/drop")
@idempotent
def drop_change(request: HttpRequest, pk: UUID):
    row = changes.change(request.user, pk)
    return change_shape(services.drop_change(actor=request.user, change=row))
