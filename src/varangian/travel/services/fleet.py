"""The only writers of vehicles: what they are, what they carry, what is wrong with them."""

import re
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.ids import slugify
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.news.services import announce

from ..fleet.library import said, vehicles
from ..models import Armour, Defect, Equipment, Vehicle

FIELDS = {
    *("name", "kind", "make_model", "plate", "seats", "profile", "drive", "range_km", "terrain"),
    *("features", "odometer_km", "service_due_km", "service_due_on", "notes"),
}


def digest_of(plate: str) -> str:
    """As the roster keeps a registration: letters and digits only."""
    return sha256(re.sub(r"[^\w]|_", "", plate).upper().encode()).hexdigest()


@transaction.atomic
def add_vehicle(*, actor: Actor, engagement: Any, name: str, plate: str, **fields: Any) -> Vehicle:
    require(actor, "vehicle.change", engagement.compartment_id)
    given = _checked({"name": name, "plate": plate, **fields})
    made = Vehicle(
        compartment_id=engagement.compartment_id,
        key_id=engagement.key_id,
        slug=_free_slug(engagement.compartment_id, slugify(name) or "vehicle"),
        plate_digest=digest_of(plate),
        **given,
    )
    made.odometer_at = now() if made.odometer_km is not None else None
    _save(made)
    _tell(made, "added", f"Vehicle added: {made.name}", actor)
    return made


@transaction.atomic
def change_vehicle(*, actor: Actor, vehicle: Vehicle, **fields: Any) -> Vehicle:
    require(actor, "vehicle.change", vehicle.compartment_id)
    given = _checked(fields)
    differing = [name for name, value in given.items() if getattr(vehicle, name) != value]
    for name in differing:
        setattr(vehicle, name, given[name])
    if "odometer_km" in given:
        vehicle.odometer_at = now()
    vehicle.plate_digest, vehicle.updated_at = digest_of(vehicle.plate), now()
    _save(vehicle)
    if differing:
        words = ", ".join(name.replace("_", " ") for name in differing)
        _tell(vehicle, "changed", f"Vehicle {vehicle.name} changed: {words}", actor)
    return vehicle


@transaction.atomic
def read_odometer(*, actor: Actor, vehicle: Vehicle, km: int) -> Vehicle:
    """Kilometres only grow; a smaller figure is a slip of the finger."""
    require(actor, "vehicle.check", vehicle.compartment_id)
    if vehicle.odometer_km is not None and km < vehicle.odometer_km:
        raise Refused(
            f"It stood at {vehicle.odometer_km} km before",
            where=f"{km} km",
            mend="Read it again; a new instrument is written by who keeps the fleet.",
        )
    vehicle.odometer_km, vehicle.odometer_at = km, now()
    vehicle.save(update_fields=["odometer_km", "odometer_at"])
    return vehicle


@transaction.atomic
def retire_vehicle(*, actor: Actor, vehicle: Vehicle) -> Vehicle:
    require(actor, "vehicle.change", vehicle.compartment_id)
    ahead = vehicle.allotments.filter(state="set", ends__gt=now())  # pyright: ignore
    if ahead.exists():
        mend = "Take it off those legs first."
        raise Refused("It is assigned to legs that are not over", vehicle.name, mend)
    vehicle.retired_at = now()
    vehicle.save(update_fields=["retired_at"])
    _tell(vehicle, "retired", f"Vehicle {vehicle.name} left the fleet", actor)
    return vehicle


@transaction.atomic
def note_equipment(
    *,
    actor: Actor,
    vehicle: Vehicle,
    sort: str,
    name: str,
    ends: date | None = None,
    note: str = "",
) -> Equipment:
    """Seen and good. What was noted before under this name stays on record, no longer shown."""
    require(actor, "vehicle.check", vehicle.compartment_id)
    if sort not in Equipment.Sort.values:
        raise Refused("It is kit or a paper", where=sort)
    name = name.strip()[:60]
    if not name:
        raise Refused("Say what it is", where="name")
    mine = Equipment.objects.visible_to(actor).filter(vehicle=vehicle, sort=sort, name=name)
    for old in mine.filter(removed_at=None):
        old.removed_at = now()
        old.save(update_fields=["removed_at"])
    made = Equipment.objects.create(
        compartment_id=vehicle.compartment_id,
        vehicle=vehicle,
        sort=sort,
        name=name,
        ends=ends,
        note=note.strip()[:200],
        by_id=actor.pk,
    )
    _tell(vehicle, "equipped", f"{vehicle.name}: {name.replace('_', ' ')} noted", actor)
    return made


@transaction.atomic
def remove_equipment(*, actor: Actor, vehicle: Vehicle, piece: Equipment) -> None:
    require(actor, "vehicle.check", vehicle.compartment_id)
    piece.removed_at = now()
    piece.save(update_fields=["removed_at"])
    _tell(vehicle, "equipped", f"{vehicle.name}: {piece.name.replace('_', ' ')} gone", actor)


@transaction.atomic
def add_armour(
    *, actor: Actor, vehicle: Vehicle, standard: str, edition: str, **parts: Any
) -> Armour:
    """As the certificate says it. Another standard is another certificate beside it."""
    require(actor, "vehicle.change", vehicle.compartment_id)
    if not standard.strip() or not edition.strip():
        mend = "Both stand on the certificate; a level alone certifies nothing."
        raise Refused("A certificate names its standard and its edition", "standard, edition", mend)
    unknown = set(parts) - {"number", "body", "glass", "roof", "floor", "door_gaps", "ends"}
    if unknown:
        raise Refused("A certificate has no such field", where=", ".join(sorted(unknown)))
    made = Armour.objects.create(
        compartment_id=vehicle.compartment_id,
        key_id=vehicle.key_id,
        vehicle=vehicle,
        standard=standard.strip()[:60],
        edition=edition.strip()[:40],
        by_id=actor.pk,
        **{
            name: value.strip() if isinstance(value, str) else value
            for name, value in parts.items()
        },
    )
    _tell(vehicle, "armour", f"{vehicle.name}: certificate of armour written", actor)
    return made


@transaction.atomic
def remove_armour(*, actor: Actor, vehicle: Vehicle, certificate: Armour) -> None:
    require(actor, "vehicle.change", vehicle.compartment_id)
    certificate.removed_at = now()
    certificate.save(update_fields=["removed_at"])
    _tell(vehicle, "armour", f"{vehicle.name}: certificate of armour taken off", actor)


@transaction.atomic
def raise_defect(*, actor: Actor, vehicle: Vehicle, words: str, blocking: bool = False) -> Defect:
    require(actor, "vehicle.check", vehicle.compartment_id)
    if not words.strip():
        raise Refused("Say what is wrong", where="words")
    made = Defect.objects.create(
        compartment_id=vehicle.compartment_id,
        key_id=vehicle.key_id,
        vehicle=vehicle,
        words=words.strip()[:400],
        blocking=blocking,
        by_id=actor.pk,
    )
    kind = "Blocking defect" if blocking else "Defect"
    _tell(vehicle, "defect", f"{kind} on {vehicle.name}", actor)
    return made


@transaction.atomic
def block_defect(*, actor: Actor, defect: Defect) -> Defect:
    """Worse than it looked: the vehicle stays off the road."""
    require(actor, "vehicle.check", defect.compartment_id)
    _refuse_cleared(defect)
    defect.blocking = True
    defect.save(update_fields=["blocking"])
    _tell(defect.vehicle, "defect", f"Defect on {defect.vehicle.name} blocks it now", actor)
    return defect


@transaction.atomic
def clear_defect(*, actor: Actor, defect: Defect, words: str) -> Defect:
    """By a named person, who says what was done."""
    require(actor, "vehicle.clear", defect.compartment_id)
    named(actor)
    _refuse_cleared(defect)
    if not words.strip():
        raise Refused("Say what was done about it", where="words")
    defect.cleared_words, defect.cleared_by_id, defect.cleared_at = words.strip(), actor.pk, now()
    defect.save(update_fields=["cleared_words", "cleared_by", "cleared_at"])
    _tell(defect.vehicle, "defect", f"Defect on {defect.vehicle.name} cleared by {actor}", actor)
    return defect


def named(actor: Actor) -> None:
    if actor.is_system:
        mend = "Use --as with a person's e-mail."
        raise Refused("Only a named person can answer for this", mend=mend)


def _refuse_cleared(defect: Defect) -> None:
    if defect.cleared_at:
        raise Conflict(
            "This defect is cleared already", where=f"{defect.cleared_at:%d %b %H:%M} UTC"
        )


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    lists = vehicles()
    if unknown := set(fields) - FIELDS:
        raise Refused("A vehicle has no such field", where=", ".join(sorted(unknown)))
    for name in ("name", "plate"):
        if name in fields and not (fields[name] or "").strip():
            raise Refused(f"A vehicle needs a {name}", where=name)
    if "kind" in fields:
        said(lists.classes, fields["kind"], "class of vehicle")
    for name, choices in (("profile", Vehicle.Profile), ("drive", Vehicle.Drive)):
        if name in fields and fields[name] not in choices.values:
            raise Refused(
                f"Unknown {name}", where=str(fields[name]), mend=", ".join(choices.values)
            )
    for name, known in (("terrain", lists.terrain), ("features", lists.features)):
        for one in fields.get(name) or ():
            said(known, one, name.rstrip("s"))
    if "seats" in fields and not 1 <= (fields["seats"] or 0) <= 60:
        raise Refused("A vehicle has 1 to 60 seats, the driver's with them", where="seats")
    for name in ("range_km", "odometer_km", "service_due_km"):
        value = fields.get(name)
        if value is not None and not 0 <= value <= 3_000_000:
            raise Refused("Kilometres are 0 or more", where=name)
    lists_too = {name: fields[name] or [] for name in ("terrain", "features") if name in fields}
    return {**fields, **lists_too}


def _save(vehicle: Vehicle) -> None:
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError as error:
        mend = "Open that one, or retire it first."
        raise Conflict("A vehicle with this plate is in the fleet", vehicle.name, mend) from error


@system_read("a short name is unique in its compartment")
def _free_slug(compartment_id: Any, wanted: str) -> str:
    slug, number = wanted[:44], 1
    while Vehicle.objects.filter(compartment_id=compartment_id, slug=slug).exists():
        number += 1
        slug = f"{wanted[:44]}-{number}"
    return slug


def _tell(vehicle: Vehicle, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="fleet",
        event=event,
        text=text,
        compartment_id=vehicle.compartment_id,
        record=("vehicle", vehicle.pk),
        actor=actor,
    )
