"""An IMDF archive (OGC 20-094): units become floor and walls, openings doors, fixtures barriers."""

import json
import zipfile
from io import BytesIO
from typing import Any

import shapely
from shapely.geometry import shape as to_shape

from varangian.engines.crowdflow.drawings.drawn import Drawn, feature, plan
from varangian.engines.crowdflow.drawings.layers import Meaning
from varangian.engines.crowdflow.venue.model import Finding
from varangian.kernel.results import Refused

MOST_BYTES = 100 * 1024 * 1024
NOBODY = {"nonpublic", "structure", "opentobelow", "unspecified.closed", "column"}
BETWEEN = {"elevator", "escalator", "stairs", "steps", "ramp", "movingwalkway"}
FREE = {"walkway", "platform", "foodservice.open", "vegetation.open", "parking"}
"""No wall stands around these of itself."""
METRE = 1 / 111_000
DIGITS = 8


def read(data: bytes, title: str) -> Drawn:
    parts = _parts(data, title)
    if "unit" not in parts:
        raise Refused("The archive holds no unit.geojson", title, "Bring a whole IMDF archive.")
    levels = {f.get("id"): int(_props(f).get("ordinal") or 0) for f in parts.get("level", [])}
    made, notes = _units(parts["unit"], levels)
    made += _doors(parts.get("opening", []), levels, made)
    for number, one in enumerate(parts.get("fixture", []), 1):
        for part in _polygons(one):
            meaning = Meaning("barrier", _level(one, levels))
            made.append(feature(f"fixture-{number}", meaning, part, _name(one), DIGITS))
            break
    name = next((_name(v) for v in parts.get("venue", []) if _name(v)), title)
    return Drawn("imdf", plan(name, made, "degrees"), notes, "degrees")


def _parts(data: bytes, title: str) -> dict[str, list[dict[str, Any]]]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        infos = [i for i in archive.infolist() if i.filename.endswith((".geojson", ".json"))]
        if sum(i.file_size for i in infos) > MOST_BYTES:
            raise Refused("The archive unpacks to more than 100 MB", title, "Bring one building.")
        found: dict[str, list[dict[str, Any]]] = {}
        for info in infos:
            stem = info.filename.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
            content = json.loads(archive.read(info))
            if isinstance(content, dict) and isinstance(content.get("features"), list):
                found[stem] = [f for f in content["features"] if isinstance(f, dict)]
    except (zipfile.BadZipFile, ValueError, RecursionError, RuntimeError) as error:
        raise Refused("The archive cannot be read", title, "Bring a whole IMDF archive.") from error
    return found


def _units(
    units: list[dict[str, Any]], levels: dict[Any, int]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    made, free, between = [], {}, 0
    for number, one in enumerate(units, 1):
        category = str(_props(one).get("category") or "").lower()
        if category in BETWEEN:
            between += 1
        if category in NOBODY | BETWEEN:
            continue
        level = _level(one, levels)
        for k, part in enumerate(_polygons(one)):
            id_ = f"unit-{number}" + (f"-{k}" if k else "")
            made.append(feature(id_, Meaning("area", level), part, _name(one), DIGITS))
            if category in FREE:
                free.setdefault(level, []).append(part)
            else:
                made += _walls(id_, level, part)
    for level, polygons in free.items():
        for k, part in enumerate(shapely.get_parts(shapely.union_all(polygons))):
            made += _walls(f"walkway-{level}-{k}", level, part)
    notes = []
    if between:
        what = (
            f"{between} stairs, lifts and ramps are left out: IMDF does not say how wide they are"
        )
        mend = "Draw them in the editor as stairs with their width."
        notes.append(Finding("stairs", "warning", what, mend, "unit.geojson"))
    return made, notes


def _walls(id_: str, level: int, part: shapely.Polygon) -> list[dict[str, Any]]:
    """IMDF draws no walls: the outline of a room is one, ten centimetres thick."""
    meaning = Meaning("wall", level, {"thickness_m": 0.1})
    rings = [part.exterior, *part.interiors]
    return [
        feature(f"{id_}-wall-{n}", meaning, shapely.LineString(ring.coords), "", DIGITS)
        for n, ring in enumerate(rings)
    ]


def _doors(
    openings: list[dict[str, Any]], levels: dict[Any, int], made: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """An opening with floor on one side only leads outside."""
    floor = {}
    for one in made:
        if one["properties"]["kind"] == "area":
            level = one["properties"].get("level", 0)
            floor.setdefault(level, []).append(to_shape(one["geometry"]))
    whole = {level: shapely.union_all(parts) for level, parts in floor.items()}
    found = []
    for number, one in enumerate(openings, 1):
        line, level = _shape(one), _level(one, levels)
        if line is None or line.geom_type != "LineString" or level not in whole:
            continue
        outside = whole[level].boundary.distance(line) < 0.3 * METRE
        props = {"leads": "outside"} if outside else {}
        found.append(feature(f"opening-{number}", Meaning("door", level, props), line, _name(one),
                             DIGITS))  # fmt: skip
    return found


def _props(one: dict[str, Any]) -> dict[str, Any]:
    return one["properties"] if isinstance(one.get("properties"), dict) else {}


def _level(one: dict[str, Any], levels: dict[Any, int]) -> int:
    return levels.get(_props(one).get("level_id"), 0)


def _name(one: dict[str, Any]) -> str:
    name = _props(one).get("name")
    if isinstance(name, dict):
        name = name.get("en") or next(iter(name.values()), "")
    return str(name or "")[:120]


def _shape(one: dict[str, Any]) -> shapely.Geometry | None:
    try:
        return shapely.force_2d(to_shape(one["geometry"]))
    except Exception:
        return None


def _polygons(one: dict[str, Any]) -> list[shapely.Polygon]:
    shape = _shape(one)
    if shape is None:
        return []
    parts = shapely.get_parts(shapely.make_valid(shape))
    return [part for part in parts if part.geom_type == "Polygon"]
