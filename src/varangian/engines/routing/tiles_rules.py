"""What of an extract is drawn, in which layer, from which zoom on."""

from dataclasses import dataclass

from .osm_sites import kind_of
from .osm_tags import Tags, crosses

LEAST_ZOOM, MOST_ZOOM = 8, 14

ROADS: dict[str, tuple[str, int]] = {
    "motorway": ("motorway", 8), "motorway_link": ("motorway", 11),
    "trunk": ("major", 8), "trunk_link": ("major", 11),
    "primary": ("major", 9), "primary_link": ("major", 12),
    "secondary": ("medium", 10), "secondary_link": ("medium", 12),
    "tertiary": ("medium", 11), "tertiary_link": ("medium", 13),
    "unclassified": ("minor", 12), "residential": ("minor", 12), "road": ("minor", 12),
    "living_street": ("minor", 13), "pedestrian": ("foot", 13), "service": ("service", 14),
    "footway": ("foot", 14), "path": ("foot", 14), "steps": ("foot", 14),
    "cycleway": ("foot", 14), "track": ("service", 13), "bridleway": ("foot", 14),
}  # fmt: skip
RAILS = {"rail": 10, "light_rail": 12, "subway": 13, "tram": 13, "narrow_gauge": 12}
WATERS = {"river": 9, "canal": 11, "stream": 13, "drain": 14, "ditch": 14}
AREAS: dict[tuple[str, str], tuple[str, str, int]] = {
    ("natural", "water"): ("water", "water", 8),
    ("waterway", "riverbank"): ("water", "water", 8),
    ("waterway", "dock"): ("water", "water", 11),
    ("landuse", "reservoir"): ("water", "water", 9),
    ("landuse", "basin"): ("water", "water", 12),
    ("natural", "wood"): ("land", "wood", 9),
    ("landuse", "forest"): ("land", "wood", 9),
    ("leisure", "park"): ("land", "park", 10),
    ("leisure", "garden"): ("land", "park", 13),
    ("leisure", "golf_course"): ("land", "park", 11),
    ("leisure", "nature_reserve"): ("land", "park", 10),
    ("leisure", "pitch"): ("land", "park", 14),
    ("leisure", "stadium"): ("land", "venue", 13),
    ("landuse", "grass"): ("land", "park", 13),
    ("landuse", "recreation_ground"): ("land", "park", 12),
    ("landuse", "cemetery"): ("land", "park", 12),
    ("landuse", "industrial"): ("land", "industrial", 11),
    ("landuse", "military"): ("land", "military", 11),
    ("landuse", "railway"): ("land", "industrial", 13),
    ("aeroway", "aerodrome"): ("land", "industrial", 10),
    ("aeroway", "runway"): ("land", "runway", 11),
    ("amenity", "hospital"): ("land", "hospital", 13),
    ("amenity", "school"): ("land", "venue", 14),
    ("amenity", "university"): ("land", "venue", 13),
    ("place", "square"): ("land", "square", 14),
    ("highway", "pedestrian"): ("land", "square", 14),
}
PLACES = {
    "city": 8, "town": 9, "village": 11, "suburb": 11, "quarter": 12, "borough": 11,
    "neighbourhood": 13, "hamlet": 13, "locality": 13, "island": 11,
}  # fmt: skip
SITE_ZOOM = {"hospital": 12, "airport": 10, "police": 13, "embassy": 13, "station": 13}
OTHER_SITES = 14
LINE_KEYS = ("highway", "railway", "waterway", "natural")
POINT_KEYS = ("place", "amenity", "healthcare", "diplomatic", "office", "tourism", "aeroway",
              "emergency", "railway")  # fmt: skip
AREA_KEYS = ("natural", "waterway", "landuse", "leisure", "aeroway", "amenity", "place", "highway",
             "building", "healthcare", "diplomatic", "office", "tourism", "emergency")  # fmt: skip
KEYS = tuple(dict.fromkeys([*LINE_KEYS, *POINT_KEYS, *AREA_KEYS]))


@dataclass(frozen=True)
class Drawn:
    layer: str
    kind: str
    zoom: int
    facts: dict[str, str | int]


def line(tags: Tags) -> Drawn | None:
    road = ROADS.get(tags.get("highway", ""))
    if road and tags.get("area") != "yes":
        return Drawn("roads", *road, _road_facts(tags))
    rail = RAILS.get(tags.get("railway", ""))
    if rail and "service" not in tags:
        return Drawn("rails", tags["railway"], rail, _over_under(tags))
    water = WATERS.get(tags.get("waterway", ""))
    if water and not crosses(tags, "tunnel"):
        return Drawn("rivers", tags["waterway"], water, _name(tags))
    return None


def area(tags: Tags) -> Drawn | None:
    if tags.get("building", "no") not in ("no", "entrance"):
        return Drawn("buildings", "building", 14, {})
    for key in AREA_KEYS:
        if found := AREAS.get((key, tags.get(key, ""))):
            layer, kind, zoom = found
            return Drawn(layer, kind, zoom, _name(tags))
    return None


def point(tags: Tags) -> Drawn | None:
    """Of a node, and of the middle of an area."""
    name = _name(tags)
    place = PLACES.get(tags.get("place", ""))
    if place and name:
        people = tags.get("population", "")
        facts = name | ({"people": int(people)} if people.isascii() and people.isdigit() else {})
        return Drawn("places", tags["place"], place, facts)
    kind = kind_of(tags)
    if kind and name:
        return Drawn("sites", kind, SITE_ZOOM.get(kind, OTHER_SITES), name)
    return None


def _road_facts(tags: Tags) -> dict[str, str | int]:
    facts = _name(tags) | _over_under(tags)
    if ref := tags.get("ref", "").split(";")[0].strip():
        facts["ref"] = ref[:12]
    if tags.get("oneway") in ("yes", "1", "true"):
        facts["oneway"] = 1
    return facts


def _over_under(tags: Tags) -> dict[str, str | int]:
    if crosses(tags, "bridge"):
        return {"bridge": 1}
    return {"tunnel": 1} if crosses(tags, "tunnel") else {}


def _name(tags: Tags) -> dict[str, str | int]:
    """As the signs in the street say it."""
    name = tags.get("name", "").strip()[:80]
    return {"name": name} if name else {}
