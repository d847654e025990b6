"""Reads of posts for cover and time in view."""

from uuid import UUID

from django.db.models import QuerySet

from varangian.engines.crowdflow.principal import WayMaps
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor

from ..models import CrowdCover, VenuePlan, VenueVersion
from . import venues


def covers(actor: Actor, plan: VenuePlan | None = None) -> QuerySet[CrowdCover]:
    found = CrowdCover.objects.visible_to(actor).select_related(
        "version", "version__plan", "accepted", "asked_by"
    )
    return found.filter(version__plan=plan) if plan else found


def cover(actor: Actor, pk: UUID) -> CrowdCover:
    found = covers(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such cover plan, or it is not yours to see", where=str(pk))
    return found


def ways_in_crowd(actor: Actor, version: VenueVersion) -> WayMaps | None:
    """The ways out in the crowd of the last run of this version, where there is one."""
    run = venues.last_run(actor, version)
    try:
        return venues.way_maps_of(run) if run else None
    except Refused:
        return None
