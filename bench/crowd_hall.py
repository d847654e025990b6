"""The hall of the crowd benchmarks: a hall for so many people with doors all round and a stage."""

from math import ceil, sqrt
from typing import Any

DENSITY = 1.5
PER_DOOR = 500


def ring(x0: float, y0: float, x1: float, y1: float) -> list[list[float]]:
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]


def feature(name: str, kind: str, shape: str, points: Any, **props: Any) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": points}
    properties = {"kind": kind, **props}
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}


def hall(people: int, door: float = 2.4) -> dict[str, Any]:
    """Doors of ``door`` metres, one for 500 people, spread over three sides; they lead outside."""
    area = people / DENSITY * 1.15
    width = sqrt(area * 1.6)
    depth = area / width
    doors = max(2, ceil(people / PER_DOOR))
    around = 2 * depth + width
    features = [
        feature("hall", "area", "Polygon", [ring(0, 0, width, depth)]),
        feature("stage", "stage", "Polygon", [ring(width * 0.3, depth * 0.88, width * 0.7, depth)]),
    ]
    for k in range(doors):
        line = _door((k + 0.5) / doors * around, width, depth, door)
        features.append(feature(f"d{k}", "door", "LineString", line, leads="outside"))
    return {
        "type": "FeatureCollection", "format": "varangian-venue/1", "units": "metres",
        "features": features,
    }  # fmt: skip


def _door(at: float, width: float, depth: float, door: float) -> list[list[float]]:
    half = door / 2
    if at < depth:
        y = min(max(depth - at, door), depth - door)
        return [[0, y - half], [0, y + half]]
    if at < depth + width:
        x = min(max(at - depth, door), width - door)
        return [[x - half, 0], [x + half, 0]]
    y = min(max(at - depth - width, door), depth - door)
    return [[width, y - half], [width, y + half]]
