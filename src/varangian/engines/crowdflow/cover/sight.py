"""Who sees what: edges that stop a sight line, and rays, by arrays.

A line that touches a corner is stopped: cover is not promised through the eye of a needle.
"""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

RAYS = 360
TURN = 1e-5
MOST_CORNERS = 1500
AT_ONCE = 400_000


def edges_of(shape: BaseGeometry) -> np.ndarray:
    """The boundary of an area as segments: n x 2 x 2."""
    found = [np.zeros((0, 2, 2))]
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
            points = shapely.get_coordinates(ring)
            found.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(found)


def sees(
    edges: np.ndarray, eyes: np.ndarray, places: np.ndarray, reach: float | None = None
) -> np.ndarray:
    """eyes x places: nothing between them, and not farther than ``reach``."""
    found = np.zeros((len(eyes), len(places)), bool)
    for eye, row in zip(eyes, found, strict=True):
        away = places - eye
        near = np.ones(len(places), bool)
        if reach is not None:
            near = np.hypot(away[:, 0], away[:, 1]) <= reach + 1e-9
        mine = _within(edges, eye, reach)
        step = max(1, AT_ONCE // max(1, len(mine)))
        which = np.flatnonzero(near)
        for start in range(0, len(which), step):
            some = which[start : start + step]
            row[some] = ~_stopped(mine, eye, away[some])
    return found


def _within(edges: np.ndarray, eye: np.ndarray, reach: float | None) -> np.ndarray:
    """Edges that a line of this length from the eye could meet, by their boxes."""
    if reach is None or not len(edges):
        return edges
    low, high = edges.min(axis=1), edges.max(axis=1)
    return edges[((low <= eye + reach) & (high >= eye - reach)).all(axis=1)]


def _stopped(edges: np.ndarray, eye: np.ndarray, away: np.ndarray) -> np.ndarray:
    if not len(edges):
        return np.zeros(len(away), bool)
    a, b = edges[:, 0] - eye, edges[:, 1] - eye
    along = b - a
    to_a = _cross(away[:, None], a[None])
    to_b = _cross(away[:, None], b[None])
    mine = _cross(along, -a)
    theirs = _cross(along[None], away[:, None] - a[None])
    astride = to_a * to_b <= 0
    parted = (mine[None] * theirs) < 0
    apart = (np.abs(mine) > 1e-9)[None] & (np.abs(theirs) > 1e-9)
    return (astride & parted & apart).any(axis=1)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def in_sight(edges: np.ndarray, eye: np.ndarray, reach: float, rays: int = RAYS) -> shapely.Polygon:
    """The floor one sees from a point: rays all round, and past each corner on both sides."""
    mine = _within(edges, eye, reach)
    turns = np.linspace(-np.pi, np.pi, rays, endpoint=False)
    corners = mine[:, 0] - eye
    corners = corners[np.hypot(corners[:, 0], corners[:, 1]) <= reach][:MOST_CORNERS]
    if len(corners):
        turn = np.arctan2(corners[:, 1], corners[:, 0])
        turns = np.concatenate([turns, turn - TURN, turn, turn + TURN])
    turns = np.unique(turns)
    way = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    far = _first(mine, eye, way, reach)
    return shapely.make_valid(shapely.Polygon(eye + way * far[:, None]))  # type: ignore[return-value]


def _first(edges: np.ndarray, eye: np.ndarray, way: np.ndarray, reach: float) -> np.ndarray:
    """Metres along each ray to the first edge."""
    far = np.full(len(way), reach)
    if not len(edges):
        return far
    a = edges[:, 0] - eye
    along = edges[:, 1] - edges[:, 0]
    step = max(1, AT_ONCE // len(edges))
    for start in range(0, len(way), step):
        some = way[start : start + step]
        turn = _cross(some[:, None], along[None])
        with np.errstate(divide="ignore", invalid="ignore"):
            metres = _cross(a[None], along[None]) / turn
            part = _cross(a[None], some[:, None]) / turn
        met = (np.abs(turn) > 1e-12) & (metres > 1e-6) & (part >= -1e-9) & (part <= 1 + 1e-9)
        first = np.where(met, metres, np.inf).min(axis=1)
        far[start : start + step] = np.minimum(reach, first)
    return far
