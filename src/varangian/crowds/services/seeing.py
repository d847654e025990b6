"""Cameras of the operation count for a venue that is watched: numbers, never who anybody is."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.kernel.results import Conflict, Refused
from varangian.operations.counting import Place, places
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..counted import Word, seen
from ..models import CrowdCounter, CrowdWatch, VenuePlan
from ..queries import live as reads
from ..queries import venues as queries
from . import hearing

EVERY_S = 20
"""A camera says more often how many there are; after three times this it counts as silent."""
Kind = CrowdCounter.Kind


@transaction.atomic
def add_camera(
    *, actor: Actor, plan: VenuePlan, camera: UUID, zone: str, into: str, behind: str = ""
) -> CrowdCounter:
    """``zone``: an area or a line of the camera. An area says how many people are ``into``; a line
    who passes from ``behind`` into ``into``, an empty name being the outside."""
    require(actor, "crowd.change", plan.compartment_id)
    place = _place(actor, plan, camera, zone)
    known = reads.zones_of(queries.version(actor, plan))
    for one in {behind, into} - {"", *known}:
        raise Refused(f"There is no zone {one}", "behind, into", f"There is: {', '.join(known)}.")
    if place.door and behind == into:
        mend = "Say the zone people come from and the one they go into; empty is outside."
        raise Refused("This line joins no two places", "behind, into", mend)
    if not place.door:
        behind = _refuse_area(actor, plan, place, behind, into)
    try:
        with transaction.atomic():
            made = CrowdCounter.objects.create(
                compartment_id=plan.compartment_id, plan=plan, name=place.words[:60],
                kind=Kind.SEEN, behind=behind, into=into, source=place.source,
                outside_id=place.zone, totals=False, period_s=EVERY_S,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("This camera counts for the venue already", place.words) from error
    note(kind="write", record=made, actor=actor, purpose="a camera counts for a venue")
    publish(topic="crowds", kind="live", record=plan.pk, compartment_id=plan.compartment_id)
    return made


def _place(actor: Actor, plan: VenuePlan, camera: UUID, zone: str) -> Place:
    found = offered(actor, plan)
    for place in found:
        if place.source == camera and place.zone == zone:
            return place
    there = f"There is: {', '.join(place.words for place in found)[:300]}." if found else ""
    raise Refused("No camera of this operation counts this", where=zone, mend=there)


def _refuse_area(actor: Actor, plan: VenuePlan, place: Place, behind: str, into: str) -> str:
    """An area is no way from somewhere to somewhere, and one zone is seen by one camera."""
    if not into or behind not in ("", into):
        mend = "Say into which zone the people it sees are; a line tells who passes."
        raise Refused(f"{place.words} is an area", "into", mend)
    others = reads.eyes(actor, plan).filter(into=into, behind=into)
    for other in others.exclude(source=place.source, outside_id=place.zone):
        mend = "Take that one away first: two that see parts of a zone would not add up."
        raise Conflict(f"{other.name} counts this zone already", into, mend)
    return into


def offered(actor: Actor, plan: VenuePlan) -> list[Place]:
    """What the cameras of the operation count by, as far as this person may know of them."""
    return places(actor, plan.operation) if plan.operation else []


@system_read("what a camera of the operation counted is kept for the venues that asked for it")
def on_counted(operation_id: UUID, source: UUID, rows: list[dict[str, Any]], **_: Any) -> None:
    """What a camera says itself to be counted too low is not believed."""
    found = CrowdCounter.objects.filter(
        kind=Kind.SEEN, source=source, removed_at=None, plan__operation_id=operation_id
    )
    said = {str(row["zone"]): row for row in rows}
    for counter in found.select_related("plan"):
        row = said.get(counter.outside_id)
        if row is not None and not _played_again(counter):
            hearing.hear(counter=counter, words=_words(row))


@system_read("whether the evening of the venue is a record")
def _played_again(counter: CrowdCounter) -> bool:
    on = CrowdWatch.objects.filter(version__plan_id=counter.plan_id, ended_at=None)  # pyright: ignore
    return on.filter(replayed=True).exists()


def _words(row: dict[str, Any]) -> list[Word]:
    if row["door"]:
        return [Word(int(row["entered"]), int(row["left"]))]
    if row["under_counted"]:
        return []
    people = int(row["people"])
    return [Word(people=people, within=seen(people))]
