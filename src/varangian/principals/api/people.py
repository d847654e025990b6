"""Principals over the API. Erasing is not offered here: it takes a person at a page or console."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.queries import compartment_named
from varangian.platform.access.reauth import prove

from .. import queries, services
from ..shapes import contact_shape, row_shape, shape, window_shape

router = Router(tags=["principals"])


class Texts(Schema):
    name: str | None = None
    background: str | None = None
    work: str | None = None
    public_exposure: str | None = None
    known_concerns: str | None = None
    preferences: str | None = None
    consent: str | None = None
    family: str | None = None
    addresses: str | None = None
    routine: str | None = None
    code_word: str | None = None
    duress_word: str | None = None


class NewPrincipal(Texts):
    engagement: str
    code_name: str
    slug: str = ""


class PrincipalChange(Texts):
    code_name: str | None = None


class Medical(Schema):
    blood_group: str | None = None
    allergies: str | None = None
    conditions: str | None = None
    medication: str | None = None
    doctor: str | None = None
    insurer: str | None = None
    next_of_kin: str | None = None
    notes: str | None = None


class NewContact(Schema):
    role: str
    name: str
    phone: str = ""
    email: str = ""
    notes: str = ""
    emergency: bool = False


class ContactChange(Schema):
    role: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    notes: str | None = None
    emergency: bool | None = None


class NewWindow(Schema):
    starts: datetime
    ends: datetime
    rule: str = ""
    agreed_with: str = ""


class Unmask(Schema):
    section: str
    purpose: str


class Verify(Schema):
    review_due: date | None = None


def _given(schema: Schema) -> dict:
    return schema.dict(exclude_none=True)


@router.get("/principals")
def list_principals(request: HttpRequest, paging: PageOf, state: str = ""):
    found = queries.principals(request.user, state=state)
    return page(found, paging, lambda row: row_shape(request.user, row))


@router.post("/principals", response={201: dict})
@idempotent
def create_principal(request: HttpRequest, new: NewPrincipal):
    given = _given(new)
    circle = compartment_named(request.user, given.pop("engagement"))
    principal = services.create_principal(actor=request.user, compartment_id=circle.pk, **given)
    return 201, shape(request.user, principal)


@router.get("/principals/{slug}")
def show_principal(request: HttpRequest, slug: str):
    principal = queries.principal(request.user, slug)
    services.looked_at(actor=request.user, principal=principal)
    return shape(request.user, principal)


@router.patch("/principals/{slug}")
@idempotent
def change_principal(request: HttpRequest, slug: str, change: PrincipalChange):
    principal = queries.principal(request.user, slug)
    changed = services.change_principal(actor=request.user, principal=principal, **_given(change))
    return shape(request.user, changed)


@router.patch("/principals/{slug}/medical")
@idempotent
def set_medical(request: HttpRequest, slug: str, card: Medical):
    principal = queries.principal(request.user, slug)
    changed = services.set_medical(actor=request.user, principal=principal, **_given(card))
    return shape(request.user, changed)


@router.post("/principals/{slug}/verify")
@idempotent
def verify_principal(request: HttpRequest, slug: str, verify: Verify):
    principal = queries.principal(request.user, slug)
    verified = services.verify_principal(
        actor=request.user, principal=principal, review_due=verify.review_due
    )
    return shape(request.user, verified)


@router.post("/principals/{slug}/archive")
@idempotent
def archive_principal(request: HttpRequest, slug: str):
    principal = queries.principal(request.user, slug)
    return shape(request.user, services.archive_principal(actor=request.user, principal=principal))


@router.post("/principals/{slug}/unmask")
def unmask(request: HttpRequest, slug: str, asked: Unmask):
    """One section in plain words, with a reason that stays. Never kept for a repeat."""
    principal = queries.principal(request.user, slug)
    prove(request)
    return services.unmask(
        actor=request.user, principal=principal, section=asked.section, purpose=asked.purpose
    )


@router.get("/principals/{slug}/contacts")
def list_contacts(request: HttpRequest, slug: str, paging: PageOf):
    principal = queries.principal(request.user, slug)
    return page(queries.contacts(request.user, principal), paging, contact_shape)


@router.post("/principals/{slug}/contacts", response={201: dict})
@idempotent
def add_contact(request: HttpRequest, slug: str, new: NewContact):
    principal = queries.principal(request.user, slug)
    contact = services.add_contact(actor=request.user, principal=principal, **new.dict())
    return 201, contact_shape(contact)


@router.patch("/principals/{slug}/contacts/{pk}")
@idempotent
def change_contact(request: HttpRequest, slug: str, pk: UUID, change: ContactChange):
    contact = queries.contact(request.user, queries.principal(request.user, slug), pk)
    return contact_shape(
        services.change_contact(actor=request.user, contact=contact, **_given(change))
    )


@router.delete("/principals/{slug}/contacts/{pk}", response={204: None})
@idempotent
def remove_contact(request: HttpRequest, slug: str, pk: UUID):
    contact = queries.contact(request.user, queries.principal(request.user, slug), pk)
    services.remove_contact(actor=request.user, contact=contact)
    return 204, None


@router.get("/principals/{slug}/windows")
def list_windows(request: HttpRequest, slug: str, paging: PageOf):
    principal = queries.principal(request.user, slug)
    return page(queries.windows(request.user, principal), paging, window_shape)


@router.post("/principals/{slug}/windows", response={201: dict})
@idempotent
def add_window(request: HttpRequest, slug: str, new: NewWindow):
    principal = queries.principal(request.user, slug)
    window = services.add_window(actor=request.user, principal=principal, **new.dict())
    return 201, window_shape(window)


@router.delete("/principals/{slug}/windows/{pk}", response={204: None})
@idempotent
def remove_window(request: HttpRequest, slug: str, pk: UUID):
    window = queries.window(request.user, queries.principal(request.user, slug), pk)
    services.remove_window(actor=request.user, window=window)
    return 204, None


@router.get("/principals/{slug}/stored")
def stored(request: HttpRequest, slug: str):
    principal = queries.principal(request.user, slug)
    return [
        {"kind": words, "count": count}
        for words, count in queries.stored_for(request.user, principal)
    ]
