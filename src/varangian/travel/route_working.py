"""From a network and a wish to everything that a route plan records; no database.

Needs the extra travel, which is imported only when a plan is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from varangian.engines.routing.errors import Progress, silent
from varangian.kernel.geometry import LatLon
from varangian.kernel.results import Refused

from .route_reach import Reach

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Array, Graph, Site
    from varangian.engines.routing.mix import Mix, Route

ENGINES = "varangian.engines.routing"
ROLES = ("primary", "alternate", "emergency")
SHOWN = 4
"""Routes in the picture side by side: more cannot be told apart on a phone."""


@dataclass(frozen=True)
class Wish:
    budget: float = 1.2
    window_s: float = 0.0
    routes: int = 8
    within_s: float = 12.0
    hold_s: float = 1200.0
    ends_s: float = 90.0


def part(name: str) -> Any:
    try:
        return import_module(f"{ENGINES}.{name}")
    except ModuleNotFoundError as error:
        raise Refused(
            "Planning a route needs the extra travel",
            str(error.name),
            "make up installs it; or pip install varangian[travel].",
        ) from error


def work_out(
    graph: "Graph",
    ends: tuple[LatLon, LatLon],
    wish: Wish,
    areas: list[Any],
    *,
    known: Sequence["Site"] = (),
    tell: Progress = silent,
) -> dict[str, Any]:
    """The payload of a plan. Raises Refused in words: no road near, no way, no sense in limits.

    :param known: havens that the team has surveyed.
    """
    tell("Finding the roads of both ends", 0.02)
    snap = part("snap").snap
    start, goal = (snap(graph, *end) for end in ends)
    tell("Mixing ways that no observer can count on", 0.08)
    mix = part("mix").plan(
        graph, start, goal, budget=wish.budget, window_s=wish.window_s, routes=wish.routes,
        forbid=shut(graph, areas), within_s=wish.within_s, hold_s=wish.hold_s, ends_s=wish.ends_s,
    )  # fmt: skip
    return mix.shape() | described(graph, mix.routes, mix.shape()["routes"], known, tell)


def described(
    graph: "Graph",
    made: Sequence["Route"],
    rows: list[dict[str, Any]],
    known: Sequence["Site"] = (),
    tell: Progress = silent,
) -> dict[str, Any]:
    """Routes with exposure, turns, roles; the picture of them, and the havens near."""
    tell("Looking for havens", 0.6)
    reach = Reach(graph, known)
    named = []
    for number, (row, route) in enumerate(zip(rows, made, strict=True)):
        tell("Following each way: exposure and turns", 0.65 + 0.3 * number / len(rows))
        seen = part("exposure").profile(graph, list(route.edges), reach.away)
        row |= {
            "edges": list(route.edges),
            "places": list(route.places),
            "chance": route.probability,
            "exposure": seen.shape(),
            "cues": [cue.shape() for cue in part("turns").cues(graph, list(route.edges))],
            "turn_haven": reach.from_point(seen.turn),
        }
        named.append((row, seen))
    _name(rows)
    tell("Drawing", 0.97)
    best = sorted(named, key=lambda pair: -pair[0]["probability"])[:SHOWN]
    shown = [(row["name"], seen) for row, seen in sorted(best, key=lambda pair: pair[0]["name"])]
    draw, told = part("picture").draw, part("picture").told
    panels = [draw([one], f"Exposure along {one[0]}", f"way-{one[0]}", like=shown) for one in shown]
    return {
        "routes": rows,
        "picture": {"panels": panels, "told": told(shown)},
        "havens": reach.near(made),
    }


def shut(graph: "Graph", areas: list[Any]) -> "Array | None":
    """Edges that any of the areas touches."""
    if not areas:
        return None
    edges_in = part("avoid").edges_in
    found = edges_in(graph, areas[0])
    for area in areas[1:]:
        found = found | edges_in(graph, area)
    return found


def _name(rows: list[dict[str, Any]]) -> None:
    """R1 is the likeliest. It begins as the primary, the next as the alternate; the fastest of the
    others is for the emergency, where nothing counts but time."""
    ranked = sorted(rows, key=lambda row: -row["probability"])
    for number, row in enumerate(ranked, start=1):
        row["name"], row["role"] = f"R{number}", ""
    for row, role in zip(ranked, ROLES[:2], strict=False):
        row["role"] = role
    if rest := ranked[2:]:
        min(rest, key=lambda row: row["seconds"])["role"] = ROLES[2]


def mix_of(payload: dict[str, Any]) -> "Mix":
    """The plan as the engine knows it: for a draw, and to see what habit makes of it."""
    mix = part("mix")
    rows = payload["routes"]
    routes = tuple(
        mix.Route(
            tuple(row["edges"]), row["seconds"], row["metres"], row["chance"],
            tuple((lon, lat) for lon, lat in row["geometry"]), tuple(row["places"]),
            (row["doors"][0], row["doors"][1]),
        )
        for row in rows
    )  # fmt: skip
    plain = ("bound", "bound_all_day", "bound_unstaffed", "at_ends", "floor", "time_ratio")
    more = ("budget", "fastest_s", "extra_s", "hold_s", "window_s", "ends_s", "cell_m", "sight_m")
    return mix.Mix(
        routes=routes,
        departures=tuple(mix.Departure(**row) for row in payload["departures"]),
        forced=(), worst=None, method=payload["method"], source=payload["source"],
        **{name: payload[name] for name in (*plain, *more)},
    )  # fmt: skip
