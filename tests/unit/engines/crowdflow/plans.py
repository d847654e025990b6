"""Venue plans for the tests: a hall with a foyer, as large as asked."""

import copy
import json


def ring(x0, y0, x1, y1):
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]


def feature(name, kind, geometry, coordinates, /, **props):
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": geometry, "coordinates": coordinates},
        "properties": {"kind": kind, **props},
    }


def box(name, kind, x0, y0, x1, y1, **props):
    return feature(name, kind, "Polygon", [ring(x0, y0, x1, y1)], **props)


def line(name, kind, *points, **props):
    return feature(name, kind, "LineString", [list(p) for p in points], **props)


def plan(*features, **head):
    return {
        "type": "FeatureCollection",
        "format": "varangian-venue/1",
        "name": "Test hall",
        "units": "metres",
        **head,
        "features": list(features),
    }


def hall(width=40.0, depth=25.0, door=2.4, **head):
    """A hall and a foyer before it; two exits of the hall, one of the foyer, a door between."""
    return plan(
        box("hall", "area", 0, 0, width, depth),
        box("foyer", "area", 0, -10.2, width, -0.2),
        line("between", "door", (width / 2 - door / 2, -0.1), (width / 2 + door / 2, -0.1)),
        line("west", "door", (0, 5), (0, 5 + door), leads="outside"),
        line("east", "door", (width, 5), (width, 5 + door), leads="outside"),
        line("front", "gate", (8, -10.2), (8 + door, -10.2), leads="outside", entrance=True),
        box("floor", "zone", 1, 1, width - 1, depth - 6, people=800),
        box("stage", "stage", width * 0.3, depth - 4, width * 0.7, depth),
        **head,
    )


def get(document, name):
    return next(f for f in document["features"] if f["id"] == name)


def scaled(document, factor):
    """Every coordinate times ``factor``; what is said in metres stays."""
    other = copy.deepcopy(document)

    def walk(value):
        if isinstance(value, list):
            return [walk(v) for v in value]
        return value * factor

    for one in other["features"]:
        one["geometry"]["coordinates"] = walk(one["geometry"]["coordinates"])
    return other


def text(document):
    return json.dumps(document).encode()
