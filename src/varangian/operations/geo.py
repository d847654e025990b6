"""Movements as pictures: GeoJSON for the map, rows for the time line."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from varangian.kernel.clock import now
from varangian.places.models import Place

from .models import Movement, Operation

CATEGORY = {"trauma_centre": "hospital", "safe_haven": "haven", "city": "other"}


def movement_features(movements: Iterable[Movement]) -> list[dict[str, Any]]:
    """Lines for legs with both ends on the map, points for stays and for every place touched."""
    features, places, near = [], {}, set()
    for movement in movements:
        ends = [p for p in (movement.origin, movement.destination) if p is not None and p.located]
        places |= {place.pk: place for place in ends}
        near |= {place.pk for place in ends} if _soon(movement) else set()
        if len(ends) == 2 and ends[0].pk != ends[1].pk:
            line = [_lon_lat(place) for place in ends]
            features.append(_feature({"type": "LineString", "coordinates": line}, movement))
    return features + [place_feature(p, focus=p.pk in near) for p in places.values()]


def _soon(movement: Movement) -> bool:
    """What the map shows first: journeys and events from two hours ago to six hours ahead."""
    if movement.starts is None or movement.kind in ("flight", "stay"):
        return False
    return now() - timedelta(hours=2) < movement.starts < now() + timedelta(hours=6)


def _feature(geometry: dict[str, Any], movement: Movement) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "kind": "movement",
            "title": f"{movement.serial}. {movement.title}",
            "state": movement.state,
            "implied": movement.implied,
            "mode": movement.kind,
            "url": reverse("operations:movement", args=[movement.pk]),
        },
    }


def place_feature(place: Place, *, focus: bool = False) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": _lon_lat(place)},
        "properties": {
            "kind": "place",
            "title": place.name,
            "text": place.get_kind_display(),
            "category": CATEGORY.get(place.kind, place.kind),
            "focus": focus,
            "url": reverse("places:show", args=[place.pk]),
        },
    }


def _lon_lat(place: Place) -> list[float]:
    latitude, longitude = place.position
    return [longitude, latitude]


def timeline_rows(
    movements: Iterable[Movement], hazards: dict[Any, list[dict[str, Any]]] | None = None
) -> list[dict[str, Any]]:
    return [
        {
            "title": movement.title,
            "text": _route_words(movement),
            "mode": movement.kind,
            "state": movement.state,
            "implied": movement.implied,
            "starts": movement.starts,
            "ends": movement.ends,
            "zone": movement.zone,
            "url": reverse("operations:movement", args=[movement.pk]),
            "hazards": (hazards or {}).get(movement.pk, []),
        }
        for movement in movements
        if movement.starts is not None
    ]


def _route_words(movement: Movement) -> str:
    if movement.is_stay or movement.origin is None:
        return movement.destination.name if movement.destination else ""
    return f"{movement.origin.name} to {movement.destination.name if movement.destination else '?'}"


def timeline(operation: Operation, movements: Iterable[Movement]) -> dict[str, Any]:
    return {"zone": operation.time_zone, "rows": timeline_rows(movements)}
