"""USGS GeoJSON earthquakes. ``status`` "deleted" cancels; the newer ``updated`` wins.

The PAGER colour in ``alert`` is the severity (yellow and orange are our amber); most quakes have
none, and then the magnitude is the word and the band stays unknown. Other ids of the same event
(``ids``) are superseded by the preferred one.
"""

import json

from varangian.intelligence.feeds import values
from varangian.intelligence.feeds.files import Opened, open_features
from varangian.intelligence.feeds.records import (
    Action,
    Band,
    Geometry,
    HazardReport,
    Kind,
    Note,
    Unusable,
)

BANDS: dict[str, Band] = {"green": "green", "yellow": "amber", "orange": "amber", "red": "red"}


def opened(content: str) -> Opened:
    return open_features(content)


def reports(feature: object, note: Note) -> list[HazardReport]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise Unusable("The item is no GeoJSON feature with properties", "")
    about = feature["properties"]
    native_id = values.identifier(feature.get("id"))
    if not native_id:
        raise Unusable("The feature has no id", "It cannot be tracked.")
    magnitude, alert = values.number(about.get("mag")), values.text(about.get("alert"))
    deleted = values.text(about.get("status")).lower() == "deleted"
    others = (values.identifier(one) for one in values.text(about.get("ids")).split(","))
    place = values.text(about.get("place"))
    action: Action = "cancel" if deleted else "new"
    return [
        HazardReport(
            source="usgs",
            native_id=native_id,
            group_id=native_id,
            version=values.text(about.get("updated")),
            updated_at=values.when(about.get("updated"), "updated", note),
            kind=_kind(values.text(about.get("type"))),
            title=values.text(about.get("title")) or f"Earthquake {place}".strip(),
            summary=place,
            severity=alert or ("" if magnitude is None else f"M {magnitude:g}"),
            band=BANDS.get(alert.lower(), "unknown"),
            action=action,
            supersedes=tuple(dict.fromkeys(one for one in others if one and one != native_id)),
            onset=values.when(about.get("time"), "event", note),
            geometry=Geometry(point=_point(feature.get("geometry"), note)),
            area_words=place,
            magnitude=magnitude,
            link=values.web_link(about.get("url")),
            raw=json.dumps(feature).encode(),
        )
    ]


def _kind(word: str) -> Kind:
    return "earthquake" if not word or "quake" in word.lower() else "other"


def _point(geometry: object, note: Note) -> tuple[float, float] | None:
    at = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(at, list) or len(at) < 2:
        note("The feature has no point", "It cannot be matched to a movement.")
        return None
    return values.point(at[1], at[0], note)
