"""What a drawing gave."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely

from varangian.engines.crowdflow.drawings.layers import Meaning, name_of_kind
from varangian.engines.crowdflow.drawings.outline import shaped
from varangian.engines.crowdflow.venue.guess import SIZES, units_of_door
from varangian.engines.crowdflow.venue.model import Finding
from varangian.kernel.results import Refused

INCHES = {**SIZES, "inches": 0.0254}
DIGITS = 3


@dataclass
class Drawn:
    source: str
    document: dict[str, Any]
    notes: list[Finding] = field(default_factory=list)
    units: str = ""
    """As found; the document is in metres (or degrees)."""


@dataclass(frozen=True)
class Stroke:
    """A line or point of a drawing with what its layer makes of it, in units of the drawing."""

    meaning: Meaning
    points: list[tuple[float, float]]
    closed: bool
    name: str = ""


def made(source: str, title: str, strokes: list[Stroke], said: str, asked: str) -> Drawn:
    """A plan in metres of all strokes; what cannot be one of its kind is told."""
    if not strokes:
        kinds = ", ".join(("area", "wall", "door-outside", "zone", "stage"))
        mend = f"Name the layers after what they hold, such as {kinds}; see the how-to."
        raise Refused("No layer of the drawing has a name that means something here", title, mend)
    notes: list[Finding] = []
    units = _units(strokes, said, asked, title, notes)
    features: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    for meaning, shape, name in shaped(strokes, INCHES[units], notes):
        counts[meaning.kind] = counts.get(meaning.kind, 0) + 1
        features.append(feature(f"{name_of_kind(meaning.kind)}-{counts[meaning.kind]}", meaning,
                                shape, name))  # fmt: skip
    return Drawn(source, plan(title, features), notes, units)


def plan(title: str, features: list[dict[str, Any]], units: str = "metres") -> dict[str, Any]:
    return {
        "type": "FeatureCollection", "format": "varangian-venue/1", "name": title,
        "units": units, "features": features,
    }  # fmt: skip


def feature(
    id_: str, meaning: Meaning, shape: shapely.Geometry, name: str = "", digits: int = DIGITS
) -> dict[str, Any]:
    props: dict[str, Any] = {"kind": meaning.kind, **meaning.props}
    if meaning.level:
        props["level"] = meaning.level
    if name and name != id_:
        props["name"] = name[:200]
    return {
        "type": "Feature", "id": id_, "properties": props,
        "geometry": _rounded(shape.__geo_interface__, digits),
    }  # fmt: skip


def _rounded(geometry: dict[str, Any], digits: int) -> dict[str, Any]:
    def walk(value: Any) -> Any:
        if isinstance(value, int | float):
            return round(float(value), digits)
        return [walk(one) for one in value]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


def _units(strokes: list[Stroke], said: str, asked: str, title: str, notes: list[Finding]) -> str:
    """What was asked for; else what the drawing says, unless its doors say that it is wrong."""
    if asked:
        if asked not in INCHES:
            raise Refused(f"Units {asked} are not known", "units", f"Say {', '.join(INCHES)}.")
        return asked
    doors = [_length(s) for s in strokes if s.meaning.kind in ("door", "gate")]
    usual = sorted(doors)[len(doors) // 2] if doors else 0.0
    looks = units_of_door(usual) if usual else ""
    if said and (not looks or looks == said or 0.5 <= usual * INCHES[said] <= 15):
        return said
    if looks and looks != "degrees":
        told = f"says {said}, but its doors are" if said else "says no units; its doors are"
        what = f"The drawing {told} {usual:.4g} long: read in {looks}"
        mend = f"If that is wrong import it again with the units given, not {looks}."
        notes.append(Finding("units_guessed", "warning", what, mend, "units"))
        return looks
    if said:
        return said
    mend = f"Import it again and say the units: {', '.join(INCHES)}."
    raise Refused("The drawing does not say its units and has no door to tell them", title, mend)


def _length(stroke: Stroke) -> float:
    if not stroke.closed:
        return shapely.LineString(stroke.points).length if len(stroke.points) > 1 else 0.0
    box = shapely.MultiPoint(stroke.points).minimum_rotated_rectangle
    sides = shapely.get_coordinates(box)
    return max(
        (float(((a - b) ** 2).sum() ** 0.5) for a, b in pairwise(sides)),
        default=0.0,
    )
