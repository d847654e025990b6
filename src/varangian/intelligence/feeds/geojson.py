"""Any GeoJSON FeatureCollection whose properties bear these names; all but the id are optional.

``id`` (or the feature's own id) · ``kind`` (earthquake, cyclone, flood, volcano, drought, wildfire,
weather, security, other) · ``title`` · ``summary`` · ``severity`` (the source's word) · ``band``
(green, amber, red, unknown) · ``certainty`` · ``urgency`` · ``status`` (actual, exercise, test,
draft; absent is actual, an unknown word is draft) · ``action`` (new, update, cancel) ·
``supersedes`` (list of ids) · ``updated``, ``onset``, ``effective``, ``expires`` (ISO 8601 with
offset) · ``radius_km`` (about a Point) · ``area`` · ``countries`` (list of ISO codes) ·
``magnitude`` · ``language`` · ``link`` · ``instruction``. Geometry: Point, Polygon or
MultiPolygon, in lon, lat.
"""

import json
from typing import Any

from varangian.intelligence.feeds import values
from varangian.intelligence.feeds.files import Opened, open_features
from varangian.intelligence.feeds.records import (
    ACTIONS,
    BANDS,
    KINDS,
    STATUSES,
    Geometry,
    HazardReport,
    Note,
    Ring,
    Unusable,
)

MAX_RADIUS_KM = 5000.0


def opened(content: str) -> Opened:
    return open_features(content)


def reports(feature: object, note: Note) -> list[HazardReport]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise Unusable("The item is no GeoJSON feature with properties", "")
    about = feature["properties"]
    native_id = values.identifier(feature.get("id")) or values.identifier(about.get("id"))
    if not native_id:
        raise Unusable("The feature has no id", "Give each feature an id that stays the same.")

    def word(name: str) -> str:
        return values.text(about.get(name))

    def many(name: str) -> tuple[str, ...]:
        listed = about.get(name)
        listed = listed if isinstance(listed, list) else [listed]
        return tuple(one for one in map(values.identifier, listed) if one)

    onset = values.when(about.get("onset"), "onset", note)
    return [
        HazardReport(
            source="geojson",
            native_id=native_id,
            group_id=native_id,
            version=word("updated"),
            updated_at=values.when(about.get("updated"), "updated", note),
            kind=_one_of(KINDS, word("kind"), "other", "kind", note),
            title=word("title") or native_id,
            summary=word("summary"),
            severity=word("severity"),
            band=_one_of(BANDS, word("band"), "unknown", "band", note),
            certainty=word("certainty"),
            urgency=word("urgency"),
            status=_status(word("status"), note),
            action=_one_of(ACTIONS, word("action"), "new", "action", note),
            supersedes=many("supersedes"),
            onset=onset,
            effective=values.when(about.get("effective"), "effective", note),
            expires=values.ordered(onset, values.when(about.get("expires"), "expiry", note), note),
            geometry=geometry(feature.get("geometry"), about.get("radius_km"), note),
            area_words=word("area"),
            magnitude=values.number(about.get("magnitude")),
            countries=tuple(code.upper() for code in many("countries")),
            language=word("language"),
            link=values.web_link(about.get("link")),
            instruction=word("instruction"),
            raw=json.dumps(feature).encode(),
        )
    ]


def _one_of(known: tuple, word: str, absent: str, field: str, note: Note) -> Any:
    if not word:
        return absent
    if word.lower() in known:
        return word.lower()
    note(f"The {field} {word[:40]!r} is not one we know; taken as {absent}", f"Use {_list(known)}.")
    return absent


def _status(word: str, note: Note) -> Any:
    """An unknown word must not alert, an absent one is the ordinary case."""
    return _one_of(STATUSES, word, "draft", "status", note) if word else "actual"


def _list(known: tuple) -> str:
    return ", ".join(known)


def geometry(shape: object, radius: object, note: Note) -> Geometry:
    """Point with radius, Polygon or MultiPolygon; empty with a note for all else."""
    if not isinstance(shape, dict):
        note("The feature has no geometry", "It cannot be matched to a movement.")
        return Geometry()
    kind, at = shape.get("type"), shape.get("coordinates")
    if kind == "Point" and isinstance(at, list) and len(at) >= 2:
        return Geometry(point=values.point(at[1], at[0], note), radius_km=_radius(radius, note))
    if kind == "Polygon":
        at = [at]
    elif kind != "MultiPolygon":
        note(f"Geometry {values.text(kind, 40) or '?'} is not read", "Use Point or Polygon.")
        return Geometry()
    polygons = [_polygon(one, note) for one in at] if isinstance(at, list) else [None]
    if not polygons or None in polygons:
        note("A polygon has a ring of fewer than three corners or a bad one; left out", "")
    return Geometry(polygons=tuple(one for one in polygons if one))


def _radius(value: object, note: Note) -> float | None:
    if value is None:
        return None
    km = values.number(value)
    if km is None or not 0 <= km <= MAX_RADIUS_KM:
        note(f"A radius of {values.text(value, 30)} km is impossible; left unknown", "")
        return None
    return km


def _polygon(rings: object, note: Note) -> tuple[Ring, ...] | None:
    if not isinstance(rings, list) or not rings:
        return None
    found: list[Ring] = []
    for ring in rings:
        if not isinstance(ring, list) or any(not isinstance(c, list) or len(c) < 2 for c in ring):
            return None
        made = values.ring([values.point(corner[1], corner[0], note) for corner in ring])
        if made is None:
            return None
        found.append(made)
    return tuple(found)
