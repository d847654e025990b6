"""A venue as shapes for the page's own SVG: metres, y turned down, each with its words."""

from typing import Any

import shapely

from varangian.engines.crowdflow.venue import Venue
from varangian.engines.crowdflow.venue.model import Item

ORDER = (
    "area", "zone", "queue", "stage", "seats", "wall", "barrier", "stair", "door", "gate",
    "screening", "safe_room", "vehicle", "post", "way", "stay", "overlook",
)  # fmt: skip
MARGIN = 2.0
FEWEST_M = 6.0


def picture_of(venue: Venue, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """``levels`` with their shapes, one view box for all of them."""
    west, south, east, north = (
        float(v) for v in shapely.total_bounds([item.shape for item in venue.items])
    )
    west, south, east, north = west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
    wide, high = max(east - west, FEWEST_M), max(north - south, FEWEST_M)
    marks = [
        {**row, "x": row["at"][0], "y": -row["at"][1], "number": number}
        for number, row in enumerate(findings, 1)
        if row.get("at")
    ]
    size = max(wide, high)
    return {
        "box": f"{west:.2f} {-north:.2f} {wide:.2f} {high:.2f}",
        "mark": round(size / 70, 2),
        "text": round(size / 55, 2),
        "scale": _scale(size),
        "west": round(west, 2), "south": round(-south, 2),
        "levels": [
            {
                "level": level,
                "shapes": [_shape(i) for kind in ORDER for i in venue.of(kind)
                           if i.level == level],
                "marks": [m for m in marks if m["level"] == level],
            }
            for level in venue.levels or [0]
        ],
    }  # fmt: skip


def _shape(item: Item) -> dict[str, Any]:
    middle = item.shape.representative_point()
    props = item.props
    classes = [f"vc-{item.kind}"]
    if item.kind in ("door", "gate"):
        classes += ["vc-out"] if props.leads == "outside" else []
        classes += ["vc-shut"] if props.locked else []
    point = item.shape.geom_type in ("Point", "MultiPoint")
    return {
        "id": item.id,
        "kind": item.kind,
        "cls": " ".join(classes),
        "words": _words(item),
        "name": props.name,
        "d": "" if point else path_of(item.shape),
        "points": [(round(x, 2), round(-y, 2)) for x, y in shapely.get_coordinates(item.shape)]
        if point
        else [],
        "x": round(middle.x, 2),
        "y": round(-middle.y, 2),
    }


def _words(item: Item) -> str:
    if item.kind in ("door", "gate", "stair"):
        return f"{item.label}, {item.width:.2f} m"
    return item.label


def path_of(shape: shapely.Geometry) -> str:
    parts = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = " L".join(f"{x:.2f} {-y:.2f}" for x, y in ring.coords)
            parts.append(f"M{points}" + ("Z" if part.geom_type == "Polygon" else ""))
    return " ".join(parts)


def _scale(size: float) -> int:
    """Metres of a scale bar of about a fifth of the picture."""
    return max((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if s <= size / 5), default=1)
