"""Persons of interest over the API. Each reading is on record; ``purpose`` says why."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.kernel.results import NotFound, Refused
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require
from varangian.platform.storage.services import read
from varangian.principals import queries as principals

from .. import person_printing
from ..models import Person, PersonFact
from ..queries import bolo as cards
from ..queries import persons as queries
from ..queries import threats
from ..services import persons as services
from ..shapes import persons as shapes
from ..shapes.bolo import file_shape as card_shape

router = Router(tags=["persons"])
View = Literal["open", "due", "closed", "all"]


class PersonFields(Schema):
    identified: bool | None = None
    description: str | None = None
    concern: str | None = None
    whom: str | None = None
    """Short name of the principal it concerns."""
    legal_basis: str | None = None
    purpose: str | None = None
    proportionality: str | None = None
    reviewer: str | None = None
    """E-mail address."""


class PersonChange(PersonFields):
    name: str | None = None


class NewPerson(PersonFields):
    name: str
    expires_at: datetime | None = None


class PersonMove(Schema):
    state: str
    reason: str


class PersonReviewed(Schema):
    words: str
    stands: bool = True
    expires_at: datetime | None = None


class GradedRecord(Schema):
    source: str
    source_grade: str = ""
    information_grade: str = ""


class NewPersonFact(GradedRecord):
    kind: str
    value: str = ""
    description: str = ""


class NewPersonTie(GradedRecord):
    other: UUID
    kind: str
    words: str = ""


class NewCourtOrder(GradedRecord):
    kind: str
    court: str
    reference: str = ""
    issued_on: date
    expires_on: date | None = None
    conditions: str


class RecordWithdrawn(Schema):
    kind: Literal["fact", "image", "tie", "order"]
    record: UUID
    reason: str


class PersonMerged(Schema):
    other: UUID
    reason: str


class PersonReason(Schema):
    reason: str


class ThreatNamed(Schema):
    threat: UUID
    named: bool = True


class CardOfPerson(Schema):
    """An existing card, to say that it is about this person."""

    card: UUID


@router.get("/engagements/{slug}/persons")
def list_persons(
    request: HttpRequest, slug: str, paging: PageOf, view: View = "open", state: str = ""
):
    engagement = queries.engagement_with_persons(request.user, slug)
    rows = queries.persons(request.user, engagement, view=view, state=state)
    found = page(rows, paging, lambda row: row)
    people = queries.listed(found["items"])
    services.listed(actor=request.user, persons=people, how="listed over the API")
    return found | {"items": [shapes.person_row(row) for row in people]}


@router.post("/engagements/{slug}/persons", response={201: dict})
@idempotent
def refer_person(request: HttpRequest, slug: str, new: NewPerson):
    engagement = queries.engagement_with_persons(request.user, slug)
    require(request.user, "person.change", engagement.compartment_id)
    fields = _given(request, engagement, new)
    made = services.refer_person(actor=request.user, engagement=engagement, **fields)
    return 201, shapes.person_shape(made)


@router.get("/persons/{pk}")
def show_person(request: HttpRequest, pk: UUID, purpose: str = ""):
    person = _read(request, pk, purpose)
    return shapes.file_shape(request.user, person)


@router.patch("/persons/{pk}")
@idempotent
def change_person(request: HttpRequest, pk: UUID, change: PersonChange):
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    fields = _given(request, person.engagement, change)
    return shapes.person_shape(services.change_person(actor=request.user, person=person, **fields))


@router.post("/persons/{pk}/moves")
@idempotent
def move_person(request: HttpRequest, pk: UUID, given: PersonMove):
    person = queries.person(request.user, pk)
    moved = services.move_person(actor=request.user, person=person, **given.dict())
    return shapes.person_shape(moved)


@router.post("/persons/{pk}/reviews")
@idempotent
def review_person(request: HttpRequest, pk: UUID, given: PersonReviewed):
    person = queries.person(request.user, pk)
    done = services.review_person(actor=request.user, person=person, **given.dict())
    return shapes.person_shape(done)


@router.get("/persons/{pk}/history")
def person_history(request: HttpRequest, pk: UUID, paging: PageOf, purpose: str = ""):
    person = _read(request, pk, purpose)
    return page(queries.steps(request.user, person), paging, shapes.step_shape)


@router.get("/persons/{pk}/looks")
def person_looks(request: HttpRequest, pk: UUID):
    """Who looked at the file, when and why."""
    person = queries.person(request.user, pk)
    return {"items": [shapes.look_shape(row) for row in queries.looks(request.user, person)]}


@router.post("/persons/{pk}/facts", response={201: dict})
@idempotent
def add_person_fact(request: HttpRequest, pk: UUID, new: NewPersonFact):
    person = queries.person(request.user, pk)
    made = services.add_fact(actor=request.user, person=person, **new.dict())
    return 201, shapes.fact_shape(made) | {"shared_with": _sharing(request, person, made)}


@router.post("/persons/{pk}/images", response={201: dict})
def add_person_image(
    request: HttpRequest,
    pk: UUID,
    file: File[UploadedFile],
    source: Form[str],
    caption: Form[str] = "",
    taken_on: Form[date | None] = None,
):
    person = queries.person(request.user, pk)
    made = services.add_image(
        actor=request.user,
        person=person,
        data=file.read(),
        name=file.name or "",
        source=source,
        caption=caption,
        taken_on=taken_on,
    )
    return 201, shapes.image_shape(made)


@router.get("/persons/{pk}/images/{number}")
def person_image(request: HttpRequest, pk: UUID, number: int, purpose: str = ""):
    person = _read(request, pk, purpose)
    found = queries.image(request.user, person, number)
    answer = HttpResponse(read(found.picture), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@router.post("/persons/{pk}/ties", response={201: dict})
@idempotent
def add_person_tie(request: HttpRequest, pk: UUID, new: NewPersonTie):
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    fields: dict[str, Any] = new.dict() | {"other": _other(request, new.other)}
    made = services.add_tie(actor=request.user, person=person, **fields)
    return 201, shapes.tie_shape(made, person)


@router.post("/persons/{pk}/court-orders", response={201: dict})
@idempotent
def add_court_order(request: HttpRequest, pk: UUID, new: NewCourtOrder):
    person = queries.person(request.user, pk)
    made = services.add_court_order(actor=request.user, person=person, **new.dict())
    return 201, shapes.order_shape(made)


@router.post("/persons/{pk}/withdraw")
@idempotent
def withdraw_person_record(request: HttpRequest, pk: UUID, given: RecordWithdrawn):
    person = queries.person(request.user, pk)
    services.withdraw(actor=request.user, person=person, **given.dict())
    return shapes.file_shape(request.user, person)


@router.post("/persons/{pk}/merge")
@idempotent
def merge_persons(request: HttpRequest, pk: UUID, given: PersonMerged):
    """The other file is read in this one; nothing is moved, and it can be undone."""
    person = queries.person(request.user, pk)
    require(request.user, "person.merge", person.compartment_id)
    other = _other(request, given.other)
    made = services.merge_persons(actor=request.user, kept=person, other=other, reason=given.reason)
    return shapes.merge_shape(made)


@router.post("/persons/{pk}/unmerge")
@idempotent
def unmerge_persons(request: HttpRequest, pk: UUID, given: PersonReason):
    """Of the file that was folded into another."""
    person = queries.person(request.user, pk)
    done = services.unmerge_persons(actor=request.user, other=person, reason=given.reason)
    return shapes.person_shape(done)


@router.post("/persons/{pk}/threats")
@idempotent
def name_person_in_threat(request: HttpRequest, pk: UUID, given: ThreatNamed):
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    source = _found(lambda: threats.source(request.user, given.threat), "threat")
    service = services.name_in_threat if given.named else services.unname_in_threat
    service(actor=request.user, person=person, source=source)
    return shapes.person_shape(person)


@router.post("/persons/{pk}/cards")
@idempotent
def tie_card_to_person(request: HttpRequest, pk: UUID, given: CardOfPerson):
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    card = _found(lambda: cards.card(request.user, given.card), "card")
    return card_shape(services.tie_card(actor=request.user, person=person, card=card))


@router.get("/persons/{pk}/card")
def card_from_person(request: HttpRequest, pk: UUID, kind: Literal["person", "vehicle"] = "person"):
    """What a BOLO card can take from the file, to be looked through and drawn by a person."""
    person = _read(request, pk, "for a BOLO card")
    found = services.prefilled(request.user, person, kind)
    return found | {"kind": kind, "person": str(person.pk), "reviewer": person.reviewer.email}


@router.get("/persons/{pk}/held")
def held_about_person(request: HttpRequest, pk: UUID):
    """All that is held about the person, for who asks. Others appear by number only."""
    person = queries.person(request.user, pk)
    require(request.user, "person.export", person.compartment_id)
    prove(request)
    return person_printing.held_about(request.user, person)


@router.post("/persons/{pk}/erase")
@idempotent
def erase_person(request: HttpRequest, pk: UUID, given: PersonReason):
    """Destroys the key: nothing of the file is read again, here or in any backup."""
    person = queries.person(request.user, pk)
    require(request.user, "person.erase", person.compartment_id)
    prove(request)
    done = services.erase_person(actor=request.user, person=person, reason=given.reason)
    return shapes.person_shape(done)


def _read(request: HttpRequest, pk: UUID, purpose: str) -> Person:
    person = queries.person(request.user, pk)
    why = purpose.strip() or "no purpose given"
    services.looked(actor=request.user, person=person, purpose=f"over the API: {why}")
    return person


def _sharing(request: HttpRequest, person: Person, fact: PersonFact) -> list[str]:
    kind = fact.get_kind_display().lower()  # pyright: ignore
    shared = queries.sharing(request.user, person)
    return sorted({row.person.label for row in shared if row.kind == kind})


def _other(request: HttpRequest, pk: UUID) -> Person:
    return _found(lambda: queries.person(request.user, pk), "other")


def _found(ask: Any, where: str) -> Any:
    """A record that the body names: its lack is a fault of the body."""
    try:
        return ask()
    except NotFound as error:
        raise Refused(str(error), where=where) from error


def _given(request: HttpRequest, engagement: Any, schema: Schema) -> dict[str, Any]:
    """The fields that were sent, reviewer and principal as records."""
    sent = schema.dict(exclude_unset=True).items()
    found = {name: value for name, value in sent if value is not None}
    if "reviewer" in found:
        found["reviewer"] = member_by_email(request.user, engagement, found["reviewer"])
    if "whom" in found:
        slug = found.pop("whom")
        found["principal"] = _found(lambda: principals.principal(request.user, slug), "whom")
    return found
