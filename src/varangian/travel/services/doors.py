"""The doors of places where a car can stop: noted, moved, renamed, and retired."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km, valid_lat_lon
from varangian.kernel.results import Conflict, Refused
from varangian.places.models import Place
from varangian.places.queries import place as place_of
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..models import PlaceDoor
from ..queries import route_days as queries

MOST_DOORS = 6
FAR_KM = 2.0
"""A kerb further from its place than this is most likely a slip: degrees swapped, or a digit."""


@transaction.atomic
def add_door(
    *, actor: Actor, place: Place, name: str, position: tuple[float, float], waits: bool = False
) -> PlaceDoor:
    """``waits``: a car may stand there for a while."""
    require(actor, "place.change", place.compartment_id)
    place = place_of(actor, place.pk)
    words, at = _name(actor, place, name), _position(place, position)
    if queries.doors(actor).filter(place=place).count() >= MOST_DOORS:
        raise Refused(f"A place has at most {MOST_DOORS} doors", place.name, "Retire one first.")
    door = PlaceDoor.objects.create(
        key_id=place.key_id, compartment_id=place.compartment_id, place=place, name=words,
        position=at, waits=waits, by_id=actor.pk,
    )  # fmt: skip
    _tell(door, "added", actor)
    return door


@transaction.atomic
def change_door(
    *, actor: Actor, door: PlaceDoor, name: str | None = None,
    position: tuple[float, float] | None = None, waits: bool | None = None,
) -> PlaceDoor:  # fmt: skip
    """Moved or renamed; plans that were drawn over it keep what they were made from."""
    door = _held(actor, door)
    if name is not None and name.strip() != door.name:
        door.name = _name(actor, door.place, name)
    if position is not None:
        door.position = _position(door.place, position)
    if waits is not None:
        door.waits = waits
    door.by_id, door.at = actor.pk, now()  # pyright: ignore
    door.save(update_fields=["name", "position", "waits", "by", "at"])
    _tell(door, "changed", actor)
    return door


@transaction.atomic
def retire_door(*, actor: Actor, door: PlaceDoor) -> PlaceDoor:
    """No day is drawn over it any more; what was stays on record."""
    door = _held(actor, door)
    door.retired_at, door.retired_by_id = now(), actor.pk  # pyright: ignore
    door.save(update_fields=["retired_at", "retired_by"])
    _tell(door, "retired", actor)
    return door


def _held(actor: Actor, door: PlaceDoor) -> PlaceDoor:
    require(actor, "place.change", door.compartment_id)
    found = PlaceDoor.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=door.pk)
    if found.retired_at:
        raise Conflict("This door is retired", found.name, "Add a new one.")
    return found


def _name(actor: Actor, place: Place, name: str) -> str:
    words = " ".join(name.split())[:60]
    if not words:
        raise Refused("A door needs a name", "name", "Such as north gate.")
    if any(door.name.lower() == words.lower() for door in queries.doors(actor).filter(place=place)):
        raise Refused("This place has a door of that name", "name", words)
    return words


def _position(place: Place, position: tuple[float, float]) -> list[float]:
    lat, lon = position
    if not valid_lat_lon(lat, lon):
        raise Refused(
            "This position is not on the earth", "position", f"{lat}, {lon}: latitude first."
        )
    if place.located and (far := haversine_km((lat, lon), tuple(place.position))) > FAR_KM:
        raise Refused(
            f"This is {far:.1f} km from {place.name}", "position",
            "Latitude first; or move the place itself.",
        )  # fmt: skip
    return [float(lat), float(lon)]


def _tell(door: PlaceDoor, event: str, actor: Actor) -> None:
    place = door.place
    changed(node=("place", place.pk), reason=f"Place {place.slug}: a door was {event}")
    announce(
        topic="places", event=f"door {event}", text=f"Door {event}: {place.slug}",
        compartment_id=door.compartment_id, record=("place", place.pk), actor=actor,
    )  # fmt: skip
