"""One feature of a plan, or a finding that says why not."""

from math import isfinite
from typing import Any

import shapely
from pydantic import ValidationError
from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.model import Finding, Item
from varangian.engines.crowdflow.venue.profile import KINDS

FARTHEST = 1e8
DECIMALS = 9
"""A tenth of a millimetre in degrees. Finer digits are noise, in which geometry loses its way."""
MOST_POINTS = 200_000


class Bad(Exception):
    def __init__(self, code: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.code, self.what, self.mend = code, what, mend


def read_feature(feature: Any, place: str, findings: list[Finding]) -> Item | None:
    where = place
    try:
        if not isinstance(feature, dict):
            raise Bad("no_feature", "This is no feature", "Make it a GeoJSON Feature.")
        name = _id(feature)
        where = f"{place} ({name})"
        kind, props = _properties(feature)
        shape = _shape(feature.get("geometry"), KINDS[kind][1], kind)
    except Bad as bad:
        what = f"{bad.what}; it is left out"
        findings.append(Finding(bad.code, "fault", what, bad.mend, where))
        return None
    return Item(name, kind, _mended(shape, where, props.level, findings), props)


def _id(feature: dict[str, Any]) -> str:
    name = feature.get("id")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 80:
        raise Bad("no_id", "The feature has no id", 'Give it an "id" of up to 80 characters.')
    return name.strip()


def _properties(feature: dict[str, Any]) -> tuple[str, Any]:
    given = feature.get("properties")
    kind = given.get("kind") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        told = f"The kind {str(kind)[:40]!r} is not known" if kind else "The feature has no kind"
        raise Bad("kind", told, f"Set properties.kind to one of {', '.join(KINDS)}.")
    try:
        return kind, KINDS[kind][0].model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        mend = f"Correct properties.{field}; varangian crowd schema says what fits."
        raise Bad("property", f"{kind}: {field}: {first['msg']}", mend) from error


def _shape(geometry: Any, allowed: tuple[str, ...], kind: str) -> BaseGeometry:
    words = " or ".join(allowed)
    if not isinstance(geometry, dict) or geometry.get("type") not in allowed:
        got = geometry.get("type") if isinstance(geometry, dict) else "nothing"
        raise Bad("geometry", f"A {kind} drawn as {str(got)[:40]}", f"Draw it as {words}.")
    try:
        shape = shapely.force_2d(to_shape(geometry))
        points = shapely.get_coordinates(shape)
    except Exception as error:
        mend = "Draw it anew; a line needs 2 points, a ring 4, first and last the same."
        raise Bad("geometry", "The coordinates cannot be read", mend) from error
    if shape.is_empty or not len(points):
        raise Bad("geometry", "The shape is empty", "Draw it, or take the feature away.")
    if len(points) > MOST_POINTS:
        raise Bad("geometry", f"The shape has {len(points)} points", "Simplify the outline.")
    if not all(isfinite(v) and abs(v) < FARTHEST for v in points.ravel()):
        raise Bad("geometry", "A coordinate is not a finite number", "Correct the coordinate.")
    shape = shapely.transform(shape, lambda xy: xy.round(DECIMALS))
    if isinstance(shape, shapely.LineString) and shape.length == 0:
        raise Bad("geometry", "Both ends of the line are the same point", "Draw it with a length.")
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon) and shape.convex_hull.area == 0:
        raise Bad("geometry", "The shape has no area", "Draw it as a ring around the floor.")
    return shape


def _mended(shape: BaseGeometry, where: str, level: int, findings: list[Finding]) -> BaseGeometry:
    """A polygon that crosses itself is read by its even parts, and told with the crossing."""
    if shape.is_valid:
        return shape
    reason = shapely.is_valid_reason(shape)
    at = _place(reason)
    mend = "Move the crossing edge; until then the even parts of the shape count as floor."
    what = f"The outline is not valid: {reason.split('[')[0].strip().lower()}"
    findings.append(Finding("outline", "fault", what, mend, where, at, level))
    whole = shapely.make_valid(shape)
    parts = [p for p in shapely.get_parts(whole) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else whole.convex_hull.buffer(1e-6)


def _place(reason: str) -> tuple[float, float] | None:
    try:
        x, y = reason.split("[")[1].rstrip("]").split()[:2]
        return float(x), float(y)
    except (IndexError, ValueError):
        return None
