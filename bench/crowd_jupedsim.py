"""The cell model beside calibrated JuPedSim on random halls: when are 95 in 100 out?

    python bench/crowd_jupedsim.py PYTHON [halls [passage]]     default 20, open

PYTHON is an interpreter that has `jupedsim` (1.4.1, installed without its dependencies beside
numpy, shapely and deprecated); the house does not depend on it. Without it nothing is measured.
Parameter set C of the brief (radius 0.144, time gap 0.833, 9.41 and 0.09, 2.6 and 0.032, 1.55 m/s),
never the defaults. Both send everybody to the nearest exit, at the same speed, from the same floor.
What lies behind the doors decides. ``open``: a wall of 20 cm and open floor behind it, as in the
experiments; people are gone four metres on. A number: metres of passage as wide as the door, in the
last of which people are gone; 1.2 makes JuPedSim a third faster than 3.2. JSON to stdout; times are
processor seconds. Aim: within 20 % on at least 80 % of halls.
"""

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SPEED = 1.55
OPEN = "open"
WALL, FLOOR, BESIDE = 0.2, 5.0, 2.0
"""Behind a door into the open: the wall, floor as deep, and wider than the door on each side."""


def drawn(rng: random.Random) -> dict[str, Any]:
    """A hall with a stage or a pillar and two or three exits of 1.0 to 2.4 m."""
    width, depth = rng.uniform(18, 32), rng.uniform(14, 24)
    exits = []
    for side in rng.sample(["west", "east", "south", "north"], rng.randint(2, 3)):
        wide = rng.choice([1.0, 1.2, 1.6, 2.0, 2.4])
        length = depth if side in ("west", "east") else width
        exits.append((side, rng.uniform(1 + wide / 2, length - 1 - wide / 2), wide))
    x, y = rng.uniform(4, width - 7), rng.uniform(3, depth - 5)
    block = (x, y, x + rng.uniform(1, 3), y + rng.uniform(1, 2))
    density = rng.uniform(0.8, 1.8)
    people = int(density * (width * depth - 6) * 0.8)
    return {"width": width, "depth": depth, "exits": exits, "block": block, "people": people}


def ends(hall: dict[str, Any], side: str, at: float, wide: float) -> list[list[float]]:
    a, b = at - wide / 2, at + wide / 2
    x = {"west": 0.0, "east": hall["width"]}.get(side)
    y = {"south": 0.0, "north": hall["depth"]}.get(side)
    return [[x, a], [x, b]] if x is not None else [[a, y], [b, y]]


def ours(hall: dict[str, Any]) -> tuple[float, float]:
    from bench.crowd_flow import feature, ring, venue

    from varangian.engines.crowdflow.flow import grid_of
    from varangian.engines.crowdflow.flow.simulate import simulate
    from varangian.engines.crowdflow.flow.state import Setting

    made = [
        feature("hall", "area", "Polygon", [ring(0, 0, hall["width"], hall["depth"])]),
        feature("block", "stage", "Polygon", [ring(*hall["block"])]),
    ]
    for k, one in enumerate(hall["exits"]):
        made.append(feature(f"e{k}", "door", "LineString", ends(hall, *one), leads="outside"))
    place = venue(made)
    start = time.process_time()
    grid = grid_of(place)
    people = grid.area / grid.area.sum() * hall["people"]
    run = simulate(grid, Setting(people, walk=SPEED, aware=0.0))
    return run.time_until(0.95), time.process_time() - start


def behind(door: Any, inside: Any, passage: float | str) -> tuple[Any, Any]:
    """The way on behind a door, and that part of it in which people are gone."""
    import shapely

    deep = WALL + FLOOR if passage == OPEN else float(passage)
    way = door.buffer(deep, cap_style="flat")
    if passage == OPEN:
        a, b = shapely.get_coordinates(door)
        along = (b - a) / door.length * BESIDE
        wide = shapely.LineString([a - along, b + along]).buffer(deep, cap_style="flat")
        beyond = inside.buffer(WALL, join_style="mitre")
        way = door.buffer(WALL + 0.1, cap_style="flat").union(wide.difference(beyond))
    last = inside.buffer(deep - 1, join_style="mitre")
    return way, way.difference(last)


def peer(hall: dict[str, Any]) -> tuple[float, float]:
    """Runs in the other interpreter."""
    import jupedsim as jps
    import shapely

    doors = [shapely.LineString(ends(hall, *one)) for one in hall["exits"]]
    inside = shapely.box(0, 0, hall["width"], hall["depth"])
    ways, far = [], []
    for door in doors:
        way, out = behind(door, inside, hall["passage"])
        ways.append(way)
        far.append(out)
    floor = inside.difference(shapely.box(*hall["block"]))
    sim = jps.Simulation(
        model=jps.CollisionFreeSpeedModelV2(),
        geometry=floor.union(shapely.union_all(ways)),
        dt=0.05,
    )
    goals = []
    for out in far:
        stage = sim.add_exit_stage(list(out.exterior.coords)[:-1])
        goals.append((sim.add_journey(jps.JourneyDescription([stage])), stage))
    start = time.process_time()
    for x, y in jps.distribute_by_number(
        polygon=floor, number_of_agents=hall["people"], distance_to_agents=0.3,
        distance_to_polygon=0.25, seed=1,
    ):  # fmt: skip
        near = min(range(len(doors)), key=lambda k: doors[k].distance(shapely.Point(x, y)))
        sim.add_agent(jps.CollisionFreeSpeedModelV2AgentParameters(
            position=(x, y), journey_id=goals[near][0], stage_id=goals[near][1],
            radius=0.144, time_gap=0.833, desired_speed=SPEED,
            strength_neighbor_repulsion=9.41, range_neighbor_repulsion=0.09,
            strength_geometry_repulsion=2.6, range_geometry_repulsion=0.032,
        ))  # fmt: skip
    while sim.agent_count() > 0.05 * hall["people"] and sim.elapsed_time() < 400:
        sim.iterate(10)
    return sim.elapsed_time(), time.process_time() - start


def main() -> None:
    if sys.argv[1:2] == ["--peer"]:
        print(json.dumps(peer(json.load(sys.stdin))))
        return
    if len(sys.argv) < 2:
        print(
            json.dumps({"bench": "crowd_jupedsim", "skipped": "name an interpreter with jupedsim"})
        )
        return
    sys.path[:0] = [str(ROOT)]
    rng, rows = random.Random(7), []
    passage = sys.argv[3] if len(sys.argv) > 3 else OPEN
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 20):
        hall = drawn(rng) | {"passage": passage}
        told = subprocess.run(
            [sys.argv[1], __file__, "--peer"], input=json.dumps(hall), text=True,
            capture_output=True, check=True,
        )  # fmt: skip
        theirs, spent = json.loads(told.stdout)
        mine, cpu = ours(hall)
        rows.append({
            "people": hall["people"], "exits": [round(e[2], 1) for e in hall["exits"]],
            "t95": round(mine, 1), "jupedsim": round(theirs, 1),
            "error_pct": round(100 * (mine / theirs - 1), 1),
            "cpu_s": [round(cpu, 3), round(spent, 1)],
        })  # fmt: skip
    near = sum(abs(row["error_pct"]) <= 20 for row in rows) / len(rows)
    print(json.dumps({"bench": "crowd_jupedsim", "within_20_pct": near, "halls": rows}))


if __name__ == "__main__":
    main()
