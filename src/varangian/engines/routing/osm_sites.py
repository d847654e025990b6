"""Places of an extract that matter to a journey: possible havens, hospitals, fuel, hotels.

A map only proposes: whether a haven is one is for a person to see.
"""

from collections.abc import Iterable

from varangian.kernel.geometry import haversine_km

from .graph import Site
from .osm_tags import Tags

KINDS: tuple[tuple[str, str, str], ...] = (
    ("amenity", "police", "police"),
    ("amenity", "fire_station", "fire_station"),
    ("amenity", "hospital", "hospital"),
    ("healthcare", "hospital", "hospital"),
    ("amenity", "clinic", "clinic"),
    ("amenity", "doctors", "clinic"),
    ("healthcare", "clinic", "clinic"),
    ("amenity", "pharmacy", "pharmacy"),
    ("amenity", "embassy", "embassy"),
    ("diplomatic", "embassy", "embassy"),
    ("diplomatic", "consulate", "embassy"),
    ("office", "diplomatic", "embassy"),
    ("tourism", "hotel", "hotel"),
    ("aeroway", "helipad", "helipad"),
    ("aeroway", "heliport", "helipad"),
    ("aeroway", "aerodrome", "airport"),
    ("amenity", "fuel", "fuel"),
    ("amenity", "charging_station", "charging"),
    ("emergency", "ambulance_station", "ambulance_station"),
    ("railway", "station", "station"),
    ("amenity", "townhall", "townhall"),
    ("amenity", "courthouse", "courthouse"),
)
KEYS = tuple(dict.fromkeys(key for key, _, _ in KINDS))
USEFUL = (
    *("emergency", "healthcare:speciality", "trauma", "opening_hours", "phone", "contact:phone"),
    *("operator", "country", "target", "diplomatic", "addr:street", "addr:housenumber", "beds"),
    *("stars", "building:levels", "iata", "icao", "fuel:diesel", "fuel:octane_95", "surface"),
    *("barrier", "fence_type", "access", "wheelchair"),
)
SAME_KM = 0.25
NAMELESS = {"fuel", "helipad", "charging", "police", "fire_station", "ambulance_station"}
"""Kinds that are of use without a name."""


def kind_of(tags: Tags) -> str:
    return next((kind for key, value, kind in KINDS if tags.get(key) == value), "")


def gone(tags: Tags) -> bool:
    """Registers of place names keep what was torn down long ago."""
    return "(historical)" in tags.get("name", "").lower() or tags.get("disused") == "yes"


def site(kind: str, tags: Tags, lat: float, lon: float) -> Site | None:
    name = (tags.get("name:en") or tags.get("name") or tags.get("operator") or "").strip()[:160]
    if not name and kind not in NAMELESS:
        return None
    kept = {key: tags[key][:160] for key in USEFUL if key in tags}
    return Site(kind, name, round(lat, 6), round(lon, 6), kept)


def once(sites: Iterable[Site]) -> tuple[Site, ...]:
    """A place drawn as a point and as a building is one; the one that says more stays."""
    kept: list[Site] = []
    seen: dict[tuple[str, str], list[Site]] = {}
    for row in sorted(sites, key=lambda one: (one.kind, one.name, -len(one.tags))):
        twins = seen.setdefault((row.kind, row.name), [])
        here = (row.lat, row.lon)
        near = any(haversine_km(here, (twin.lat, twin.lon)) < SAME_KM for twin in twins)
        if row.name and near:
            continue
        twins.append(row)
        kept.append(row)
    return tuple(kept)
