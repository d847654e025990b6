"""Watches of crowds over the API: begin, read, count, end; counters and triggers."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.audit.services import note

from .. import services
from ..queries import live as reads
from ..queries import venues as queries
from ..shapes.live import (
    address_of,
    camera_row,
    counter_row,
    moments_shape,
    trigger_row,
    watch_row,
)

router = Router()


class CrowdWatchIn(Schema):
    expected: int | None = None
    give: int = 10
    version: int | None = None
    replayed: bool = False


class CrowdCounterIn(Schema):
    name: str
    kind: str
    behind: str = ""
    into: str = ""
    outside_id: str = ""
    totals: bool = True
    missed: float = 0.03
    twice: float = 0.01
    period_s: int = 60


class CrowdCameraIn(Schema):
    camera: UUID
    zone: str
    into: str = ""
    behind: str = ""


class CrowdTriggerIn(Schema):
    level: str
    what: str
    value: float
    zone: str = ""
    version: int | None = None


class CrowdCountIn(Schema):
    zone: str
    people: int
    within: int | None = None


class CrowdClickIn(Schema):
    entered: int = 0
    left: int = 0
    key: str = ""


class CrowdPlaceIn(Schema):
    x: float
    y: float
    level: int = 0


@router.get("/venues/{uuid:pk}/watches")
def list_crowd_watches(request: HttpRequest, pk: UUID, paging: PageOf):
    found = reads.watches(request.user, queries.plan(request.user, pk))
    return page(found, paging, lambda row: watch_row(row, whole=False))


@router.post("/venues/{uuid:pk}/watches", response={201: dict})
@idempotent
def start_crowd_watch(request: HttpRequest, pk: UUID, given: CrowdWatchIn):
    """Of the version in force, else of the newest."""
    wish = given.model_dump()
    version = queries.version(request.user, queries.plan(request.user, pk), wish.pop("version"))
    return 201, watch_row(services.start_watch(actor=request.user, version=version, **wish))


@router.get("/crowd-watches/{uuid:pk}")
def show_crowd_watch(request: HttpRequest, pk: UUID):
    """Zones as bands, counters with their faults, triggers, the principal's way out."""
    return watch_row(reads.watch(request.user, pk))


@router.get("/crowd-watches/{uuid:pk}/moments")
def show_crowd_moments(request: HttpRequest, pk: UUID):
    """The evening moment by moment."""
    found = reads.watch(request.user, pk)
    note(kind="export", record=found, purpose="the evening of a crowd")
    return moments_shape(found, reads.moments(request.user, found))


@router.post("/crowd-watches/{uuid:pk}/end")
@idempotent
def end_crowd_watch(request: HttpRequest, pk: UUID):
    found = reads.watch(request.user, pk)
    return watch_row(services.end_watch(actor=request.user, watch=found))


@router.post("/crowd-watches/{uuid:pk}/counts", response={201: dict})
@idempotent
def count_crowd(request: HttpRequest, pk: UUID, given: CrowdCountIn):
    """People of a zone counted by hand, or by a camera of your own."""
    found = reads.watch(request.user, pk)
    made = services.count(actor=request.user, watch=found, **given.model_dump())
    return 201, {"id": str(made.pk), "zone": made.zone, "people": made.people, "at": made.at}


@router.post("/crowd-watches/{uuid:pk}/principal")
@idempotent
def place_principal_in_crowd(request: HttpRequest, pk: UUID, given: CrowdPlaceIn):
    """Where the principal is on the plan, in metres; answers with the ways out."""
    found = reads.watch(request.user, pk)
    made = services.place_principal(actor=request.user, watch=found, **given.model_dump())
    return made.advice


@router.get("/venues/{uuid:pk}/counters")
def list_crowd_counters(request: HttpRequest, pk: UUID, paging: PageOf):
    found = reads.counters(request.user, queries.plan(request.user, pk))
    return page(found, paging, counter_row)


@router.post("/venues/{uuid:pk}/counters", response={201: dict})
def add_crowd_counter(request: HttpRequest, pk: UUID, given: CrowdCounterIn):
    """The address with the token is in this answer and nowhere else, also not in a repeat: so
    this takes no idempotency key."""
    plan = queries.plan(request.user, pk)
    made, secret = services.add_counter(actor=request.user, plan=plan, **given.model_dump())
    url = address_of(secret, request.get_host()) if secret else None
    return 201, {**counter_row(made), "url": url}


@router.get("/venues/{uuid:pk}/cameras")
def list_crowd_cameras(request: HttpRequest, pk: UUID):
    """Areas and lines that cameras of the operation count by, as far as you may see them."""
    found = services.offered(request.user, queries.plan(request.user, pk))
    return [camera_row(place) for place in found]


@router.post("/venues/{uuid:pk}/cameras", response={201: dict})
@idempotent
def add_crowd_camera(request: HttpRequest, pk: UUID, given: CrowdCameraIn):
    """From now on it is a counter of the venue: people of a zone, or who passes a line."""
    plan = queries.plan(request.user, pk)
    made = services.add_camera(actor=request.user, plan=plan, **given.model_dump())
    return 201, counter_row(made)


@router.delete("/crowd-counters/{uuid:pk}")
@idempotent
def remove_crowd_counter(request: HttpRequest, pk: UUID):
    services.remove_counter(actor=request.user, counter=reads.counter(request.user, pk))
    return {"removed": pk}


@router.post("/crowd-counters/{uuid:pk}/clicks")
@idempotent
def click_crowd_counter(request: HttpRequest, pk: UUID, given: CrowdClickIn):
    """Passages clicked by hand since the last time; the same key counts once."""
    found = reads.counter(request.user, pk)
    return {"kept": services.click(actor=request.user, counter=found, **given.model_dump())}


@router.get("/venues/{uuid:pk}/triggers")
def list_crowd_triggers(request: HttpRequest, pk: UUID, paging: PageOf, version: int | None = None):
    found = queries.version(request.user, queries.plan(request.user, pk), version)
    return page(reads.triggers(request.user, found), paging, trigger_row)


@router.post("/venues/{uuid:pk}/triggers", response={201: dict})
@idempotent
def add_crowd_trigger(request: HttpRequest, pk: UUID, given: CrowdTriggerIn):
    """One of a level, zone and kind: a new value takes the place of the old."""
    wish = given.model_dump()
    version = queries.version(request.user, queries.plan(request.user, pk), wish.pop("version"))
    return 201, trigger_row(services.add_trigger(actor=request.user, version=version, **wish))


@router.delete("/crowd-triggers/{uuid:pk}")
@idempotent
def remove_crowd_trigger(request: HttpRequest, pk: UUID):
    services.remove_trigger(actor=request.user, trigger=reads.trigger(request.user, pk))
    return {"removed": pk}
