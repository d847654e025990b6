"""What the tags of OpenStreetMap say about a road: who may drive it, which way, how fast."""

import re
from collections.abc import Mapping

from .graph import ROADS

Tags = Mapping[str, str]
USUAL = {
    "motorway": 105, "trunk": 85, "primary": 60, "secondary": 50, "tertiary": 45,
    "unclassified": 40, "residential": 30, "living_street": 10, "service": 15,
    "motorway_link": 60, "trunk_link": 50, "primary_link": 45, "secondary_link": 40,
    "tertiary_link": 35, "road": 30,
}  # fmt: skip
"""km/h that cars really make where nothing is posted."""

MILE, KNOT = 1.609344, 1.852
FASTEST, SLOWEST = 140.0, 5.0
WORDS = {"none": 130.0, "walk": 7.0, "living_street": 10.0}
ZONES = {"urban": 50.0, "rural": 90.0, "trunk": 100.0, "motorway": 130.0, "living_street": 10.0}
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|knots)?")
WHO = ("motorcar", "motor_vehicle", "vehicle", "access")
"""The narrowest word counts."""

CLOSED = {"no", "private", "agricultural", "forestry", "emergency", "military", "use_sidepath"}
NO_THROUGH = {"parking_aisle", "drive-through", "emergency_access", "slipway"}
STOPS_CARS = {
    *("bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "log"),
    *("debris", "chain", "turnstile", "stile", "kissing_gate", "planter", "barrier_board"),
}
LOCKABLE = {"gate", "lift_gate", "swing_gate", "sliding_gate", "hampshire_gate"}


def drivable(tags: Tags) -> bool:
    if tags.get("highway") not in USUAL or tags.get("area") == "yes":
        return False
    if tags.get("service") in NO_THROUGH or tags.get("impassable") == "yes":
        return False
    return not closed(tags)


def closed(tags: Tags) -> bool:
    said = next((tags[who] for who in WHO if who in tags), "")
    return said in CLOSED


def stops_cars(tags: Tags) -> bool:
    """A node that ends the drive: a bollard, or a gate that says who it keeps out."""
    barrier = tags.get("barrier", "")
    if barrier in STOPS_CARS:
        return next((tags[who] for who in WHO if who in tags), "no") in CLOSED
    return barrier in LOCKABLE and closed(tags)


def directions(tags: Tags) -> tuple[bool, bool]:
    """May it be driven as drawn, and against."""
    said = tags.get("oneway", "")
    if said in ("-1", "reverse"):
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") in (
        "motorway",
        "motorway_link",
    )
    one_way = said in ("yes", "true", "1") or (implied and said != "no")
    return True, not one_way


def speed(tags: Tags, way: str = "") -> float:
    """km/h; ``way`` is forward or backward."""
    usual = float(USUAL.get(tags.get("highway", ""), 30))
    said = tags.get(f"maxspeed:{way}") or tags.get("maxspeed") or ""
    posted = posted_speed(said)
    return usual if posted is None else min(max(posted, SLOWEST), FASTEST)


def posted_speed(said: str) -> float | None:
    """``50``, ``30 mph``, ``DE:urban``, ``DE:zone:30``, ``walk``; of several the lowest."""
    found = [value for part in said.split(";") if (value := _one_speed(part.strip()))]
    return min(found, default=None)


def _one_speed(said: str) -> float | None:
    if said in WORDS:
        return WORDS[said]
    country, colon, zone = said.partition(":")
    if colon and len(country) == 2:
        number = re.fullmatch(r"(?:zone:?)?(\d+)", zone)
        return float(number[1]) if number else ZONES.get(zone)
    matched = NUMBER.fullmatch(said)
    if matched is None:
        return None
    unit = {"mph": MILE, "knots": KNOT}.get(matched[2] or "", 1.0)
    return float(matched[1]) * unit


def lanes(tags: Tags, way: str, both: bool) -> int:
    """In one direction; 0 is unknown."""
    own = _count(tags.get(f"lanes:{way}", ""))
    if own:
        return own
    whole = _count(tags.get("lanes", ""))
    return max(1, whole // 2) if both and whole else whole


def _count(said: str) -> int:
    first = said.split(";")[0].strip()
    return min(int(first), 12) if first.isascii() and first.isdigit() else 0


def lit_ways(tags: Tags) -> tuple[bool, bool] | None:
    """Lights at a node: for traffic as drawn, against; None when the tag does not say which."""
    way = tags.get("traffic_signals:direction") or tags.get("direction") or ""
    return {"forward": (True, False), "backward": (False, True), "both": (True, True)}.get(way)


def crosses(tags: Tags, what: str) -> bool:
    """``bridge``, ``tunnel``, ``toll``: anything but no."""
    return tags.get(what, "no") not in ("no", "false", "0")


def named(tags: Tags) -> str:
    return (tags.get("name") or tags.get("ref") or "").strip()[:120]


def road_number(tags: Tags) -> int:
    return ROADS.index(tags["highway"])
