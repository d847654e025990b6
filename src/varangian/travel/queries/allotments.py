"""Reads of what is assigned to a leg, and the advice before it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor, system_read

from ..fleet import advice
from ..fleet.hours import Breach, leg
from ..fleet.library import driving_hours, vehicles
from ..models import Allotment, FleetHold, Vehicle
from . import fleet
from .drivers import planned, spans
from .fleet import one

DETOUR = 1.3
"""Roads are about so much longer than the crow flies; said with the figure."""


def allotments(actor: Actor, movement: Movement | None = None) -> QuerySet[Allotment]:
    found = Allotment.objects.visible_to(actor).select_related(
        "vehicle", "driver", "movement__operation", "by"
    )
    return found.filter(movement=movement) if movement else found


def allotment(actor: Actor, pk: UUID) -> Allotment:
    return one(allotments(actor).filter(pk=pk), "assignment", str(pk))


@system_read("when a vehicle or driver is taken elsewhere is told, and nothing more of it")
def taken(
    starts: datetime, ends: datetime, *, digest: str = "", person: UUID | None = None
) -> FleetHold | None:
    found = FleetHold.objects.filter(starts__lt=ends, ends__gt=starts)
    found = found.filter(vehicle=digest) if digest else found.filter(person_id=person)
    return found.order_by("starts").first()


@system_read("when a vehicle is promised elsewhere is told, and nothing more of it")
def promised(
    vehicle: Vehicle, starts: datetime, ends: datetime, but: Sequence[Movement]
) -> list[tuple[datetime, datetime]]:
    """Times at which it is held for anything but these legs."""
    own = Allotment.objects.filter(vehicle=vehicle, movement__in=but).values("pk")
    found = FleetHold.objects.filter(
        vehicle=vehicle.plate_digest, starts__lt=ends, ends__gt=starts
    ).exclude(source__in=own)
    return list(found.order_by("starts").values_list("starts", "ends"))


def need_of(movement: Movement, asked: dict[str, Any]) -> advice.Need:
    """What the leg itself says, and what the person who plans adds."""
    distance, origin = asked.get("distance_km"), ""
    if distance is None:
        distance, origin = _by_the_map(movement)
    operation = movement.operation
    return advice.Need(
        threat_level=operation.threat_level,
        profile=asked.get("profile") or _profile(operation.profile_level),
        seats=asked.get("seats") or _party(movement),
        distance_km=distance,
        distance_from=origin,
        terrain=tuple(asked.get("terrain") or ()),
        cold=asked.get("cold"),
    )


def advise(actor: Actor, movement: Movement, need: advice.Need) -> list[advice.Advice]:
    """Every vehicle of the engagement with its reasons, those that can go first."""
    rows = fleet.of_engagement(actor, movement.operation.engagement.compartment_id)
    set_ = {row.vehicle_id for row in allotments(actor, movement).exclude(state="over")}
    lists = vehicles()
    found = [
        advice.advise(_car(row, movement), need, lists, record=row)
        for row in rows
        if row.pk not in set_
    ]
    return advice.in_order(found)


def advise_one(movement: Movement, vehicle: Vehicle, need: advice.Need) -> advice.Advice:
    return advice.advise(_car(vehicle, movement), need, vehicles(), record=vehicle)


def hours_broken(person_id: UUID, movement: Movement) -> list[Breach] | None:
    """What the leg would break in the driver's hours; None: the leg has no times to reckon with."""
    if movement.starts is None or movement.ends is None:
        return None
    at, zone = now(), movement.operation.time_zone
    known = spans(person_id, at) + planned(person_id, movement.starts, but=movement.pk)
    return leg(known, movement.starts, movement.ends, driving_hours(), zone, at)


def vehicles_ready(actor: Actor, movement: Movement) -> list[dict[str, Any]]:
    """For the readiness of an operation: each vehicle of the leg, whether it is ready, and why not.
    Empty: nobody has assigned one."""
    return legs_ready(actor, [movement])[movement.pk]


def legs_ready(actor: Actor, movements: Sequence[Movement]) -> dict[UUID, list[dict[str, Any]]]:
    """The same of many legs; a vehicle of several is looked at once."""
    found: dict[UUID, list[dict[str, Any]]] = {movement.pk: [] for movement in movements}
    stands: dict[UUID, Any] = {}
    for row in allotments(actor).filter(movement__in=movements).exclude(state="over"):
        if row.vehicle_id not in stands:
            stands[row.vehicle_id] = fleet.stand(fleet.vehicle(actor, row.vehicle_id))
        found[row.movement_id].append(_ready(row, stands[row.vehicle_id]))
    return found


def _ready(row: Allotment, at: Any) -> dict[str, Any]:
    why = [f"{line.title}: {line.words}" for line in at.lines if line.state in ("block", "due")]
    if row.state == Allotment.State.CLASH:
        why.insert(0, "the leg moved to a time when the vehicle or its driver is taken")
    if row.driver_id is None:  # pyright: ignore
        why.append("no driver is named")
    named = row.driver_id is not None  # pyright: ignore
    checked = [check.ended_at for check in (at.search, at.roadworthy) if check]
    return {
        "vehicle": row.vehicle.name,
        "part": row.part,
        "ready": at.ready and row.state == Allotment.State.SET and named,
        "blocked": any(line.state == "block" for line in at.lines),
        "why": why,
        "checked_at": min((one for one in checked if one), default=None),
    }


def _car(vehicle: Vehicle, movement: Movement) -> advice.Car:
    at = fleet.stand(vehicle)
    certified = [armour_words(row) for row in vehicle.armour.all() if row.removed_at is None]  # pyright: ignore
    held = None
    if movement.starts and movement.ends:
        held = taken(movement.starts, movement.ends, digest=vehicle.plate_digest)
    blocking = [f"{line.title}: {line.words}" for line in at.lines if line.state == "block"]
    wanting = [f"{line.title}: {line.words}" for line in at.lines if line.state == "due"]
    return advice.Car(
        name=vehicle.name,
        seats=vehicle.seats,
        profile=vehicle.profile,
        drive=vehicle.drive,
        range_km=vehicle.range_km,
        terrain=tuple(vehicle.terrain),
        armour=tuple(certified),
        light=at.state,
        stops=tuple(blocking),
        wanting=tuple(wanting),
        taken=f"Taken {_span(held)}" if held else "",
    )


def armour_words(row: Any) -> str:
    """One certificate as one text: what is not written in it is not said."""
    parts = [("body", row.body), ("glass", row.glass), ("roof", row.roof)]
    parts += [("floor", row.floor), ("door gaps", row.door_gaps)]
    shown = [f"{name} {level}" for name, level in parts if level]
    number = f"certificate {row.number}" if row.number else "material only, no certificate"
    return ", ".join([f"{row.standard} edition {row.edition}", number, *shown])


def _span(held: FleetHold) -> str:
    return f"from {held.starts:%d %b %H:%M} to {held.ends:%d %b %H:%M} UTC"


def _profile(level: str) -> str:
    return level if level in Vehicle.Profile.values else "low" if level == "covert" else ""


def _party(movement: Movement) -> int | None:
    """Travellers named on the leg, and the driver."""
    party = movement.details.get("party")
    if isinstance(party, list) and party:
        return len(party) + 1
    return party + 1 if isinstance(party, int) and party > 0 else None


def _by_the_map(movement: Movement) -> tuple[float | None, str]:
    known = movement.details.get("distance_km")
    if isinstance(known, int | float):
        return float(known), ""
    ends = [place for place in (movement.origin, movement.destination) if place and place.position]
    if len(ends) < 2 or ends[0] == ends[1]:
        return None, ""
    first, last = (place.position for place in ends)
    return haversine_km(
        tuple(first), tuple(last)
    ) * DETOUR, " (by the map, as the crow flies and a third)"
