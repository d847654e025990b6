"""From records to the corridor engine and back to words. Pure."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from varangian.engines.corridor import Area, Box, Disc, Hazard, Leg, Match, Shape
from varangian.kernel.windows import TimeWindow


@cache
def table(name: str) -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))


def shape_to_json(shape: Shape | None) -> dict[str, Any]:
    match shape:
        case Disc():
            return {"disc": [shape.lat, shape.lon, shape.radius_km]}
        case Box():
            return {"box": [shape.west, shape.south, shape.east, shape.north]}
        case Area():
            return {"polygons": [[list(map(list, r)) for r in p] for p in shape.polygons]}
    return {}


def shape_from_json(value: dict[str, Any]) -> Shape | None:
    if "disc" in value:
        return Disc(*value["disc"])
    if "box" in value:
        return Box(*value["box"])
    if "polygons" in value:
        polygons = value["polygons"]
        return Area(tuple(tuple(tuple(map(tuple, ring)) for ring in p) for p in polygons))
    return None


def hazard_of(signal: Any) -> Hazard | None:
    """None when the source gave no place."""
    shape = shape_from_json(signal.geometry)
    if shape is None or signal.starts is None:
        return None
    return Hazard(str(signal.pk), signal.kind, TimeWindow(signal.starts, signal.expires), shape)


def leg_of(movement: Any, buffers: dict[str, float]) -> Leg | None:
    """None while the leg has no start or is not on the map; half a route counts as a stay there."""
    ends = [movement.destination] if movement.is_stay else [movement.origin, movement.destination]
    path = tuple(tuple(place.position) for place in ends if place is not None and place.located)
    if not path or movement.starts is None:
        return None
    buffer = float(buffers.get(movement.kind, buffers["other"]))
    return Leg(str(movement.pk), movement.starts, movement.ends, path, buffer)


def feature_of(signal: Any, *, tone: str, url: str) -> dict[str, Any] | None:
    """GeoJSON feature of a hazard for the map."""
    geometry, extra = _geometry(signal.geometry)
    if geometry is None:
        return None
    about = {"kind": "hazard", "title": signal.title, "tone": tone, "url": url, **extra}
    return {"type": "Feature", "geometry": geometry, "properties": about}


def _geometry(value: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    if "disc" in value:
        latitude, longitude, radius = value["disc"]
        return {"type": "Point", "coordinates": [longitude, latitude]}, {"radius_km": radius}
    if "box" in value:
        w, s, e, n = value["box"]
        ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
        return {"type": "Polygon", "coordinates": [ring]}, {}
    if "polygons" in value:
        return {"type": "MultiPolygon", "coordinates": value["polygons"]}, {}
    return None, {}


def urgency(band: str, over: bool) -> str:
    """Unknown severity asks for attention: unknown is never safe."""
    if over:
        return "inform"
    return {"red": "now", "green": "inform"}.get(band, "attention")


def alert_words(signal: Any, movement: Any, found: Match) -> dict[str, Any]:
    """Which leg, which minutes, how near, and what to do."""
    rules = table("corridors.yaml")
    where = (
        "crosses its area" if found.distance_km < 0.05 else f"passes {found.distance_km:.0f} km off"
    )
    hazard = rules["words"].get(signal.kind, "Hazard")
    if movement.is_stay:
        where = where.replace("crosses", "lies in").replace("passes", "lies")
    return {
        "title": f"{hazard} on leg {movement.serial}: {movement.title}",
        "body": f"{signal.title}. {minutes_words(found, movement.zone)}; the leg {where}.",
        "action": signal.instruction.strip()[:600] or rules["advice"].get(signal.kind, ""),
    }


def minutes_words(found: Match, zone: str) -> str:
    """``Affected 26 minutes, 14:30 to 14:56 EET``."""
    first = _clock(found.first_contact, zone)
    if found.minutes is None or found.last_contact is None:
        return f"Affected from {first}, end unknown"
    last = _clock(found.last_contact, zone)
    return f"Affected {max(1, round(found.minutes))} minutes, {first} to {last}"


def _clock(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%d %b %H:%M %Z")


def legs_of(movements: Iterable[Any], *, local: bool) -> list[Leg]:
    """Legs with the width at which a hazard counts: wide for weather, narrow for a street."""
    buffers = table("corridors.yaml")["local_buffer_km" if local else "buffer_km"]
    found = (leg_of(movement, buffers) for movement in movements)
    return [leg for leg in found if leg is not None]


def is_local(hazard: Hazard) -> bool:
    return hazard.kind in table("corridors.yaml")["local"]
