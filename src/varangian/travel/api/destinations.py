"""Advisories and dossiers over the API."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.places import queries as place_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import Actor

from .. import services
from ..advisories.notice import AUTHORITIES
from ..models import Destination
from ..printing import dossier_pdf
from ..queries import destinations as queries
from ..queries import dossiers
from ..shapes import destinations as shapes

router = Router()


class NewDestination(Schema):
    country: str
    place: UUID | None = None
    movement: UUID | None = None
    starts: datetime | None = None
    ends: datetime | None = None


class DestinationChange(Schema):
    country: str | None = None
    place: UUID | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    expected_version: int | None = None


class DossierStatement(Schema):
    texts: dict[str, str]
    """context, threats, inherent, controls, residual, communications, medical, evacuation; the
    three plans also with _owner."""
    expected_version: int | None = None


class NewDossierFact(Schema):
    section: str
    title: str
    text: str
    source: str = ""
    verified_on: date | None = None


class DossierApprovalIn(Schema):
    until: datetime | None = None
    note: str = ""
    expected_version: int | None = None


class DossierWithdrawal(Schema):
    note: str


class AdvisorySwitch(Schema):
    on: bool


class NumberSignature(Schema):
    country: str
    service: str
    number: str
    source: str


@router.post("/advisories/import", response={201: dict})
@idempotent
def import_advisories(request: HttpRequest, file: File[UploadedFile], source: Form[str] = "auto"):
    record = services.import_advisories(
        actor=request.user, data=file.read(), source=source, name=file.name or ""
    )
    return 201, shapes.advisory_import_shape(record)


@router.get("/advisories")
def list_advisories(request: HttpRequest, paging: PageOf, country: str = "", source: str = ""):
    found = queries.advisories(request.user, country.upper())
    found = found.filter(source=source) if source else found
    return page(found, paging, shapes.advisory_shape)


@router.get("/advisories/imports")
def list_advisory_imports(request: HttpRequest, paging: PageOf):
    return page(queries.imports(request.user), paging, shapes.advisory_import_shape)


@router.get("/advisories/sources")
def list_advisory_sources(request: HttpRequest):
    """Every source, whether the house asks it by itself, and how that went."""
    rows, counts = queries.sources(request.user), queries.source_counts(request.user)
    found = [
        shapes.advisory_source_shape(name, rows.get(name), counts.get(name, 0))
        for name in (AUTHORITIES if queries.may_look(request.user) else ())
    ]
    return {"items": found, "count": len(found), "next": None}


@router.post("/advisories/sources/{source}")
@idempotent
def switch_advisories(request: HttpRequest, source: str, given: AdvisorySwitch):
    row = services.switch_advisories(actor=request.user, source=source, on=given.on)
    return shapes.advisory_source_shape(source, row)


@router.get("/advisories/countries/{code}")
def show_country(request: HttpRequest, code: str):
    """What every government says of a country, whether they agree, and what they said before."""
    known = queries.country_for(request.user, code)
    return shapes.country_shape(
        known,
        queries.scores(request.user, [known])[known],
        queries.advisories(request.user, known),
        queries.advisory_versions(request.user, known)[:100],
    )


@router.post("/emergency-numbers", response={201: dict})
@idempotent
def sign_number(request: HttpRequest, given: NumberSignature):
    row = services.check_number(actor=request.user, **given.dict())
    return 201, {"country": row.country, "service": row.service, "number": row.number}


@router.get("/operations/{slug}/destinations")
def list_destinations(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    found = queries.destinations(request.user, operation)
    return page(found, paging, lambda row: _row(request.user, row))


@router.post("/operations/{slug}/destinations", response={201: dict})
@idempotent
def add_destination(request: HttpRequest, slug: str, given: NewDestination):
    who, fields = request.user, given.dict()
    operation = operation_queries.operation(who, slug)
    fields["place"] = place_queries.place(who, given.place) if given.place else None
    fields["movement"] = (
        operation_queries.movement_of(who, operation, given.movement) if given.movement else None
    )
    made = services.add_destination(actor=who, operation=operation, **fields)
    return 201, _row(who, made)


@router.get("/destinations/{pk}")
def show_destination(request: HttpRequest, pk: UUID):
    """The whole dossier, with what is different since the last snapshot and the last trip."""
    found = dossiers.dossier(request.user, queries.destination(request.user, pk))
    return shapes.dossier_shape(found, dossiers.comparisons(request.user, found))


@router.post("/destinations/{pk}")
@idempotent
def change_destination(request: HttpRequest, pk: UUID, given: DestinationChange):
    row = queries.destination(request.user, pk)
    fields = given.dict(exclude_unset=True)
    if fields.get("place"):
        fields["place"] = place_queries.place(request.user, fields["place"])
    changed = services.change_destination(actor=request.user, destination=row, **fields)
    return _row(request.user, changed)


@router.delete("/destinations/{pk}")
@idempotent
def drop_destination(request: HttpRequest, pk: UUID):
    services.drop_destination(actor=request.user, destination=queries.destination(request.user, pk))
    return {"dropped": True}


@router.post("/destinations/{pk}/statement")
@idempotent
def write_statement(request: HttpRequest, pk: UUID, given: DossierStatement):
    row = services.write_statement(
        actor=request.user,
        destination=queries.destination(request.user, pk),
        expected_version=given.expected_version,
        texts=given.texts,
    )
    return _row(request.user, row)


@router.post("/destinations/{pk}/facts", response={201: dict})
@idempotent
def add_dossier_fact(request: HttpRequest, pk: UUID, given: NewDossierFact):
    row = queries.destination(request.user, pk)
    made = services.add_fact(actor=request.user, destination=row, **given.dict())
    return 201, shapes.fact_shape(made)


@router.get("/destinations/{pk}/approvals")
def list_approvals(request: HttpRequest, pk: UUID, paging: PageOf):
    row = queries.destination(request.user, pk)
    return page(queries.approvals(request.user, row), paging, shapes.approval_shape)


@router.post("/destinations/{pk}/approvals", response={201: dict})
@idempotent
def approve_destination(request: HttpRequest, pk: UUID, given: DossierApprovalIn):
    row = queries.destination(request.user, pk)
    made = services.approve_destination(actor=request.user, destination=row, **given.dict())
    return 201, shapes.approval_shape(made)


@router.post("/destinations/{pk}/withdraw")
@idempotent
def withdraw_approval(request: HttpRequest, pk: UUID, given: DossierWithdrawal):
    row = queries.destination(request.user, pk)
    made = services.withdraw_approval(actor=request.user, destination=row, note=given.note)
    return shapes.approval_shape(made)


@router.post("/destinations/{pk}/snapshots", response={201: dict})
@idempotent
def keep_snapshot(request: HttpRequest, pk: UUID):
    row = queries.destination(request.user, pk)
    return 201, {"at": services.keep_snapshot(actor=request.user, destination=row).at}


@router.get("/destinations/{pk}/pdf")
def print_dossier(request: HttpRequest, pk: UUID):
    prove(request)
    row = queries.destination(request.user, pk)
    return HttpResponse(dossier_pdf(request.user, row), content_type="application/pdf")


def _row(actor: Actor, row: Destination) -> dict:
    return shapes.destination_shape(row, queries.standing(actor, row))
