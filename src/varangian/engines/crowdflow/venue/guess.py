"""In which units is this drawn? Doors are the best scale, since people go through them."""

from statistics import median
from typing import Any

import shapely

PLAUSIBLE = (0.5, 15.0)
SIZES = {"metres": 1.0, "millimetres": 0.001, "centimetres": 0.01, "feet": 0.3048}
DEGREE_M = 111_000.0


def guess_units(features: list[Any]) -> str:
    """The units by which the doors (else the whole) get a size of this world; "" if unsure."""
    lengths = [found for f in features if (found := _door_length(f))]
    return units_of_door(median(lengths)) if lengths else ""


def units_of_door(length: float) -> str:
    """A door of 0.5 to 15 m: each unit by what it makes of ``length``."""
    if length < 2e-4:
        return "degrees" if PLAUSIBLE[0] <= length * DEGREE_M <= PLAUSIBLE[1] * 2 else ""
    if PLAUSIBLE[0] <= length <= PLAUSIBLE[1]:
        return "metres"
    if 45 <= length < 450:
        return "centimetres"
    if 450 <= length <= 15_000:
        return "millimetres"
    return ""


def _door_length(feature: Any) -> float | None:
    try:
        if feature["properties"]["kind"] not in ("door", "gate"):
            return None
        return shapely.LineString([p[:2] for p in feature["geometry"]["coordinates"]]).length
    except Exception:
        return None
