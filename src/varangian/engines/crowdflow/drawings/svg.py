"""SVG by the ids or labels of its groups, which are named as the layers of a DXF are."""

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from varangian.engines.crowdflow.drawings.drawn import Drawn, Stroke, made
from varangian.engines.crowdflow.drawings.layers import Meaning, meaning
from varangian.engines.crowdflow.drawings.svg_path import subpaths
from varangian.kernel.results import Refused

LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TRANSFORM = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
MILLIMETRES = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4}
ROUND = 24
Lines = list[tuple[list[tuple[float, float]], bool]]


def read(data: bytes, title: str, asked: str) -> Drawn:
    """``data-units`` of the root says what one unit is; else its width in millimetres at 1:1."""
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Refused("The SVG cannot be read", title, "Save it again as plain SVG.") from error
    strokes = list(_walk(root, np.eye(3), None))
    said = root.get("data-units", "")
    if not said and (scale := _millimetres(root)):
        said = "millimetres"
        strokes = [_scaled(stroke, scale) for stroke in strokes]
    return made("svg", title, strokes, said, asked)


def _scaled(stroke: Stroke, by: float) -> Stroke:
    points = [(x * by, y * by) for x, y in stroke.points]
    return Stroke(stroke.meaning, points, stroke.closed, stroke.name)


def _millimetres(root: Any) -> float | None:
    """Millimetres of paper in a unit, where the root says both its width and its view box."""
    found = re.fullmatch(r"\s*([\d.]+)\s*(mm|cm|m|in)\s*", root.get("width", ""))
    box = [float(v) for v in NUMBER.findall(root.get("viewBox", ""))]
    if not found or len(box) != 4 or box[2] <= 0:
        return None
    return float(found[1]) * MILLIMETRES[found[2]] / box[2]


def _walk(node: Any, into: np.ndarray, means: Meaning | None) -> Iterator[Stroke]:
    if not isinstance(node.tag, str):
        return
    into = into @ _matrix(node.get("transform", ""))
    own = (
        meaning(node.get(LABEL, ""))
        or meaning(node.get("id", ""))
        or meaning(node.get("class", "").split(" ")[0])
    )
    means = own or means
    tag = node.tag.rsplit("}", 1)[-1]
    if tag in ("defs", "symbol", "clipPath", "mask", "pattern"):
        return
    if means is not None:
        name = next((c.text for c in node if str(c.tag).endswith("}title") and c.text), "")
        for points, closed in _lines(tag, node):
            moved = [(float(v[0]), -float(v[1])) for v in (into @ [x, y, 1] for x, y in points)]
            yield Stroke(means, moved, closed, name.strip())
    for child in node:
        yield from _walk(child, into, means)


def _lines(tag: str, node: Any) -> Lines:
    if tag == "path":
        return subpaths(node.get("d", ""))
    if tag in ("polygon", "polyline"):
        flat = [float(v) for v in NUMBER.findall(node.get("points", ""))]
        points = list(zip(flat[::2], flat[1::2], strict=False))
        return [(points, tag == "polygon")] if points else []
    get = lambda name: float((NUMBER.findall(node.get(name, "0")) or ["0"])[0])  # noqa: E731
    if tag == "line":
        return [([(get("x1"), get("y1")), (get("x2"), get("y2"))], False)]
    if tag == "rect":
        x, y, w, h = get("x"), get("y"), get("width"), get("height")
        return [([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], True)]
    if tag in ("circle", "ellipse"):
        rx, ry = (get("r"), get("r")) if tag == "circle" else (get("rx"), get("ry"))
        turns = [2 * math.pi * k / ROUND for k in range(ROUND)]
        ring = [(get("cx") + rx * math.cos(t), get("cy") + ry * math.sin(t)) for t in turns]
        return [(ring, True)]
    return []


def _matrix(text: str) -> np.ndarray:
    whole = np.eye(3)
    for name, inside in TRANSFORM.findall(text):
        v = [float(n) for n in NUMBER.findall(inside)]
        whole = whole @ _one(name, v)
    return whole


def _one(name: str, v: list[float]) -> np.ndarray:
    if name == "matrix" and len(v) == 6:
        return np.array([[v[0], v[2], v[4]], [v[1], v[3], v[5]], [0, 0, 1]])
    if name == "translate" and v:
        return np.array([[1, 0, v[0]], [0, 1, v[1] if len(v) > 1 else 0.0], [0, 0, 1]])
    if name == "scale" and v:
        return np.diag([v[0], v[1] if len(v) > 1 else v[0], 1.0])
    if name == "rotate" and v:
        a = math.radians(v[0])
        turn = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
        if len(v) == 3:
            there, back = np.eye(3), np.eye(3)
            there[:2, 2], back[:2, 2] = (v[1], v[2]), (-v[1], -v[2])
            return there @ turn @ back
        return turn
    return np.eye(3)
