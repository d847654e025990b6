"""Reads of places."""

from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import Place


def places(actor: Actor, *, kind: str = "", unlocated: bool = False) -> QuerySet[Place]:
    found = Place.objects.visible_to(actor).order_by("kind", "slug")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(precision="unlocated") if unlocated else found


def place(actor: Actor, pk: UUID) -> Place:
    found = Place.objects.visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such place, or it is not yours to see", where=str(pk))
    return found


def place_in(actor: Actor, compartment_id: UUID, slug: str) -> Place | None:
    found = Place.objects.visible_to(actor).filter(compartment_id=compartment_id, slug=slug)
    return found.first()
