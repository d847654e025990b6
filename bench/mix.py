"""Mixed plans against fastest-only, uniform and logit mixes; a day of eight legs; a closure.

20 seeded pairs at least 4.4 km apart in the real extract of the shared data where there is one
(VARANGIAN_SHARED_DATA), else in the invented city. Chances are those of the worst cell (400 m, on
four grids), ends and forced places aside, the same for all. JSON to standard output.
"""

import json
import os
import statistics
import time
from pathlib import Path

import numpy as np

from varangian.engines.routing import city, diverse, mix, osm
from varangian.engines.routing.mix import Car, Door, Stop
from varangian.engines.routing.mix.net import Net, cut
from varangian.engines.routing.mix.places import Places

LOGIT = (30, 10, 3, 0)
HOUR = 3600.0


def network():
    folder = os.environ.get("VARANGIAN_SHARED_DATA", "")
    file = Path(folder) / "travel" / "baltimore.osm.pbf"
    return osm.load(file) if folder and file.is_file() else city.build(columns=60, rows=50)


def pairs(graph, count=20, apart=0.04, seed=0):
    rng, core = np.random.default_rng(seed), np.flatnonzero(graph.core)
    while count:
        a, b = (int(node) for node in rng.choice(core, 2))
        if np.hypot(graph.lon[a] - graph.lon[b], graph.lat[a] - graph.lat[b]) > apart:
            count -= 1
            yield a, b


def timed(work):
    begun, used = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - begun, time.process_time() - used


def worst(net: Net, ways: list[list[int]], chance) -> float:
    met = np.array([net.touch[way].sum(axis=0).A1 > 0 for way in ways], dtype=float)
    return float((np.asarray(chance) @ met)[~net.forced].max(initial=0))


def peers(graph, net: Net, a: int, b: int) -> dict[str, tuple[float, float]]:
    """Worst chance and stretch of the usual mixes over the same diverse routes."""
    found = [net.renumbered(route) for route in diverse.routes(graph, a, b)]
    ways = [way for way in found if way is not None]
    stretch = np.array([net.seconds[way].sum() for way in ways]) / net.best
    made = {"fastest": (worst(net, ways[:1], [1.0]), 1.0)}
    for lam in LOGIT:
        weight = np.exp(-lam * (stretch - 1))
        chance = weight / weight.sum()
        name = f"logit_{lam}" if lam else "uniform"
        made[name] = (worst(net, ways, chance), float(chance @ stretch))
    return made


def mean(rows, part):
    return round(statistics.fmean(row[part] for row in rows), 3)


def journeys(graph) -> dict:
    rows, others, equal, seconds, cpu = [], {}, [], [], []
    single, windowed, trials = [], [], []
    places = Places(graph)
    for seed, (a, b) in enumerate(pairs(graph)):
        plan, wall, used = timed(lambda a=a, b=b: mix.plan(graph, a, b))
        seconds.append(wall)
        cpu.append(used)
        rows.append((plan.bound, plan.time_ratio, plan.bound_unstaffed, len(plan.routes)))
        net = cut(places, [a], [b], stretch=1.8, ends_s=90)
        for name, (chance, stretch) in peers(graph, net, a, b).items():
            others.setdefault(name, []).append((chance, stretch))
            if name.startswith(("logit", "uniform")):
                same = mix.plan(graph, a, b, max(1.0, stretch), routes=60)
                equal.append((name, chance, same.bound))
        one = mix.plan(graph, a, b, grids=1)
        single.append((one.bound, one.time_ratio))
        hour = mix.plan(graph, a, b, window_s=HOUR)
        windowed.append((hour.bound, hour.bound_unstaffed))
        trials += [mix.month(plan, name, months=10, seed=seed) for name in mix.ATTACKERS]
    return {
        "pairs": len(rows),
        "worst_cell": mean(rows, 0),
        "target": 0.5,
        "met": mean(rows, 0) <= 0.5,
        "time_ratio": mean(rows, 1),
        "worst_cell_forced_unstaffed": mean(rows, 2),
        "routes": mean(rows, 3),
        "seconds_median": round(statistics.median(seconds), 2),
        "seconds_worst": round(max(seconds), 2),
        "cpu_median": round(statistics.median(cpu), 2),
        "one_grid_worst_cell": mean(single, 0),
        "an_hour_and_20_minutes": {"bound": mean(windowed, 0), "unstaffed": mean(windowed, 1)},
        "peers": {
            name: {"worst_cell": mean(them, 0), "time_ratio": mean(them, 1),
                   "to_mix": round(mean(them, 0) / mean(rows, 0), 2)}
            for name, them in others.items()
        },
        "at_equal_time": {
            name: {
                "peer": round(statistics.fmean(p for n, p, _ in equal if n == name), 3),
                "mix": round(statistics.fmean(m for n, _, m in equal if n == name), 3),
            }
            for name in dict.fromkeys(n for n, _, _ in equal)
        },
        "attackers": {
            name: {
                "rate": mean([t.shape() for t in trials if t.attacker == name], "rate"),
                "bound": mean([t.shape() for t in trials if t.attacker == name], "bound"),
                "beaten": sum(t.beaten for t in trials if t.attacker == name),
            }
            for name in mix.ATTACKERS
        },
    }  # fmt: skip


def programme(graph, seed: int, legs: int = 8) -> list[Stop]:
    rng, core = np.random.default_rng(seed), np.flatnonzero(graph.core)
    stops: list[Stop] = []
    while len(stops) <= legs:
        node = int(rng.choice(core))
        away = np.hypot(graph.lon - graph.lon[node], graph.lat - graph.lat[node])
        if stops and away[stops[-1].doors[0].node] < 0.025:
            continue
        other = int(core[np.argsort(away[core])[8]])
        opens = (7 + 1.5 * len(stops)) * HOUR
        doors = (Door("front", node), Door("back", other))
        stops.append(Stop(f"stop {len(stops)}", doors, (opens, opens + HOUR)))
    return stops


def days(graph) -> dict:
    rows = []
    for seed in (1, 2, 3):
        stops, cars = programme(graph, seed), [Car("A"), Car("B"), Car("C")]
        planned, wall, used = timed(lambda s=stops, c=cars: mix.day(graph, s, c))
        closed = np.zeros(graph.size[1], bool)
        leg = planned.legs[2]
        top = max(leg.routes, key=lambda route: route.probability)
        rest = {edge for route in leg.routes if route is not top for edge in route.edges}
        edge = [e for e in top.edges if e not in rest][len(top.edges) // 4 :][0]
        closed[[edge] if graph.back[edge] < 0 else [edge, graph.back[edge]]] = True
        after, wall2, used2 = timed(lambda p=planned, c=closed: mix.resolve(graph, p, c))
        rows.append({
            "legs": len(planned.legs), "seconds": round(wall, 2), "cpu": round(used, 2),
            "closure_seconds": round(wall2, 2), "closure_cpu": round(used2, 2),
            "bound": round(planned.bound, 3), "bound_one_car": round(planned.bound_one_car, 3),
            "all_day": round(planned.bound_all_day, 3),
            "unstaffed": round(planned.bound_unstaffed, 3),
            "time_ratio": round(planned.time_ratio, 3), "after_closure": round(after.bound, 3),
            "blocked": [leg.number for leg in after.legs if leg.blocked],
        })  # fmt: skip
    return {
        "days": rows,
        "day_target_s": 10,
        "closure_target_s": 2,
        "met": max(r["seconds"] for r in rows) < 10 and max(r["closure_seconds"] for r in rows) < 2,
        "met_on_a_free_core": max(r["cpu"] for r in rows) < 10
        and max(r["closure_cpu"] for r in rows) < 2,
    }


def big() -> dict:
    graph = city.build(columns=170, rows=100, bridges=(10, 60, 110, 150))
    ends = (180, graph.size[0] - 200)
    plan, wall, used = timed(lambda: mix.plan(graph, *ends))
    return {
        "edges": graph.size[1], "method": plan.method, "seconds": round(wall, 2),
        "cpu": round(used, 2), "bound": round(plan.bound, 3), "floor": round(plan.floor, 3),
    }  # fmt: skip


def main() -> dict:
    graph = network()
    return {
        "bench": "mix",
        "network": graph.source.name,
        "edges": graph.size[1],
        "load": os.getloadavg()[0],
        "journeys": journeys(graph),
        "day": days(graph),
        "big": big(),
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
