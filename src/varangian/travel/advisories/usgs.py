"""USGS earthquakes as GeoJSON: longitude before latitude, times in milliseconds."""

from typing import Any

from varangian.kernel.geometry import LatLon, valid_lat_lon

from . import values
from .notice import Hazard, ReadFile

SOURCE = "usgs"
LEVELS = {"green": 1, "yellow": 2, "orange": 3, "red": 4}


def read(whole: dict[str, Any]) -> ReadFile:
    found = ReadFile(SOURCE)
    features = whole.get("features")
    for number, item in enumerate(features if isinstance(features, list) else [], start=1):
        about = item.get("properties") if isinstance(item, dict) else None
        name = values.text(item.get("id"), 200) if isinstance(item, dict) else ""
        if not isinstance(about, dict) or not name:
            found.problem(f"feature {number}", "It has no id or no properties", "It is left out.")
            continue
        found.hazards.append(_hazard(item, about, name))
    return found


def _hazard(item: dict[str, Any], about: dict[str, Any], name: str) -> Hazard:
    """Most quakes have no PAGER colour: their level is unknown, the title has the magnitude."""
    kind = values.text(about.get("type")).lower()
    magnitude, place = values.number(about.get("mag")), values.text(about.get("place"), 200)
    title = values.text(about.get("title"), 300)
    size = "" if magnitude is None else f"M {magnitude:.1f} "
    return Hazard(
        source=SOURCE,
        native_id=name,
        kind="earthquake" if not kind or "quake" in kind else "other",
        level=LEVELS.get(values.text(about.get("alert")).lower()),
        title=title or f"{size}earthquake {place}".strip(),
        digest=values.digest(item),
        point=_point(item.get("geometry")),
        area=place,
        starts=values.when(about.get("time")),
        published=values.when(about.get("updated")),
        link=values.link(about.get("url")),
        cancelled=values.text(about.get("status")).lower() == "deleted",
    )


def _point(geometry: Any) -> LatLon | None:
    at = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(at, list) or len(at) < 2:
        return None
    lon, lat = values.number(at[0]), values.number(at[1])
    return (lat, lon) if lat is not None and lon is not None and valid_lat_lon(lat, lon) else None
