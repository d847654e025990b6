"""Events that were kept as evidence, and who had them in hand."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require

from ..models import Clip, KeptEvent, KeptUse, SeenEvent
from .clips import clips

SITTING = timedelta(minutes=30)
NEAR = timedelta(hours=2)


def kept_events(actor: Actor, operation: Any = None) -> QuerySet[KeptEvent]:
    found = KeptEvent.objects.visible_to(actor).filter(ends_at__gt=now())
    found = found.select_related("operation", "kept_by")
    return found if operation is None else found.filter(operation=operation)


def kept_event(actor: Actor, pk: UUID) -> KeptEvent:
    found = kept_events(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such evidence, or its end date has passed", where=str(pk))
    return found


def kept_of(actor: Actor, event: SeenEvent) -> list[KeptEvent]:
    return list(kept_events(actor).filter(event=event.pk))


def uses(actor: Actor, operation: Any, kept: KeptEvent | None = None) -> QuerySet[KeptUse]:
    """Who kept, looked and took out, and why: for the leader."""
    require(actor, "kept_event.oversee", operation.compartment_id)
    found = KeptUse.objects.visible_to(actor).filter(operation=operation).select_related("person")
    return found if kept is None else found.filter(kept=kept.pk)


def own_look(actor: Actor, pk: UUID) -> KeptEvent:
    """What a person has just said why they look at."""
    mine = KeptUse.objects.visible_to(actor, "kept_event.view").filter(
        pk=pk, person_id=actor.pk, kind=KeptUse.Kind.LOOKED, at__gt=now() - SITTING
    )
    row = mine.first()
    if row is None:
        raise NotFound("This look is over, or it is not yours", mend="Say again why you look.")
    return kept_event(actor, row.kept)


def clips_near(actor: Actor, event: SeenEvent) -> list[Clip]:
    """Whole clips of the operation from around the time of an event, the nearest first."""
    source: Any = event.sensor or event.camera
    found = clips(actor, source.operation).filter(
        whole_at__isnull=False, taken_at__gte=event.at - NEAR, taken_at__lte=event.at + NEAR
    )
    return sorted(found[:50], key=lambda one: abs(one.taken_at - event.at))[:20]


def chosen_clips(actor: Actor, event: SeenEvent, pks: list[UUID]) -> list[Clip]:
    source: Any = event.sensor or event.camera
    found = {one.pk: one for one in clips(actor, source.operation).filter(pk__in=pks)}
    if missing := [pk for pk in pks if pk not in found]:
        raise Refused(
            "There is no such clip, or it is not yours to see", where=f"clips, {missing[0]}"
        )
    return [found[pk] for pk in dict.fromkeys(pks)]
