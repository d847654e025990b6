"""Reads of venue plans, their versions and what was computed with them."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.engines.crowdflow.flow import Film
from varangian.engines.crowdflow.principal import WayMaps, film_from
from varangian.engines.crowdflow.venue import Finding, Venue, check, read_venue
from varangian.kernel.results import NotFound, Refused
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor
from varangian.platform.storage.services import read

from ..models import CrowdRun, VenuePlan, VenueVersion
from ..reading import FATAL


def plans(actor: Actor, operation: Operation | None = None) -> QuerySet[VenuePlan]:
    found = VenuePlan.objects.visible_to(actor).select_related("place", "operation", "current")
    return found.filter(operation=operation) if operation else found


def plan(actor: Actor, pk: UUID) -> VenuePlan:
    found = plans(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such venue, or it is not yours to see", where=str(pk))
    return found


def versions(actor: Actor, plan: VenuePlan) -> QuerySet[VenueVersion]:
    found = VenueVersion.objects.visible_to(actor).filter(plan=plan)
    return found.select_related("made_by", "original", "picture", "plan")


def version(actor: Actor, plan: VenuePlan, number: int | None = None) -> VenueVersion:
    """The one asked for; else the one in force, else the newest."""
    found = versions(actor, plan)
    if number is None:
        one = found.filter(pk=plan.current_id).first() or found.first()  # pyright: ignore
    else:
        one = found.filter(number=number).first()
    if one is None:
        raise NotFound("There is no such version of the venue", where=str(number or ""))
    return one


def newest_of(actor: Actor, plans: Iterable[VenuePlan]) -> dict[UUID, VenueVersion]:
    """By the id of the plan, in one query for a whole list."""
    found = VenueVersion.objects.visible_to(actor).filter(plan__in=list(plans))
    rows = found.order_by("plan_id", "-number").distinct("plan_id")
    return {row.plan_id: row for row in rows}  # pyright: ignore


def newest(actor: Actor, plan: VenuePlan) -> VenueVersion:
    found = versions(actor, plan).first()
    if found is None:
        raise NotFound("This venue has no version", where=str(plan.pk))
    return found


def looked_over(document: dict[str, Any]) -> tuple[Venue | None, list[Finding]]:
    """A plan of which nothing can be read yet is a finding, not an error: it is a draft."""
    try:
        found = read_venue(json.dumps(document))
    except Refused as refused:
        return None, [Finding("unread", "fault", refused.what, refused.mend, refused.where)]
    return found.venue, [*found.findings, *check(found.venue)]


def sound(document: dict[str, Any]) -> Venue:
    """A venue to compute with; what makes any figure meaningless is refused."""
    venue, findings = looked_over(document)
    for finding in findings:
        if venue is None or finding.code in FATAL:
            raise Refused(finding.what, finding.where, finding.mend)
    assert venue
    return venue


def runs(actor: Actor, plan: VenuePlan | None = None) -> QuerySet[CrowdRun]:
    found = CrowdRun.objects.visible_to(actor).select_related("version", "version__plan")
    return found.filter(version__plan=plan) if plan else found


def run(actor: Actor, pk: UUID) -> CrowdRun:
    found = runs(actor).select_related("film", "film_before", "asked_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("Nothing is computed there, or it is not yours to see", where=str(pk))
    return found


def last_run(actor: Actor, version: VenueVersion) -> CrowdRun | None:
    done = runs(actor, version.plan).filter(version=version, state=CrowdRun.State.DONE)
    return done.select_related("film").first()


def way_maps_of(run: CrowdRun) -> WayMaps:
    if run.film is None:
        raise Refused("Nothing was kept of this run", where=run.get_state_display())
    _, maps = film_from(read(run.film))
    if maps is None:
        mend = "Put a vehicle or a safe room on the plan, save it and run again."
        raise Refused("The plan had nowhere to bring the principal", "vehicle", mend)
    return maps


def film_of(run: CrowdRun, side: str = "after") -> Film:
    kept = run.film_before if side == "before" else run.film
    if kept is None:
        raise Refused("Nothing was kept of this run", where=run.get_state_display())
    return film_from(read(kept))[0]
