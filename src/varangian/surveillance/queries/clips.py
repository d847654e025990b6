"""Clips of people on the ground."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import Clip


def clips(actor: Actor, operation: Any) -> QuerySet[Clip]:
    found = Clip.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("person", "operation")


def clip(actor: Actor, pk: UUID, action: str = "clip.view") -> Clip:
    found = Clip.objects.visible_to(actor, action).filter(pk=pk)
    row = found.select_related("person", "operation").first()
    if row is None:
        raise NotFound("There is no such clip, or it is not yours to see", where=str(pk))
    return row
