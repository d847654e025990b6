"""The JSON Schema of a plan, made from the models that read it."""

from typing import Any

from varangian.engines.crowdflow.venue.profile import KINDS, Head

NUMBER = {"type": "number"}
POSITION = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 3}
LINE = {"type": "array", "items": POSITION, "minItems": 2}
RING = {"type": "array", "items": POSITION, "minItems": 4}
COORDINATES: dict[str, dict[str, Any]] = {
    "Point": POSITION,
    "MultiPoint": {"type": "array", "items": POSITION, "minItems": 1},
    "LineString": LINE,
    "Polygon": {"type": "array", "items": RING, "minItems": 1},
    "MultiPolygon": {
        "type": "array",
        "items": {"type": "array", "items": RING, "minItems": 1},
        "minItems": 1,
    },
}


def schema() -> dict[str, Any]:
    whole = Head.model_json_schema()
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "Venue plan (varangian-venue/1)"
    whole["properties"]["features"] = {
        "type": "array",
        "minItems": 1,
        "items": {"oneOf": [_feature(kind) for kind in KINDS]},
    }
    whole["required"] = [*whole["required"], "features"]
    return whole


def _feature(kind: str) -> dict[str, Any]:
    model, shapes = KINDS[kind]
    properties = model.model_json_schema()
    properties["properties"]["kind"] = {"const": kind}
    return {
        "title": kind,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": ["string", "integer"]},
            "geometry": {"oneOf": [_geometry(shape) for shape in shapes]},
            "properties": properties,
        },
    }


def _geometry(shape: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {"type": {"const": shape}, "coordinates": COORDINATES[shape]},
    }
