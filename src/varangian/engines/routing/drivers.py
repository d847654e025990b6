"""Why a route is exposed: its drivers in words, the one that weighs most first."""

from dataclasses import dataclass

import numpy as np

from . import risk, words
from .graph import Array, Graph

TOLD = {
    "single exit": "No turning off",
    "tunnel": "In a tunnel",
    "far from a haven": "More than 5 min from a haven",
    "overlook": "Seen from above",
    "lights": "Lights",
    "bridge": "On a bridge",
    "slow": "Slower than 20 km/h",
    "narrow": "One lane, no passing",
}


@dataclass(frozen=True)
class Driver:
    """``share`` of all that the route's points weigh, 0 to 1; ``count`` of separate places."""

    kind: str
    words: str
    share: float
    metres: float
    seconds: float
    count: int


def ranked(
    graph: Graph,
    way: Array,
    seen: dict[str, Array],
    shut: Array,
    worst: dict[str, Array],
    points: dict[str, float] | None = None,
) -> tuple[Driver, ...]:
    """Drivers present on the way, by points times seconds."""
    worth = risk.POINTS | (points or {})
    weighs = {
        name: worth[name] * float(graph.seconds[way][here].sum()) for name, here in seen.items()
    }
    total = sum(weighs.values()) or 1.0
    found = [
        _driver(graph, way, name, here, shut, weighs[name] / total)
        for name, here in seen.items()
        if here.any()
    ]
    if not worst:
        found.append(Driver("far from a haven", "No haven is known: unknown", 0.0, 0.0, 0.0, 0))
    return tuple(sorted(found, key=lambda driver: -driver.share))


def _driver(graph: Graph, way: Array, name: str, here: Array, shut: Array, share: float) -> Driver:
    long, lasts = graph.metres[way][here], graph.seconds[way][here]
    starts = np.flatnonzero(here & ~np.concatenate([[False], here[:-1]]))
    if name == "lights":
        starts = np.flatnonzero(here)
    first = float(graph.metres[way][: starts[0]].sum())
    told = f"{TOLD[name]}: {words.metres(long.sum())}, {words.seconds(lasts.sum())}"
    if name == "lights":
        count = len(starts)
        told = f"{count} sets of lights" if count > 1 else "One set of lights"
    if name == "single exit":
        longest = int(np.argmax(np.where(here, shut, 0)))
        at = float(graph.metres[way][:longest].sum())
        told += f"; longest {words.metres(shut[longest])} from {_at(at)}"
        told += f" on {words.road(graph, int(way[longest]))}"
    else:
        told += f"; {'first ' if len(starts) > 1 else ''}at {_at(first)}"
    return Driver(name, told, share, float(long.sum()), float(lasts.sum()), len(starts))


def _at(m: float) -> str:
    return "the start" if m < 1 else words.metres(m)
