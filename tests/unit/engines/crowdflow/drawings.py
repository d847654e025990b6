"""Drawings for the tests, made here: the same hall as DXF, SVG and IMDF."""

import io
import json
import zipfile

import pytest

HALL = {
    "area": [([(0, 0), (30, 0), (30, 20), (0, 20)], True)],
    "stage": [([(10, 16), (20, 16), (20, 20), (10, 20)], True)],
    "exit": [([(0, 8), (0, 10)], False), ([(30, 8), (30, 10)], False)],
    "entrance-w2.4": [([(13.8, 0), (16.2, 0)], False)],
    "zone-standing": [([(2, 2), (28, 2), (28, 15), (2, 15)], True)],
    "furniture": [([(5, 5), (6, 5)], False)],
}
POINTS = {"vehicle": (36, 9), "safe-room": (2, 18), "post": (15, 3), "screening": (15, 1.5)}


def dxf(scale: float = 1000, units: int = 4) -> bytes:
    ezdxf = pytest.importorskip("ezdxf")

    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = units
    space = document.modelspace()
    for layer, lines in HALL.items():
        for points, closed in lines:
            scaled = [(x * scale, y * scale) for x, y in points]
            space.add_lwpolyline(scaled, close=closed, dxfattribs={"layer": layer})
    for layer, (x, y) in POINTS.items():
        space.add_point((x * scale, y * scale), dxfattribs={"layer": layer})
    out = io.StringIO()
    document.write(out)
    return out.getvalue().encode()


def svg(scale: float = 10, units: str = 'data-units="metres"', transform: str = "") -> bytes:
    parts = []
    for layer, lines in HALL.items():
        shapes = []
        for points, closed in lines:
            text = " L".join(f"{x * scale} {-y * scale}" for x, y in points)
            shapes.append(f'<path d="M{text}{"Z" if closed else ""}"/>')
        parts.append(f'<g id="{layer}">{"".join(shapes)}</g>')
    for layer, (x, y) in POINTS.items():
        circle = f'<circle cx="{x * scale}" cy="{-y * scale}" r="1"/>'
        parts.append(f'<g id="{layer}">{circle}</g>')
    inner = f'<g transform="{transform or f"scale({1 / scale})"}">{"".join(parts)}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {units}>{inner}</svg>'.encode()


def imdf() -> bytes:
    """Two rooms side by side north of Helsinki, a door between and one outside."""
    east, north = 1 / 55_600, 1 / 111_400

    def at(x: float, y: float) -> list[float]:
        return [24.9 + x * east, 60.2 + y * north]

    def unit(name: str, x0: float, x1: float, category: str) -> dict:
        ring = [at(x0, 0), at(x1, 0), at(x1, 12), at(x0, 12), at(x0, 0)]
        return _feature(name, {"type": "Polygon", "coordinates": [ring]}, category)

    def opening(name: str, a: list[float], b: list[float]) -> dict:
        return _feature(name, {"type": "LineString", "coordinates": [a, b]}, "pedestrian")

    parts = {
        "venue": [{**_feature("v", None, "auditorium"), "properties": {"name": {"en": "Annexe"}}}],
        "level": [{"type": "Feature", "id": "l0", "properties": {"ordinal": 0}, "geometry": None}],
        "unit": [unit("a", 0, 15, "room"), unit("b", 15, 24, "walkway"),
                 unit("s", 24, 26, "stairs")],
        "opening": [opening("o1", at(15, 4), at(15, 6)), opening("o2", at(24, 8), at(24, 9.5))],
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, features in parts.items():
            collection = {"type": "FeatureCollection", "features": features}
            archive.writestr(f"{name}.geojson", json.dumps(collection))
    return out.getvalue()


def _feature(name: str, geometry, category: str) -> dict:
    props = {"category": category, "level_id": "l0"}
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": props}
