"""Corridor matching: 10,000 signals against 1,000 movements, beside two plain peers.

Prints JSON. Peers: shapely's STRtree with a buffer in degrees and the times checked in a loop
(wrong near the poles and the antimeridian, and blind to where in the leg one is), on the whole
input; and the engine's test model, which walks each path in steps, on a sub-sample, scaled.
"""

import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import shapely
from bench.naive_corridor import walk

from varangian.engines.corridor import Area, Box, Disc, Hazard, Leg, match
from varangian.kernel.geometry import destination, wrap_lon
from varangian.kernel.windows import TimeWindow

T0 = datetime(2026, 5, 1, tzinfo=UTC)
CITIES = [(51.5, -0.1), (40.7, -74.0), (35.7, 139.7), (-33.9, 151.2), (25.2, 55.3), (1.3, 103.8)]
CITIES += [(-23.5, -46.6), (19.4, -99.1), (6.5, 3.4), (-17.7, 178.0), (64.1, -21.9), (30.0, 31.2)]


def movements(rng: random.Random, count: int) -> list[Leg]:
    """Two in ten flights, five road legs of 60 points, three stays; over a fortnight."""
    made = []
    for k in range(count):
        start = T0 + timedelta(minutes=rng.randrange(14 * 1440))
        here, kind = rng.choice(CITIES), rng.random()
        if kind < 0.2:
            path, hours, buffer = [here, rng.choice([c for c in CITIES if c != here])], 9.0, 50.0
        elif kind < 0.7:
            path, hours, buffer = [here], 1.5, 5.0
            for _ in range(59):
                path.append(destination(path[-1], rng.gauss(k * 37 % 360, 30), rng.random() * 2))
        else:
            path, hours, buffer = [here], rng.uniform(2, 14), 10.0
        made.append(Leg(f"leg{k}", start, start + timedelta(hours=hours), tuple(path), buffer))
    return made


def signals(rng: random.Random, count: int) -> list[Hazard]:
    """Seven in ten discs, two polygons of 24 corners, one box; a third near where people go."""
    made = []
    for k in range(count):
        start = T0 + timedelta(minutes=rng.randrange(14 * 1440))
        window = TimeWindow(start, start + timedelta(hours=rng.uniform(1, 72)))
        centre = (rng.uniform(-65, 75), rng.uniform(-180, 180))
        if rng.random() < 0.33:
            centre = destination(rng.choice(CITIES), rng.uniform(0, 360), rng.uniform(0, 300))
        kind = rng.random()
        if kind < 0.7:
            shape = Disc(*centre, rng.choice([5, 20, 50, 100, 300]))
        elif kind < 0.9:
            size = rng.choice([5, 30, 120])
            ring = [destination(centre, 15 * n, size * rng.uniform(0.5, 1)) for n in range(24)]
            shape = Area(((tuple((lon, lat) for lat, lon in [*ring, ring[0]]),),))
        else:
            half = rng.choice([0.1, 0.5, 2])
            (lat, lon), width = centre, half * 1.5
            shape = Box(wrap_lon(lon - width), lat - half, wrap_lon(lon + width), lat + half)
        made.append(Hazard(f"signal{k}", "other", window, shape))
    return made


def plain_shapely(legs: list[Leg], hazards: list[Hazard]) -> int:
    """Buffers in degrees, an STRtree, a loop for the times: the usual way."""
    lines = [
        (shapely.Point if len(leg.path) == 1 else shapely.LineString)(
            [(lon, lat) for lat, lon in leg.path]
        ).buffer(leg.buffer_km / 111.2)
        for leg in legs
    ]
    tree, hits = shapely.STRtree(lines), 0
    for hazard in hazards:
        shape = hazard.shape
        if isinstance(shape, Disc):
            flat = shapely.Point(shape.lon, shape.lat).buffer(shape.radius_km / 111.2)
        elif isinstance(shape, Box):
            flat = shapely.box(shape.west, shape.south, shape.east, shape.north)
        else:
            flat = shapely.Polygon(shape.polygons[0][0])
        for k in tree.query(flat, predicate="intersects"):
            hits += legs[k].window.overlap(hazard.window) is not None
    return hits


def seconds(work) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def agreement(legs: list[Leg], hazards: list[Hazard]) -> dict[str, float]:
    """The engine against the walk on every pair of the sub-sample."""
    found = {(m.leg_id, m.hazard_id): m for m in match(legs, hazards)}
    worst, wrong, hits, close = 0.0, 0, 0, 0
    for leg in legs:
        for hazard in hazards:
            walked = walk(leg, hazard, samples=120)
            hit = found.get((leg.id, hazard.id))
            if walked is None:
                wrong += hit is not None
                continue
            minutes = float((walked.km <= leg.buffer_km).sum()) * walked.step
            hits += minutes > 0
            off = abs((hit.minutes if hit and hit.minutes else 0.0) - minutes)
            worst = max(worst, off / walked.step)
            slack = 0.3 + walked.blur
            sure = float((walked.km + slack <= leg.buffer_km).sum()) * walked.step
            most = float((walked.km - slack <= leg.buffer_km).sum()) * walked.step
            got = hit.minutes if hit and hit.minutes else 0.0
            close += sure > 0
            wrong += not sure - 4 * walked.step <= got <= most + 4 * walked.step
    return {"pairs_in_contact": hits, "sure": close, "disagree": wrong, "worst_steps": worst}


def main(runs: int = 5) -> dict:
    rng = random.Random(7)
    legs, hazards = movements(rng, 1000), signals(rng, 10_000)
    match(legs[:10], hazards[:10])
    times = [seconds(lambda: match(legs, hazards)) for _ in range(runs)]
    engine = statistics.median(t for t, _ in times)
    tree, hits = seconds(lambda: plain_shapely(legs, hazards))
    few, some = legs[:40], hazards[:60]
    loop, _ = seconds(lambda: [walk(a, b, samples=300) for a in few for b in some])
    scaled = loop * len(legs) * len(hazards) / (len(few) * len(some))
    return {
        "bench": "corridor",
        "movements": len(legs),
        "signals": len(hazards),
        "matches": len(times[0][1]),
        "engine_s": round(engine, 3),
        "engine_worst_s": round(max(t for t, _ in times), 3),
        "target_s": 1.0,
        "met": engine < 1.0,
        "shapely_strtree_s": round(tree, 3),
        "shapely_strtree_matches_without_position": hits,
        "shapely_to_engine": round(tree / engine, 1),
        "walk_scaled_s": round(scaled, 1),
        "walk_to_engine": round(scaled / engine, 1),
        "against_walk": agreement(legs[:60], hazards[:600]),
    }


if __name__ == "__main__":
    json.dump(main(), sys.stdout, indent=2)
    print()
