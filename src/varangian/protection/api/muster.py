"""The party and its roll calls over the API."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import incidents
from ..queries import muster as queries
from ..services import muster as services
from ..shapes.incidents import muster_address, muster_shape, party_shape, person_shape

router = Router(tags=["roll calls"])


class NewPartyMember(Schema):
    name: str
    relation: str = ""
    phone: str = ""


class NewMuster(Schema):
    reason: str
    rally: str = ""
    incident: UUID | None = None
    drill: bool = False


class Own(Schema):
    state: Literal["safe", "help", "away"]
    where: str = ""


class Entered(Schema):
    state: Literal["safe", "help", "away", "missing", "unknown"]
    source: Literal["radio", "eyes"] = "radio"
    where: str = ""


class Note(Schema):
    note: str = ""


@router.get("/operations/{slug}/party")
def list_party(request: HttpRequest, slug: str, paging: PageOf):
    operation = incidents.operation_for(request.user, slug, "muster.view")
    return page(queries.party(request.user, operation), paging, party_shape)


@router.post("/operations/{slug}/party", response={201: dict})
@idempotent
def add_to_party(request: HttpRequest, slug: str, new: NewPartyMember):
    operation = incidents.operation_for(request.user, slug, "party.change")
    made = services.add_to_party(actor=request.user, operation=operation, **new.dict())
    return 201, party_shape(made)


@router.post("/party/{uuid:pk}/leave")
@idempotent
def leave_party(request: HttpRequest, pk: UUID):
    found = queries.party_member(request.user, pk)
    return party_shape(services.leave_party(actor=request.user, member=found))


@router.get("/operations/{slug}/musters")
def list_musters(request: HttpRequest, slug: str, paging: PageOf):
    operation = incidents.operation_for(request.user, slug, "muster.view")
    found = queries.musters(request.user, operation)
    return page(found, paging, lambda row: muster_shape(request.user, row))


@router.post("/operations/{slug}/musters", response={201: dict})
@idempotent
def call_muster(request: HttpRequest, slug: str, new: NewMuster):
    """While one runs, calling again answers with that one."""
    operation = incidents.operation_for(request.user, slug, "muster.call")
    given = new.dict()
    given["incident"] = incidents.incident(request.user, new.incident) if new.incident else None
    made = services.call_muster(actor=request.user, operation=operation, **given)
    return 201, muster_shape(request.user, made)


@router.get("/musters/{uuid:pk}")
def show_muster(request: HttpRequest, pk: UUID):
    return muster_shape(request.user, queries.muster(request.user, pk))


@router.post("/musters/{uuid:pk}/answer")
@idempotent
def answer_own(request: HttpRequest, pk: UUID, own: Own):
    """For oneself."""
    found = queries.muster(request.user, pk)
    return person_shape(services.answer_own(actor=request.user, muster=found, **own.dict()))


@router.post("/muster-people/{uuid:pk}")
@idempotent
def enter(request: HttpRequest, pk: UUID, given: Entered):
    """For somebody else, heard on the radio or seen."""
    found = queries.line(request.user, pk)
    return person_shape(services.enter(actor=request.user, line=found, **given.dict()))


@router.post("/musters/{uuid:pk}/links")
def hang_links(request: HttpRequest, pk: UUID):
    """No idempotency key: an answer that is kept would keep the links."""
    found = queries.muster(request.user, pk)
    rows = services.hang_links(actor=request.user, muster=found)
    return [{**person_shape(line), "link": muster_address(secret)} for line, secret in rows]


@router.post("/musters/{uuid:pk}/close")
@idempotent
def close_muster(request: HttpRequest, pk: UUID, given: Note):
    found = queries.muster(request.user, pk)
    done = services.close_muster(actor=request.user, muster=found, note=given.note)
    return muster_shape(request.user, done)
