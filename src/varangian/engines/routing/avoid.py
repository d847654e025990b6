"""Areas to keep out of, by our own geometry: no flag of a router is trusted to have kept them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from varangian.kernel.results import Refused

from . import network
from .graph import Array, Graph

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class BadArea(Refused):
    """An area that cannot be read. Nothing is left out in silence: a route might lead through."""

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what, where, mend or "Give GeoJSON polygons, longitude before latitude.")


def edges_in(graph: Graph, geojson: Any) -> Array:
    """bool[m]: edges whose course touches one of the polygons, borders included."""
    import shapely

    mask = np.zeros(graph.size[1], dtype=bool)
    tree = network.kept(graph, "courses", lambda: shapely.STRtree(_courses(graph)))
    for _, area in areas(geojson):
        mask[tree.query(area, predicate="intersects")] = True
    return mask


def crossed(line: Any, geojson: Any) -> list[str]:
    """Names of the areas that a line of (lon, lat) touches: the check of any router's answer."""
    import shapely

    points = np.asarray(line, dtype=float)
    if not len(points):
        return []
    course = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
    return [name for name, area in areas(geojson) if area.intersects(course)]


def areas(geojson: Any) -> list[tuple[str, "BaseGeometry"]]:
    """Name and shape of each area of a GeoJSON value. Raises BadArea."""
    return [_area(number, name, raw) for number, (name, raw) in enumerate(_raw(geojson), 1)]


def _raw(geojson: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(geojson, dict):
        raise BadArea("This is no GeoJSON")
    kind = geojson.get("type")
    if kind == "FeatureCollection":
        features = geojson.get("features")
        if not isinstance(features, list):
            raise BadArea("The FeatureCollection has no list of features")
        for feature in features:
            yield from _raw(feature)
    elif kind == "Feature":
        properties = geojson.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else None
        yield str(name or ""), geojson.get("geometry")
    elif kind == "GeometryCollection":
        parts = geojson.get("geometries")
        for part in parts if isinstance(parts, list) else ():
            yield from _raw(part)
    else:
        yield "", geojson


def _area(number: int, name: str, raw: Any) -> tuple[str, "BaseGeometry"]:
    import shapely
    from shapely.geometry import shape

    where = f"area {number}" + (f", {name}" if name else "")
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadArea(f"{kind or 'Nothing'} is not an area", where)
    try:
        area = shape(raw)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise BadArea("The corners cannot be read", where) from fault
    if area.is_empty or not np.isfinite(area.bounds).all():
        raise BadArea("The polygon has no corners", where)
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadArea("A corner lies outside the earth", where)
    return name or f"area {number}", area if area.is_valid else shapely.make_valid(area)


def _courses(graph: Graph) -> Array:
    import shapely

    owner = np.repeat(np.arange(graph.size[1]), np.diff(graph.bends))
    return np.asarray(shapely.linestrings(graph.shape, indices=owner))
