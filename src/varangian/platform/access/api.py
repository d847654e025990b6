"""Who am I, and who else is in the circle, over the API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.results import NotFound

from . import queries, services
from .paging import PageOf, idempotent, page
from .roles import Role
from .shapes import me_shape, member_shape

router = Router(tags=["access"])


class NewMember(Schema):
    email: str
    role: Role
    until: datetime | None = None


@router.get("/me")
def me(request: HttpRequest):
    return me_shape(request.user)


@router.get("/members/{compartment}")
def list_members(request: HttpRequest, compartment: UUID, paging: PageOf):
    found = queries.compartment(request.user, compartment)
    return page(queries.members(request.user, found.pk), paging, member_shape)


@router.post("/members/{compartment}", response={201: dict})
@idempotent
def add_member(request: HttpRequest, compartment: UUID, new: NewMember):
    found = queries.compartment(request.user, compartment)
    member = services.add_member(
        actor=request.user,
        compartment_id=found.pk,
        user=_person(new.email),
        role=new.role,
        until=new.until,
    )
    return 201, member_shape(member)


@router.delete("/members/{compartment}/{email}", response={204: None})
@idempotent
def remove_member(request: HttpRequest, compartment: UUID, email: str):
    found = queries.compartment(request.user, compartment)
    services.remove_member(actor=request.user, compartment_id=found.pk, user=_person(email))
    return 204, None


def _person(email: str):
    user = queries.user_by_email(email)
    if user is None:
        raise NotFound("There is no such person", where=email)
    return user
