"""The face watchlist over the API: records, entries and candidates."""

from datetime import datetime, time
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from ..queries import cameras
from ..queries import faces as queries
from ..services.faces import assessing, deciding, evidence, records, watchlist
from ..shapes.faces import (
    entry_shape,
    exported_shape,
    look_shape,
    looked_shape,
    match_shape,
    picture_shape,
    record_shape,
)

router = Router()
PRIVATE = {"Cache-Control": "no-store"}


class NewFaceRecord(Schema):
    purpose: str
    legal_basis: str
    necessity: str
    dpia: str
    places: str
    signage: str
    cameras: list[UUID]
    valid_until: datetime
    deletion_days: int
    valid_from: datetime | None = None
    begins: time | None = None
    ends: time | None = None


class FaceRecordChange(Schema):
    purpose: str | None = None
    legal_basis: str | None = None
    necessity: str | None = None
    dpia: str | None = None
    places: str | None = None
    signage: str | None = None
    cameras: list[UUID] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    deletion_days: int | None = None
    begins: time | None = None
    ends: time | None = None


class FaceRevocation(Schema):
    reason: str


class NewFaceEntry(Schema):
    title: str
    legal_basis: str
    proportionality: str
    drill: str
    reviewer: str
    """E-mail address; another person."""
    expires_at: datetime
    purpose: str = ""
    case_kind: Literal["", "threat", "bolo"] = ""
    case_id: UUID | None = None
    reference: str = ""


class FaceLook(Schema):
    purpose: str


class FaceVerdict(Schema):
    confirmed: bool
    words: str = ""


class FaceEvidence(Schema):
    purpose: str


def _cameras(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("cameras") is not None:
        given["cameras"] = [cameras.camera(request.user, pk) for pk in given["cameras"]]
    return given


@router.get("/operations/{slug}/face-records")
def list_face_records(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "face_record.view", operation.compartment_id)
    return page(
        queries.records(request.user, operation),
        paging,
        lambda row: record_shape(row, request.user),
    )


@router.post("/operations/{slug}/face-records")
@idempotent
def draw_face_record(request: HttpRequest, slug: str, given: NewFaceRecord):
    """A draft: it turns nothing on."""
    operation = operations.operation(request.user, slug)
    require(request.user, "face_record.draft", operation.compartment_id)
    fields = _cameras(request, given.dict())
    made = records.draw_record(actor=request.user, operation=operation, **fields)
    return record_shape(made, request.user)


@router.get("/face-records/{pk}")
def show_face_record(request: HttpRequest, pk: UUID):
    return record_shape(queries.record(request.user, pk), request.user)


@router.patch("/face-records/{pk}")
@idempotent
def change_face_record(request: HttpRequest, pk: UUID, change: FaceRecordChange):
    """Only a draft; what is not given stays."""
    record = queries.record(request.user, pk)
    require(request.user, "face_record.draft", record.compartment_id)
    fields = _cameras(request, change.dict(exclude_unset=True))
    made = records.change_record(actor=request.user, record=record, **fields)
    return record_shape(made, request.user)


@router.post("/face-records/{pk}/assessment")
@idempotent
def lay_face_assessment(request: HttpRequest, pk: UUID, file: File[UploadedFile]):
    """The impact assessment as a PDF, up to 25 MB; only to a draft. Nobody signs without it."""
    record = queries.record(request.user, pk)
    made = assessing.keep_assessment(
        actor=request.user, record=record, data=file.read(), name=file.name or ""
    )
    return record_shape(made, request.user)


@router.get("/face-records/{pk}/assessment")
def open_face_assessment(request: HttpRequest, pk: UUID):
    """Opening it is on record."""
    record = queries.record(request.user, pk)
    data = assessing.open_assessment(actor=request.user, record=record)
    return HttpResponse(data, content_type=assessing.PDF, headers=PRIVATE)


@router.post("/face-records/{pk}/sign")
@idempotent
def sign_face_record(request: HttpRequest, pk: UUID, digest: str = ""):
    """By another person than who drew it. With ``digest``, the ``content_digest`` that was read, a
    draft that was changed meanwhile is not signed."""
    prove(request)
    record = queries.record(request.user, pk)
    made = records.sign_record(actor=request.user, record=record, seen=digest)
    return record_shape(made, request.user)


@router.post("/face-records/{pk}/revoke")
@idempotent
def revoke_face_record(request: HttpRequest, pk: UUID, given: FaceRevocation):
    record = queries.record(request.user, pk)
    made = records.revoke_record(actor=request.user, record=record, reason=given.reason)
    return record_shape(made, request.user)


@router.get("/operations/{slug}/face-entries")
def list_face_entries(request: HttpRequest, slug: str, paging: PageOf, ended: bool = False):
    operation = operations.operation(request.user, slug)
    require(request.user, "face_entry.view", operation.compartment_id)
    return page(queries.entries(request.user, operation, ended=ended), paging, entry_shape)


@router.post("/operations/{slug}/face-entries")
@idempotent
def propose_face_entry(request: HttpRequest, slug: str, given: NewFaceEntry):
    operation = operations.operation(request.user, slug)
    require(request.user, "face_entry.change", operation.compartment_id)
    fields = given.dict()
    fields["reviewer"] = member_by_email(request.user, operation, fields["reviewer"])
    made = watchlist.propose_entry(actor=request.user, operation=operation, **fields)
    return entry_shape(made)


@router.get("/face-entries/{pk}")
def show_face_entry(request: HttpRequest, pk: UUID):
    return entry_shape(queries.entry(request.user, pk))


@router.post("/face-entries/{pk}/pictures")
def add_face_picture(request: HttpRequest, pk: UUID, file: File[UploadedFile]):
    """Judged first: what cannot be compared is refused in words."""
    entry = queries.entry(request.user, pk)
    made = watchlist.add_picture(
        actor=request.user, entry=entry, data=file.read(), name=file.name or ""
    )
    return picture_shape(made)


@router.post("/face-entries/{pk}/accept")
@idempotent
def accept_face_entry(request: HttpRequest, pk: UUID):
    """By its reviewer."""
    entry = queries.entry(request.user, pk)
    return entry_shape(watchlist.accept_entry(actor=request.user, entry=entry))


@router.delete("/face-entries/{pk}")
@idempotent
def remove_face_entry(request: HttpRequest, pk: UUID):
    """Erases name, pictures and templates."""
    entry = queries.entry(request.user, pk)
    return entry_shape(watchlist.remove_entry(actor=request.user, entry=entry))


@router.get("/face-pictures/{pk}/file")
def open_face_picture(request: HttpRequest, pk: UUID):
    found = queries.picture(request.user, pk)
    data = watchlist.open_picture(actor=request.user, picture=found)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@router.delete("/face-pictures/{pk}")
@idempotent
def remove_face_picture(request: HttpRequest, pk: UUID):
    found = queries.picture(request.user, pk)
    entry = found.entry_id
    watchlist.remove_picture(actor=request.user, picture=found)
    return entry_shape(queries.entry(request.user, entry))


@router.get("/operations/{slug}/face-matches")
def list_face_matches(
    request: HttpRequest,
    slug: str,
    paging: PageOf,
    view: Literal["waiting", "confirmed", "denied", "all"] = "waiting",
):
    operation = operations.operation(request.user, slug)
    require(request.user, "face_match.view", operation.compartment_id)
    return page(queries.matches(request.user, operation, view=view), paging, match_shape)


@router.post("/face-matches/{pk}/views")
def look_at_face_match(request: HttpRequest, pk: UUID, given: FaceLook):
    """On record with its purpose; the answer says where the pictures are."""
    match = queries.match(request.user, pk)
    view = deciding.look(actor=request.user, match=match, purpose=given.purpose)
    return look_shape(view, match, queries.counted(request.user, match))


@router.post("/face-matches/{pk}/decide")
@idempotent
def decide_face_match(request: HttpRequest, pk: UUID, given: FaceVerdict):
    """Only by whoever has looked."""
    match = queries.match(request.user, pk)
    made = deciding.decide(
        actor=request.user, match=match, confirmed=given.confirmed, words=given.words
    )
    return match_shape(made)


@router.post("/face-matches/{pk}/evidence")
def take_face_evidence(request: HttpRequest, pk: UUID, given: FaceEvidence):
    """A zip of a confirmed candidate for ``varangian audit verify``. Each one is on record, so this
    takes no idempotency key. From a browser only shortly after signing in again."""
    match = queries.match(request.user, pk)
    require(request.user, "face_match.export", match.compartment_id)
    prove(request)
    taken = evidence.export_evidence(actor=request.user, match=match, purpose=given.purpose)
    told = {"Content-Disposition": f'attachment; filename="{taken.name}"', **PRIVATE}
    return HttpResponse(taken.data, content_type="application/zip", headers=told)


@router.get("/operations/{slug}/face-exports")
def list_face_exports(request: HttpRequest, slug: str, paging: PageOf):
    """Who took a candidate out as evidence, why, and the SHA-256 of what they took."""
    operation = operations.operation(request.user, slug)
    require(request.user, "face_match.oversee", operation.compartment_id)
    return page(queries.exports(request.user, operation), paging, exported_shape)


@router.get("/face-views/{pk}/shots/{number}")
def show_face_shot(request: HttpRequest, pk: UUID, number: int):
    data = deciding.shot(queries.own_view(request.user, pk), number)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@router.get("/face-views/{pk}/entry/{number}")
def show_face_of_entry(request: HttpRequest, pk: UUID, number: int):
    data = deciding.entry_picture(queries.own_view(request.user, pk), number)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@router.get("/operations/{slug}/face-views")
def list_face_views(request: HttpRequest, slug: str, paging: PageOf):
    """Who looked at candidates, and why."""
    operation = operations.operation(request.user, slug)
    require(request.user, "face_match.oversee", operation.compartment_id)
    return page(queries.views(request.user, operation), paging, looked_shape)
