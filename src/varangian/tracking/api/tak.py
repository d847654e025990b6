"""TAK clients over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as spine
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..queries import missions
from ..queries import tak as queries
from ..services import tak as services
from ..shapes.tak import beacon_shape, client_shape, mission_row, package_shape
from ..tak import ways_in

router = Router(tags=["tak"])


class NewClient(Schema):
    person: str | None = None
    label: str = ""


@router.get("/operations/{slug}/tak")
def list_clients(request: HttpRequest, slug: str, paging: PageOf):
    operation = spine.operation(request.user, slug)
    return page(queries.clients(request.user, operation), paging, client_shape)


@router.post("/operations/{slug}/tak", response={201: dict})
@idempotent
def add_client(request: HttpRequest, slug: str, new: NewClient):
    """``person`` is the e-mail of a member; without one it belongs to a car or a thing."""
    operation = spine.operation(request.user, slug)
    who = member_by_email(request.user, operation, new.person) if new.person else None
    made = services.add_client(actor=request.user, operation=operation, label=new.label, person=who)
    return 201, client_shape(made)


@router.get("/operations/{slug}/tak/packages")
def list_packages(request: HttpRequest, slug: str, paging: PageOf):
    operation = spine.operation(request.user, slug)
    require(request.user, "position.view", operation.compartment_id)
    return page(queries.packages(request.user, operation), paging, package_shape)


@router.get("/operations/{slug}/tak/missions")
def list_missions(request: HttpRequest, slug: str, paging: PageOf):
    """Sets of files that TAK clients keep alike (Data Sync)."""
    operation = spine.operation(request.user, slug)
    require(request.user, "position.view", operation.compartment_id)
    return page(missions.counted(request.user, operation), paging, mission_row)


@router.get("/operations/{slug}/tak/beacons")
def list_beacons(request: HttpRequest, slug: str, paging: PageOf):
    """Calls for help of TAK clients that nobody has taken back."""
    operation = spine.operation(request.user, slug)
    require(request.user, "position.view", operation.compartment_id)
    return page(queries.open_beacons(request.user, operation), paging, beacon_shape)


@router.post("/tak-clients/{pk}/invite")
@idempotent
def invite_client(request: HttpRequest, pk: UUID):
    """The link of the QR code, good once and for a day."""
    device = queries.client(request.user, pk)
    secret = services.invite_client(actor=request.user, device=device)
    way = ways_in.ways_in(device, secret)
    return {"link": way.link, "username": way.username, "token": way.secret}


@router.post("/tak-clients/{pk}/sign-in")
@idempotent
def sign_in(request: HttpRequest, pk: UUID):
    """User and password of a client that signs in each time, such as CloudTAK; 90 days."""
    device = queries.client(request.user, pk)
    secret = services.invite_client(actor=request.user, device=device, standing=True)
    return ways_in.sign_in_shape(ways_in.ways_in(device, secret))


@router.post("/tak-clients/{pk}/shut-out")
@idempotent
def shut_out(request: HttpRequest, pk: UUID):
    device = queries.client(request.user, pk)
    services.shut_out(actor=request.user, device=device)
    return client_shape(queries.client(request.user, pk))
