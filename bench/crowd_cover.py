"""Posts for cover: candidates against places to proof, beside greedy and a plain loop of rays.

    python bench/crowd_cover.py [candidates] [halls]      default 60 5

Halls with walls and pillars by seed, about 340 places to watch. `greedy` is the share that post
after post sees over the share that is proved best; `plain` is the time of the same sight lines one
by one in Python over that of ours. JSON to stdout; times are processor seconds.
"""

import json
import random
import sys
import time
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from bench.crowd_hall import feature  # noqa: E402

from varangian.engines.crowdflow.cover import Ask, Weights, cover  # noqa: E402
from varangian.engines.crowdflow.cover.being import being_of  # noqa: E402
from varangian.engines.crowdflow.cover.places import places_of  # noqa: E402
from varangian.engines.crowdflow.cover.planning import matrix_of  # noqa: E402
from varangian.engines.crowdflow.cover.seeing import seeing_of  # noqa: E402
from varangian.engines.crowdflow.cover.stands import stands_of  # noqa: E402
from varangian.engines.crowdflow.venue import read_venue  # noqa: E402
from varangian.engines.crowdflow.venue.model import Venue  # noqa: E402

WIDE, DEEP, POSTS, REACH = 60.0, 36.0, 4, 25.0


def ring(x: float, y: float, wide: float, deep: float) -> list[list[list[float]]]:
    return [[[x, y], [x + wide, y], [x + wide, y + deep], [x, y + deep], [x, y]]]


def hall_of(seed: int) -> Venue:
    draw = random.Random(seed)
    features = [
        feature("hall", "area", "Polygon", ring(0, 0, WIDE, DEEP)),
        feature("front", "gate", "LineString", [[0, 16], [0, 20]], leads="outside", entrance=True),
        feature("back", "door", "LineString", [[WIDE, 16], [WIDE, 18]], leads="outside"),
        feature("car", "vehicle", "Point", [WIDE + 5, 17]),
        feature("room", "safe_room", "Point", [WIDE - 3, DEEP - 3]),
        feature("come", "way", "LineString", [[1, 18], [20, 18], [40, 10], [50, 26]]),
        feature("rope", "way", "LineString", [[12, 4], [48, 4]], rope=True),
        feature("sit", "stay", "Point", [50, 26], minutes=20),
    ]  # fmt: skip
    for k in range(4):
        place = ring(2 + 14 * k, 6, 12, 24)
        features.append(feature(f"zone{k}", "zone", "Polygon", place))
    for k in range(8):
        x, y, long = draw.uniform(4, 52), draw.uniform(6, 30), draw.uniform(4, 10)
        end = [x + long, y] if draw.random() < 0.5 else [x, min(y + long, DEEP - 1)]
        features.append(feature(f"wall{k}", "wall", "LineString", [[x, y], end]))
    for k in range(10):
        place = ring(draw.uniform(4, 54), draw.uniform(6, 30), 1.0, 1.0)
        features.append(feature(f"pillar{k}", "wall", "Polygon", place))
    head = {"type": "FeatureCollection", "format": "varangian-venue/1", "units": "metres"}
    return read_venue({**head, "features": features}).venue


def plain(edges: np.ndarray, eyes: np.ndarray, places: np.ndarray) -> list[list[bool]]:
    """The same question, a line and an edge at a time."""
    lines = edges.tolist()
    return [[_clear(lines, *eye, *place) for place in places.tolist()] for eye in eyes.tolist()]


def _clear(lines: list[Any], x: float, y: float, px: float, py: float) -> bool:
    dx, dy = px - x, py - y
    if dx * dx + dy * dy > REACH * REACH:
        return False
    for (ax, ay), (bx, by) in lines:
        a = dx * (ay - y) - dy * (ax - x)
        b = dx * (by - y) - dy * (bx - x)
        if a * b > 0:
            continue
        ex, ey = bx - ax, by - ay
        if (ex * (y - ay) - ey * (x - ax)) * (ex * (py - ay) - ey * (px - ax)) < -1e-12:
            return False
    return True


def one(seed: int, candidates: int) -> dict[str, Any]:
    venue = hall_of(seed)
    begun = time.process_time()
    found = cover(venue, Ask(posts=POSTS, candidates=candidates, reach=REACH))
    whole = time.process_time() - begun
    weights = Weights()
    being, seeing = being_of(venue, weights), seeing_of(venue)
    places = places_of(venue, being, seeing, weights)
    stands, _ = stands_of(venue, being, seeing, candidates, (), 1)
    begun = time.process_time()
    matrix = matrix_of(stands, places, seeing, REACH)
    ours = time.process_time() - begun
    begun = time.process_time()
    beside = plain(seeing[0].edges, np.array([s.at for s in stands]), places.xy)
    theirs = time.process_time() - begun
    return {
        "places": found.places, "candidates": found.candidates, "seconds": round(whole, 2),
        "proved": found.proved, "seen": found.seen, "greedy": round(found.greedy / found.seen, 4),
        "plain": round(theirs / max(ours, 1e-6), 1), "sight": round(ours, 3),
        "same": round(float((np.array(beside) == matrix).mean()), 5),
    }  # fmt: skip


def main() -> None:
    candidates, halls = (*map(int, sys.argv[1:3]), *(60, 5)[len(sys.argv) - 1 :])
    rows = [one(seed, candidates) for seed in range(1, halls + 1)]
    told = {
        "halls": len(rows), "proved": sum(row["proved"] for row in rows),
        "places": round(mean(row["places"] for row in rows)),
        "seconds": {"median": median(r["seconds"] for r in rows),
                    "most": max(r["seconds"] for r in rows)},
        "greedy": {"mean": round(mean(r["greedy"] for r in rows), 4),
                   "worst": min(r["greedy"] for r in rows)},
        "plain": round(mean(r["plain"] for r in rows), 1), "rows": rows,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
