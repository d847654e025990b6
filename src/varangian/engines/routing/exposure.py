"""What a route exposes to, stretch by stretch: the profile of a way through the network."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import drivers, paths, risk, words
from .graph import ONE_WAY, TOLL, Array, Graph
from .risk import factors, linear, rates

__all__ = ["Cover", "Exposure", "Gap", "Stretch", "Turn", "factors", "linear", "profile", "rates"]


@dataclass(frozen=True)
class Cover:
    """A note of mobile cover between two points of the route, as somebody found it."""

    from_m: float
    to_m: float
    note: str


@dataclass(frozen=True)
class Stretch:
    """One edge of the route. ``havens``: seconds to the nearest of each kind, going on from the
    worst point of the stretch; None when none can be reached. ``shut_m``: how long the part
    without a turning off is in which it lies. ``cover`` is empty when nobody noted it."""

    edge: int
    from_m: float
    to_m: float
    seconds: float
    road: str
    speed_kmh: float
    lanes: int
    flags: tuple[str, ...]
    single_exit: bool
    shut_m: float
    havens: dict[str, float | None]
    cover: str


@dataclass(frozen=True)
class Gap:
    """Where the nearest haven is furthest away. ``seconds`` None: none can be reached."""

    kind: str
    seconds: float | None
    at_m: float
    lat: float
    lon: float
    words: str


@dataclass(frozen=True)
class Turn:
    """Before this point the way back is shorter, after it the way on."""

    at_m: float
    at_s: float
    back_s: float | None
    on_s: float
    lat: float
    lon: float
    words: str


@dataclass(frozen=True)
class Exposure:
    """``weight`` ranks routes side by side, 0 to 1; it is no chance of anything."""

    metres: float
    seconds: float
    along: tuple[Stretch, ...]
    drivers: tuple[drivers.Driver, ...]
    weight: float
    gap: Gap | None
    """The worst over all kinds of haven; None when no haven was given."""
    gaps: dict[str, Gap]
    turn: Turn | None
    kinds: tuple[str, ...]

    def shape(self) -> dict[str, Any]:
        """Plain values for JSON, metres and seconds to one decimal."""
        return _plain(asdict(self))


def profile(
    graph: Graph,
    edges: Sequence[int],
    havens: dict[str, Array],
    cover: Sequence[Cover] = (),
    points: dict[str, float] | None = None,
) -> Exposure:
    """The exposure along a way.

    :param havens: for each kind float[n], seconds from each node to the nearest (``havens``).
    :param points: other points than those of ``risk.POINTS`` for some drivers.
    """
    way = np.asarray(edges, dtype=np.int64)
    paths.follow(graph, way)
    end_m, end_s = np.cumsum(graph.metres[way]), np.cumsum(graph.seconds[way])
    worst = {
        kind: graph.seconds[way] + away[graph.head[way]] for kind, away in sorted(havens.items())
    }
    shut = _shut(graph, way)
    seen = _seen(graph, way, shut, worst)
    along = _rows(graph, way, end_m, shut, worst, seen, cover)
    rate, tenths = risk.rate_of(seen, points), graph.seconds[way] / risk.SCALE_S
    gaps = {kind: _gap(graph, way, kind, value, end_m) for kind, value in worst.items() if len(way)}
    return Exposure(
        metres=float(graph.metres[way].sum()),
        seconds=float(graph.seconds[way].sum()),
        along=along,
        drivers=drivers.ranked(graph, way, seen, shut, worst, points),
        weight=float(1 - np.exp(-(rate * tenths).sum())),
        gap=_gap(graph, way, "", _nearest(worst), end_m) if gaps else None,
        gaps=gaps,
        turn=_turn(graph, way, end_m, end_s) if len(way) else None,
        kinds=tuple(worst),
    )


def _nearest(worst: dict[str, Array]) -> Array:
    return np.min(np.stack(list(worst.values())), axis=0)


def _shut(graph: Graph, way: Array) -> Array:
    """float64[len]: metres of the part without a turning off in which each edge lies."""
    if not len(way):
        return np.empty(0)
    on = risk.leads_on(graph)
    leaving = np.bincount(graph.tail[on], minlength=graph.size[0])
    here, onward, back = graph.head[way[:-1]], way[1:], graph.back[way[:-1]]
    turning = (back >= 0) & (back != onward) & on[back]
    exits = leaving[here] - on[onward] - turning
    group = np.concatenate([[0], np.cumsum(exits > 0)])
    return np.bincount(group, weights=graph.metres[way])[group]


def _seen(graph: Graph, way: Array, shut: Array, worst: dict[str, Array]) -> dict[str, Array]:
    every = {name: here[way] for name, here in risk.features(graph).items()}
    far = _nearest(worst) > risk.FAR_S if worst else np.zeros(len(way), dtype=bool)
    return every | {"single exit": shut >= risk.SHUT_M, "far from a haven": far}


def _rows(
    graph: Graph,
    way: Array,
    end_m: Array,
    shut: Array,
    worst: dict[str, Array],
    seen: dict[str, Array],
    cover: Sequence[Cover],
) -> tuple[Stretch, ...]:
    marks = {name: here for name, here in seen.items() if name not in {"single exit"}}
    marks |= {"toll": graph.flags[way] & TOLL > 0, "one way": graph.flags[way] & ONE_WAY > 0}
    starts = np.concatenate([[0.0], end_m[:-1]])
    return tuple(
        Stretch(
            edge=edge,
            from_m=float(starts[i]),
            to_m=float(end_m[i]),
            seconds=float(graph.seconds[edge]),
            road=words.road(graph, edge),
            speed_kmh=float(graph.speed_kmh[edge]),
            lanes=int(graph.lanes[edge]),
            flags=tuple(name for name, here in marks.items() if here[i]),
            single_exit=bool(seen["single exit"][i]),
            shut_m=float(shut[i]),
            havens={kind: _finite(value[i]) for kind, value in worst.items()},
            cover=_cover(cover, float(starts[i]), float(end_m[i])),
        )
        for i, edge in enumerate(way.tolist())
    )


def _cover(cover: Sequence[Cover], start: float, end: float) -> str:
    notes = [note.note for note in cover if note.from_m < end and note.to_m > start]
    return "; ".join(dict.fromkeys(notes))


def _gap(graph: Graph, way: Array, kind: str, value: Array, end_m: Array) -> Gap:
    i = int(np.argmax(value))
    edge, seconds = int(way[i]), _finite(value[i])
    node = int(graph.tail[edge])
    what = kind.replace("_", " ") or "haven"
    where = f"on {words.road(graph, edge)}, at {words.metres(end_m[i] - graph.metres[edge])}"
    if seconds is None:
        told = f"No {what} can be reached {where}"
    else:
        told = f"{words.seconds(seconds)} to the nearest {what} {where}"
    lat, lon = float(graph.lat[node]), float(graph.lon[node])
    return Gap(kind, seconds, float(end_m[i] - graph.metres[edge]), lat, lon, told)


def _turn(graph: Graph, way: Array, end_m: Array, end_s: Array) -> Turn:
    nodes = np.concatenate([[graph.tail[way[0]]], graph.head[way]])
    at_s, at_m = np.concatenate([[0.0], end_s]), np.concatenate([[0.0], end_m])
    back = paths.to_goal(graph, int(nodes[0]))[nodes]
    on = at_s[-1] - at_s
    i = int(np.argmax(back >= on))
    node = int(nodes[i])
    where = words.place(graph, node)
    told = f"From {where} (after {words.seconds(at_s[i])}) going on is shorter than turning back"
    if not np.isfinite(back[i]):
        told = f"From {where} (after {words.seconds(at_s[i])}) no way leads back: go on"
    return Turn(
        float(at_m[i]),
        float(at_s[i]),
        _finite(back[i]),
        float(on[i]),
        float(graph.lat[node]),
        float(graph.lon[node]),
        told,
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return round(value, 6 if abs(value) <= 180 else 1)
    return value
