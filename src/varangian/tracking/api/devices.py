"""Devices and positions over the API."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page

from ..enrolment import setup
from ..queries import devices as queries
from ..queries import positions
from ..services import devices as services
from ..services.uploads import upload_track
from ..shapes.devices import device_shape, enrolled_shape, place_shape, refusal_shape

router = Router()
TRAIL = timedelta(hours=1)


class NewDevice(Schema):
    kind: str
    label: str
    person: str | None = None
    """The e-mail of the member who carries it; nobody for a car or a thing."""
    carried_by_principal: bool = False
    share: str = "duty"
    period_s: int = 60
    days: int = 30
    outside_id: str = ""


class DeviceChange(Schema):
    label: str | None = None
    share: str | None = None
    period_s: int | None = None


class Renewal(Schema):
    days: int = 30


@router.get("/operations/{slug}/devices")
def list_devices(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    return page(queries.devices(request.user, operation), paging, device_shape)


@router.post("/operations/{slug}/devices")
def enrol_device(request: HttpRequest, slug: str, given: NewDevice):
    """The address with the token is in this answer and nowhere else, also not in a repeat: so
    this takes no idempotency key."""
    operation = operation_queries.operation(request.user, slug)
    fields = given.dict()
    email = fields.pop("person")
    person = member_by_email(request.user, operation, email) if email else None
    device, secret = services.enrol(
        actor=request.user, operation=operation, person=person, **fields
    )
    return enrolled_shape(device, setup(device, secret, request.get_host()))


@router.get("/operations/{slug}/positions")
def list_positions(request: HttpRequest, slug: str):
    """Where everybody is, as GeoJSON."""
    operation = operation_queries.operation(request.user, slug)
    return {
        "type": "FeatureCollection",
        "features": positions.features(request.user, operation),
    }


@router.get("/devices/{pk}")
def show_device(request: HttpRequest, pk: UUID):
    device = queries.device(request.user, pk)
    told = queries.refusals(request.user, device)
    return {**device_shape(device), "refused": [refusal_shape(row) for row in told]}


@router.get("/devices/{pk}/trail")
def show_trail(
    request: HttpRequest, pk: UUID, since: datetime | None = None, until: datetime | None = None
):
    """What was believed, at most 2,000 positions; the last hour when no time is given."""
    device = queries.device(request.user, pk)
    if since is not None and since.tzinfo is None:
        raise Refused("A time needs its zone", where="since")
    rows = positions.trail(request.user, device, since or now() - TRAIL, until)
    return {"device": device.pk, "positions": [place_shape(row) for row in rows]}


@router.patch("/devices/{pk}")
@idempotent
def change_device(request: HttpRequest, pk: UUID, change: DeviceChange):
    device = queries.device(request.user, pk)
    fields = {name: v for name, v in change.dict(exclude_unset=True).items() if v is not None}
    return device_shape(services.change_device(actor=request.user, device=device, **fields))


@router.post("/devices/{pk}/token")
def renew_token(request: HttpRequest, pk: UUID, given: Renewal):
    """A new address, shown once; the one before opens nothing."""
    device = queries.device(request.user, pk)
    device, secret = services.renew_token(actor=request.user, device=device, days=given.days)
    return enrolled_shape(device, setup(device, secret, request.get_host()))


@router.post("/devices/{pk}/track")
@idempotent
def add_track(request: HttpRequest, pk: UUID, file: File[UploadedFile]):
    """A GPX file."""
    device = queries.device(request.user, pk)
    return upload_track(actor=request.user, device=device, data=file.read())


@router.delete("/devices/{pk}")
@idempotent
def revoke_device(request: HttpRequest, pk: UUID):
    device = queries.device(request.user, pk)
    return device_shape(services.revoke(actor=request.user, device=device))
