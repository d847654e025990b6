"""Where everybody is, for maps and for the features above."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from varangian.kernel.clock import now
from varangian.kernel.geometry import LatLon, haversine_km
from varangian.platform.access.scope import Actor, require

from ..fence_rules import walking_minutes
from ..models import Device, LastPosition, Position
from .devices import state_of

ON_MAP = timedelta(hours=12)
"""Older than this, a position is no longer where somebody is."""
MOST_POINTS = 2_000
type Fixed = tuple[datetime, LatLon, float | None]
"""When, where, and how exactly in metres."""


def last_positions(actor: Actor, operation: Any = None) -> QuerySet[LastPosition]:
    """The newest of each device that is in use, of operations that go on."""
    found = LastPosition.objects.visible_to(actor).filter(
        device__revoked_at=None, at__gt=now() - ON_MAP
    )
    if operation is not None:
        found = found.filter(device__operation=operation)
    else:
        found = found.exclude(device__operation__state__in=("closed", "cancelled"))
    return found.select_related("device", "device__person", "device__operation")


def position_of(actor: Actor, person: Any) -> LastPosition | None:
    """The newest of all devices that a person carries."""
    found = last_positions(actor).filter(device__person=person).order_by("-at")
    return found.first()


def place_of(actor: Actor, operation: Any) -> LastPosition | None:
    """Where the principal is: their own device, or whoever is with them by their own word."""
    found = last_positions(actor, operation)
    own = found.filter(device__carried_by_principal=True).order_by("-at").first()
    if own is not None:
        return own
    beside = found.filter(
        device__person__duties__operation=operation,
        device__person__duties__ended_at=None,
        device__person__duties__status="with_principal",
    )
    return beside.order_by("-at").first()


def nearest(actor: Actor, operation: Any, point: LatLon, most: int = 3) -> list[dict[str, Any]]:
    """Devices of the team by distance, nearest first, with the age of what is known."""
    rows = [
        {"position": row, "metres": round(haversine_km(point, (row.lat, row.lon)) * 1000)}
        for row in last_positions(actor, operation).filter(device__carried_by_principal=False)
    ]
    return sorted(rows, key=lambda row: row["metres"])[:most]


def minutes_on_foot(here: LatLon, there: LatLon) -> float:
    """Without a map of the streets: the crow's way, lengthened, at a purposeful pace."""
    return walking_minutes(haversine_km(here, there) * 1000)


def trail(
    actor: Actor, device: Device, since: datetime, until: datetime | None = None
) -> list[Position]:
    """What was believed, by the clock of the device."""
    found = Position.objects.visible_to(actor).filter(device=device, at__gte=since)
    if until is not None:
        found = found.filter(at__lte=until)
    return list(found.order_by("-at")[:MOST_POINTS])[::-1]


def tracks_of(
    actor: Actor, operation: Any, *, people: list[Any], since: datetime, until: datetime
) -> list[list[tuple[datetime, LatLon, float | None]]]:
    """Time, place and accuracy, in order: of the principal's own device, then of these people."""
    devices = Device.objects.visible_to(actor).filter(operation=operation)
    ranked = list(devices.filter(carried_by_principal=True))
    for person in people:
        ranked += devices.filter(person_id=person, carried_by_principal=False)
    found = Position.objects.visible_to(actor).filter(
        device__in=ranked, at__gte=since, at__lte=until
    )
    made: dict[Any, list[tuple[datetime, LatLon, float | None]]] = {one.pk: [] for one in ranked}
    fields = ("device_id", "at", "lat", "lon", "accuracy")
    for pk, at, lat, lon, accuracy in found.order_by("at").values_list(*fields).iterator():
        made[pk].append((at, (lat, lon), accuracy))
    return [track for track in made.values() if track]


def ways_of(
    actor: Actor, operation: Any, *, since: datetime, until: datetime
) -> tuple[list[Fixed], list[list[Fixed]]]:
    """The way of the principal by their own device, or else of whoever is with them by their own
    word; and the ways of everybody else of the team. Empty: nobody knows where they were."""
    devices = Device.objects.visible_to(actor).filter(operation=operation)
    beside = devices.filter(
        person__duties__operation=operation,
        person__duties__ended_at=None,
        person__duties__status="with_principal",
    )
    carried = devices.filter(carried_by_principal=True)
    own = [*carried.values_list("pk", flat=True), *beside.values_list("pk", flat=True)]
    found = Position.objects.visible_to(actor).filter(
        device__in=devices, at__gte=since, at__lte=until
    )
    made: dict[Any, list[Fixed]] = {}
    fields = ("device_id", "at", "lat", "lon", "accuracy")
    for pk, at, lat, lon, accuracy in found.order_by("at").values_list(*fields).iterator():
        made.setdefault(pk, []).append((at, (lat, lon), accuracy))
    principal = next((pk for pk in own if len(made.get(pk, ())) > 1), None)
    theirs = set(carried.values_list("pk", flat=True)) | {principal}
    return made.get(principal, []), [way for pk, way in made.items() if pk not in theirs]


def features(actor: Actor, operation: Any = None) -> list[dict[str, Any]]:
    """As GeoJSON for maps: of one operation, or of all that this person may see."""
    if operation is not None:
        require(actor, "position.view", operation.compartment_id)
    return [feature_of(row) for row in last_positions(actor, operation)]


def feature_of(row: LastPosition) -> dict[str, Any]:
    device = row.device
    tone, word = state_of(device)
    return {
        "type": "Feature",
        "id": str(device.pk),
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "kind": "principal" if device.carried_by_principal else "member",
            "device": str(device.pk),
            "title": call_sign(device),
            "state": word,
            "tone": tone,
            "at": row.at.isoformat(),
            "lost_after": device.lost_after_s,
            "heading": row.course,
            "accuracy": row.accuracy,
            "speed": row.speed,
            "battery": row.battery,
            "url": reverse("tracking:device", args=[device.pk]),
        },
    }


def call_sign(device: Device) -> str:
    """A person by call sign, a thing by its name; the principal by neither."""
    if device.carried_by_principal:
        return "Principal"
    return (device.person.call_sign if device.person else "") or device.label
