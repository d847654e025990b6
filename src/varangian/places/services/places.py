"""The only writers of places."""

from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.ids import slugify
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.crypto.fields import ERASED
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..events import place_changed
from ..models import Place
from ..rules import checked_position

TEXTS = ("name", "address", "notes", "phone")


@transaction.atomic
def add_place(
    *,
    actor: Actor,
    compartment_id: UUID,
    key_id: UUID,
    name: str,
    kind: str = Place.Kind.OTHER,
    position: list[float] | None = None,
    precision: str = "",
    slug: str = "",
    begins_at: Place | None = None,
    ends_at: Place | None = None,
    **texts: str,
) -> Place:
    """Short names are not sealed, so they say the kind and a number: ``hotel-2``.

    Without a position the place is plainly unlocated until a person puts it on the map. A route
    has no position: it leads from ``begins_at`` to ``ends_at``, and is found by the legs between.
    """
    require(actor, "place.change", compartment_id)
    _check({"kind": kind, "name": name})
    _check_ends(kind, compartment_id, begins_at, ends_at)
    place = Place(
        compartment_id=compartment_id,
        key_id=key_id,
        name=name.strip(),
        kind=kind,
        slug=_free_slug(compartment_id, slugify(slug) if slug else kind.replace("_", "-")),
        checked_at=now(),
        begins_at=begins_at,
        ends_at=ends_at,
        **texts,
    )
    if kind == Place.Kind.ROUTE:
        place.precision = "between"
    elif position:
        place.position = checked_position(position)
        place.precision = precision or "exact"
    place.save(force_insert=True)
    _tell(place, "added", actor)
    return place


@transaction.atomic
def change_place(*, actor: Actor, place: Place, **fields: Any) -> Place:
    """Change texts, kind or position; legs that touch the place hear of it."""
    require(actor, "place.change", place.compartment_id)
    unknown = set(fields) - {*TEXTS, "kind", "position"}
    if unknown:
        raise Refused("These fields cannot be changed", where=", ".join(sorted(unknown)))
    _check(fields)
    if (
        Place.Kind.ROUTE in (wanted := {place.kind, fields.get("kind", place.kind)})
        and len(wanted) > 1
    ):
        raise Refused("A route stays a route, and other places do not become one", where=place.slug)
    if "position" in fields:
        fields["position"] = checked_position(fields["position"])
        place.precision, place.located_by_id = "exact", actor.pk
    differing = [name for name, value in fields.items() if getattr(place, name) != value]
    for name in differing:
        setattr(place, name, fields[name])
    place.checked_at = now()
    place.save()
    if differing:
        reason = f"Place {place.slug} changed: {', '.join(differing)}"
        changed(node=("place", place.pk), reason=reason)
        place_changed.send(sender=Place, place=place, fields=differing, actor=actor)
        _tell(place, "changed", actor)
    return place


def locate_place(*, actor: Actor, place: Place, latitude: float, longitude: float) -> Place:
    """A person puts the place on the map."""
    return change_place(actor=actor, place=place, position=[latitude, longitude])


@transaction.atomic
def blank_place(*, actor: Actor, place: Place) -> None:
    """Forget what a place was, since the person it belonged to was erased.

    Only a place sealed with that person's own key is erased in the audit and in old backups too:
    give ``add_place`` the principal's key for a residence.
    """
    require(actor, "place.change", place.compartment_id)
    place.name, place.position, place.precision = ERASED, [], "unlocated"
    place.address = place.notes = place.phone = place.source_text = ""
    place.slug = _free_slug(place.compartment_id, "erased")
    place.save()
    place_changed.send(sender=Place, place=place, fields=["name", "position"], actor=actor)
    _tell(place, "erased", actor)


def _check(fields: dict[str, Any]) -> None:
    if "kind" in fields and fields["kind"] not in Place.Kind.values:
        known = ", ".join(Place.Kind.values)
        raise Refused("Unknown kind of place", where=str(fields["kind"]), mend=known)
    if "name" in fields and not (fields["name"] or "").strip():
        raise Refused("A place needs a name", where="name")


def _check_ends(
    kind: str, compartment_id: UUID, begins_at: Place | None, ends_at: Place | None
) -> None:
    ends = [place for place in (begins_at, ends_at) if place is not None]
    if len(ends) != (2 if kind == Place.Kind.ROUTE else 0):
        raise Refused(
            "A route leads from one place to another; only a route does", where="begins_at, ends_at"
        )
    if any(place.compartment_id != compartment_id for place in ends):
        raise Refused("Both ends of a route belong to the same team as the route", where=kind)


@system_read("a short name is unique in its compartment")
def _free_slug(compartment_id: UUID, wanted: str) -> str:
    slug, number = wanted, 1
    while Place.objects.filter(compartment_id=compartment_id, slug=slug).exists():
        number += 1
        slug = f"{wanted[:44]}-{number}"
    return slug


def _tell(place: Place, event: str, actor: Actor) -> None:
    announce(
        topic="places",
        event=event,
        text=f"Place {event}: {place.slug}",
        compartment_id=place.compartment_id,
        record=("place", place.pk),
        actor=actor,
    )
