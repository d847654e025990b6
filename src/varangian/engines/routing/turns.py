"""What to do at each junction, in words for a card and for the ear.

Made from angles and names of the network, which knows no turn restrictions: it describes a route
for those who plan it. What a driver is told under way comes from the router.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import network, paths, words
from .graph import BRIDGE, ROADS, SIGNAL, TUNNEL, Array, Graph

STRAIGHT, SLIGHT, SHARP, ABOUT = 30.0, 55.0, 125.0, 160.0
EVEN = 8.0
"""Degrees: of two roads of a fork neither is straighter."""
SOON_M = 80.0
REACH_M = 25.0
"""The direction of a road is taken over this length: its first metres may bend oddly."""


@dataclass(frozen=True)
class Cue:
    """``metres`` and ``seconds`` until the next cue; ``turn`` in degrees, right is positive.

    ``ahead`` is spoken before the junction, ``now`` at it.
    """

    words: str
    metres: float
    seconds: float
    lat: float
    lon: float
    turn: float
    at_m: float
    ahead: str
    now: str

    def shape(self) -> dict[str, Any]:
        rounded = {"metres": 1, "seconds": 1, "at_m": 1, "turn": 1, "lat": 6, "lon": 6}
        plain = asdict(self)
        return plain | {name: round(plain[name], digits) for name, digits in rounded.items()}


@dataclass(frozen=True)
class _Step:
    """A cue before its distance is known; ``first`` is the edge that begins with it."""

    told: str
    turn: float
    first: int


def cues(graph: Graph, edges: Sequence[int]) -> list[Cue]:
    """Start, each junction where something is to do, and the arrival."""
    way = np.asarray(edges, dtype=np.int64)
    paths.follow(graph, way)
    if not len(way):
        return []
    steps = [_Step(_begin(graph, way), 0.0, 0)]
    for i in range(1, len(way)):
        turn = turn_between(graph, int(way[i - 1]), int(way[i]))
        if told := _told(graph, int(way[i - 1]), int(way[i]), turn):
            steps.append(_Step(told, turn, i))
    steps.append(_Step(_arrive(graph, int(way[-1])), 0.0, len(way)))
    return _measured(graph, way, steps)


def turn_between(graph: Graph, edge: int, onward: int) -> float:
    """Degrees in (-180, 180], right positive."""
    turn = _heading(graph, onward, arriving=False) - _heading(graph, edge, arriving=True)
    return float(180 - (180 - turn) % 360)


def _heading(graph: Graph, edge: int, *, arriving: bool) -> float:
    line = graph.shape[graph.bends[edge] : graph.bends[edge + 1]]
    line = line[::-1] if arriving else line
    east = ((line[:, 0] - line[0, 0] + 180) % 360 - 180) * np.cos(np.radians(line[0, 1]))
    north = line[:, 1] - line[0, 1]
    far = np.hypot(east, north) * 111_195
    at = int(np.argmax(far >= min(REACH_M, far.max())))
    degrees = float(np.degrees(np.arctan2(east[at], north[at])))
    return degrees + 180 if arriving else degrees


def _begin(graph: Graph, way: Array) -> str:
    edge = int(way[0])
    wind = words.wind(_heading(graph, edge, arriving=False) % 360)
    return f"Start {wind} on {words.road(graph, edge)}"


def _arrive(graph: Graph, edge: int) -> str:
    node = int(graph.head[edge])
    beside = words.beside(graph, float(graph.lat[node]), float(graph.lon[node]))
    return f"Arrive on {words.road(graph, edge)}{beside}"


def _told(graph: Graph, edge: int, onward: int, turn: float) -> str:
    """Empty when there is nothing to say."""
    road = words.road(graph, onward)
    same = bool(graph.name[edge]) and graph.name[edge] == graph.name[onward]
    if graph.back[edge] == onward or abs(turn) > ABOUT:
        return f"U-turn on {road}" if same or graph.back[edge] == onward else f"U-turn into {road}"
    others = [
        turn_between(graph, edge, other)
        for other in network.leaving(graph)[graph.head[edge]]
        if other not in (onward, graph.back[edge])
    ]
    act = _act(turn, others)
    if not others or (act == "keep straight on" and (same or _like(graph, edge, onward))):
        return _over(graph, edge, onward, road)
    joint = "along" if same and act.startswith("keep") else "on" if same else "into"
    lights = "At the lights " if graph.flags[edge] & SIGNAL else ""
    told = f"{lights}{act} {joint} {road}"
    return told[0].upper() + told[1:]


def _like(graph: Graph, edge: int, onward: int) -> bool:
    """Going straight on needs no words unless the road changes its name or kind."""
    if graph.name[edge] and graph.name[onward]:
        return bool(graph.name[edge] == graph.name[onward])
    return _is_slip(graph, edge) == _is_slip(graph, onward)


def _is_slip(graph: Graph, edge: int) -> bool:
    return ROADS[graph.road[edge]].endswith("_link")


def _over(graph: Graph, edge: int, onward: int, road: str) -> str:
    came, goes = int(graph.flags[edge]), int(graph.flags[onward])
    if goes & TUNNEL and not came & TUNNEL:
        return f"Keep on into the tunnel on {road}"
    if goes & BRIDGE and not came & BRIDGE:
        return f"Keep on over the bridge on {road}"
    if _is_slip(graph, edge) and ROADS[graph.road[onward]] in {"motorway", "trunk"}:
        return f"Join {road}"
    return ""


def _act(turn: float, others: list[float]) -> str:
    """At a fork the side counts, not the angle: a slip road leaves at a few degrees."""
    size = abs(turn)
    if size < SLIGHT and (beside := [other for other in others if abs(other) < SLIGHT]):
        near = min(beside, key=abs)
        if size > abs(near) or abs(size - abs(near)) < EVEN:
            return "keep right" if turn > near else "keep left"
    side = "right" if turn > 0 else "left"
    if size < STRAIGHT:
        return "keep straight on"
    if size < SLIGHT:
        return f"bear {side}"
    return f"turn {side}" if size < SHARP else f"turn sharp {side}"


def _measured(graph: Graph, way: Array, steps: list[_Step]) -> list[Cue]:
    at_m = np.concatenate([[0.0], np.cumsum(graph.metres[way])])
    at_s = np.concatenate([[0.0], np.cumsum(graph.seconds[way])])
    found = []
    for number, step in enumerate(steps):
        then = steps[number + 1] if number + 1 < len(steps) else None
        end = then.first if then else step.first
        node = int(graph.tail[way[step.first]] if step.first < len(way) else graph.head[way[-1]])
        long = float(at_m[end] - at_m[step.first])
        before = float(at_m[step.first] - at_m[steps[number - 1].first]) if number else 0.0
        found.append(
            Cue(
                words=step.told,
                metres=long,
                seconds=float(at_s[end] - at_s[step.first]),
                lat=float(graph.lat[node]),
                lon=float(graph.lon[node]),
                turn=round(step.turn, 1),
                at_m=float(at_m[step.first]),
                ahead=_ahead(step.told, before) if number else "",
                now=_now(step.told, then, long),
            )
        )
    return found


def _ahead(told: str, before: float) -> str:
    """Said in time: at most 500 m before, and no further than the last cue."""
    for far in (500, 300, 200, 100):
        if far <= before:
            return f"In {far} metres, {_lower(told)}."
    return ""


def _now(told: str, then: _Step | None, long: float) -> str:
    if then and long <= SOON_M:
        return f"{told}, then at once {_lower(then.told)}."
    return f"{told}."


def _lower(told: str) -> str:
    return told if told.startswith("U-turn") else told[0].lower() + told[1:]
