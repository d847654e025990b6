"""Venue plans over the API: imports, versions, capacity, queue."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.places import queries as place_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require
from varangian.platform.audit.services import note

from .. import services
from ..computing import capacity_shape, entry_shape
from ..models import VenuePlan
from ..queries import venues as queries
from ..shapes.plain import json_plain
from ..shapes.venues import plan_row, version_row

router = Router()


class DrawingIn(Schema):
    name: str = ""
    operation: str = ""
    place: UUID | None = None
    units: str = ""
    metres_wide: float | None = None
    note: str = ""


class VersionIn(Schema):
    document: dict[str, Any]
    base: int
    note: str = ""


@router.get("/venues")
def list_venues(request: HttpRequest, paging: PageOf, operation: str = ""):
    found = operation_queries.operation(request.user, operation) if operation else None
    return page(queries.plans(request.user, found), paging, plan_row)


@router.post("/venues", response={201: dict})
@idempotent
def import_venue(request: HttpRequest, given: Form[DrawingIn], file: File[UploadedFile]):
    """A venue with its first version, a draft with its findings."""
    operation = None
    if given.operation:
        operation = operation_queries.operation(request.user, given.operation)
        require(request.user, "crowd.change", operation.compartment_id)
    place = place_queries.place(request.user, given.place) if given.place else None
    plan = services.new_plan(
        actor=request.user, data=file.read(), file_name=file.name or "plan", name=given.name,
        operation=operation, place=place, units=given.units, metres_wide=given.metres_wide,
        note=given.note,
    )  # fmt: skip
    return 201, _whole(request, plan)


def _whole(request: HttpRequest, plan: VenuePlan) -> dict[str, Any]:
    versions = queries.versions(request.user, plan)[:50]
    return {**plan_row(plan), "versions": [version_row(one) for one in versions]}


@router.get("/venues/{uuid:pk}")
def show_venue(request: HttpRequest, pk: UUID):
    return _whole(request, queries.plan(request.user, pk))


@router.get("/venues/{uuid:pk}/plan")
def show_venue_plan(request: HttpRequest, pk: UUID, version: int | None = None):
    """The GeoJSON of the version in force, else of the newest."""
    found = queries.version(request.user, queries.plan(request.user, pk), version)
    note(kind="export", record=found, purpose="plan of a venue")
    return found.document


@router.post("/venues/{uuid:pk}/versions", response={201: dict})
@idempotent
def save_venue_version(request: HttpRequest, pk: UUID, given: VersionIn):
    plan = queries.plan(request.user, pk)
    made = services.save_version(
        actor=request.user, plan=plan, document=given.document, base=given.base, note=given.note
    )
    return 201, version_row(made)


@router.post("/venues/{uuid:pk}/imports", response={201: dict})
@idempotent
def import_venue_version(
    request: HttpRequest, pk: UUID, given: Form[DrawingIn], file: File[UploadedFile]
):
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    made = services.import_version(
        actor=request.user, plan=plan, data=file.read(), file_name=file.name or "plan",
        units=given.units, metres_wide=given.metres_wide, note=given.note,
    )  # fmt: skip
    return 201, version_row(made)


@router.post("/venues/{uuid:pk}/in-force")
@idempotent
def put_venue_in_force(request: HttpRequest, pk: UUID, version: int | None = None):
    """Without a number the newest."""
    plan = queries.plan(request.user, pk)
    number = version or queries.newest(request.user, plan).number
    found = queries.version(request.user, plan, number)
    return plan_row(services.put_in_force(actor=request.user, version=found))


@router.get("/venues/{uuid:pk}/capacity")
def venue_capacity(
    request: HttpRequest,
    pk: UUID,
    people: int | None = None,
    jurisdiction: str = "",
    risk: str = "medium",
    alcohol: bool = False,
    high_risk: bool = False,
):
    """Capacity, staff and duties, each figure with its source."""
    version = queries.version(request.user, queries.plan(request.user, pk))
    return json_plain(
        capacity_shape(
            queries.sound(version.document), jurisdiction=jurisdiction, risk=risk,  # pyright: ignore
            people=people, alcohol=alcohol, high_risk=high_risk,
        )
    )  # fmt: skip


@router.get("/venues/{uuid:pk}/queue")
def venue_queue(
    request: HttpRequest,
    pk: UUID,
    people: int = 500,
    lanes: int | None = None,
    rate: float | None = None,
    longest_wait: float = 10.0,
):
    version = queries.version(request.user, queries.plan(request.user, pk))
    venue = queries.sound(version.document)
    given = {"people": people, "lanes": lanes, "rate": rate, "longest_wait": longest_wait}
    return entry_shape(venue, given)
