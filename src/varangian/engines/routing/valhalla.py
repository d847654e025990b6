"""What a driver is told: routes with turn restrictions, from Valhalla, in this process.

Areas to avoid are a wish to Valhalla, not a promise: check its answer with ``avoid.edges_in``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from varangian.kernel.geometry import LatLon

from .polyline import decode, encode

NEAR_M = 250
MOST_POINTS = 16_000
NO_ROAD, NO_WAY = {170, 171}, {442, 443}


class NoRoute(ValueError):
    """Valhalla has no answer: ``what`` says why, ``mend`` what may help."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}. {mend}".strip())
        self.what, self.mend = what, mend


@dataclass(frozen=True)
class Step:
    """One manoeuvre, and the stretch after it."""

    words: str
    spoken: str
    streets: tuple[str, ...]
    metres: float
    seconds: float
    at: LatLon


@dataclass(frozen=True)
class Route:
    seconds: float
    metres: float
    shape: tuple[LatLon, ...]
    steps: tuple[Step, ...]
    toll: bool
    ferry: bool


@dataclass(frozen=True)
class Matched:
    """A track laid onto roads. ``at`` has one row a point: where it lies on the road, and the
    index of its edge; an edge of -1 is a point that no road fits."""

    edges: tuple[dict[str, Any], ...]
    shape: tuple[LatLon, ...]
    at: tuple[tuple[LatLon, int, float], ...]
    """Place on the road, index into ``edges``, metres between the fix and the road."""


@dataclass
class Router:
    """Reads the tiles that ``config`` names. Safe to share between threads, one call at a time."""

    config: Path | str
    _lock: Lock = field(default_factory=Lock, repr=False)
    _actor: Any = field(default=None, repr=False)

    def route(
        self,
        points: Sequence[LatLon],
        costing: str = "auto",
        factors: Iterable[tuple[Sequence[LatLon], float]] | None = None,
        avoid: dict[str, Any] | None = None,
        *,
        within_m: int = NEAR_M,
    ) -> Route:
        """:param factors: lines and how many times as long a second on them feels.
        :param avoid: GeoJSON with polygons."""
        asked = self._asked(points, costing, within_m)
        asked["directions_options"] = {"units": "kilometers", "language": "en-GB"}
        if factors is not None:
            asked["linear_cost_factors"] = [
                {"shape": encode(shape), "factor": round(factor, 3)} for shape, factor in factors
            ]
        if avoid is not None:
            asked["exclude_polygons"] = rings(avoid)
        return _route(self._ask("route", asked)["trip"])

    def match(self, points: Sequence[LatLon], costing: str = "auto") -> Matched:
        shape = [{"lat": lat, "lon": lon} for lat, lon in points[:MOST_POINTS]]
        asked = {"shape": shape, "costing": costing, "shape_match": "map_snap"}
        return _matched(self._ask("trace_attributes", asked))

    def isochrone(
        self,
        point: LatLon,
        minutes: Sequence[float],
        costing: str = "auto",
        *,
        towards: bool = False,
    ) -> dict[str, Any]:
        """GeoJSON polygons of what is reached in each time; ``towards``: from where one gets here
        in it."""
        asked = self._asked([point], costing, NEAR_M) | {
            "contours": [{"time": round(value, 2)} for value in minutes],
            "polygons": True,
            "reverse": towards,
        }
        return self._ask("isochrone", asked)

    def locate(self, point: LatLon, costing: str = "auto") -> list[dict[str, Any]]:
        """Roads near a point, the nearest first, with what Valhalla knows of them."""
        asked = self._asked([point], costing, NEAR_M) | {"verbose": True}
        return self._ask("locate", asked)[0].get("edges") or []

    def _asked(self, points: Sequence[LatLon], costing: str, within_m: int) -> dict[str, Any]:
        """Without a cut-off a point in the sea is led to a road 30 km away, without a word."""
        locations = [{"lat": lat, "lon": lon, "search_cutoff": within_m} for lat, lon in points]
        return {"locations": locations, "costing": costing}

    def _ask(self, action: str, asked: dict[str, Any]) -> Any:
        from valhalla import Actor, ValhallaError

        with self._lock:
            if self._actor is None:
                self._actor = Actor(str(self.config))
            try:
                return getattr(self._actor, action)(asked)
            except ValhallaError as error:
                raise _refusal(error) from error


def rings(avoid: dict[str, Any]) -> list[Any]:
    """The outer rings of all polygons of a GeoJSON object."""
    kind = avoid.get("type")
    if kind == "FeatureCollection":
        return [ring for feature in avoid["features"] for ring in rings(feature)]
    if kind == "Feature":
        return rings(avoid["geometry"] or {})
    if kind == "Polygon":
        return avoid["coordinates"][:1]
    if kind == "MultiPolygon":
        return [polygon[0] for polygon in avoid["coordinates"]]
    return []


def _route(trip: dict[str, Any]) -> Route:
    shape: list[LatLon] = []
    steps: list[Step] = []
    for leg in trip["legs"]:
        line = decode(leg["shape"])
        steps += [_step(row, line) for row in leg["maneuvers"]]
        shape += line[1:] if shape else line
    whole = trip["summary"]
    return Route(
        seconds=float(whole["time"]),
        metres=float(whole["length"]) * 1000,
        shape=tuple(shape),
        steps=tuple(steps),
        toll=bool(whole.get("has_toll")),
        ferry=bool(whole.get("has_ferry")),
    )


def _step(row: dict[str, Any], line: list[LatLon]) -> Step:
    return Step(
        words=row["instruction"],
        spoken=row.get("verbal_pre_transition_instruction") or row["instruction"],
        streets=tuple(row.get("street_names", ())),
        metres=float(row["length"]) * 1000,
        seconds=float(row["time"]),
        at=line[row["begin_shape_index"]],
    )


def _matched(answer: dict[str, Any]) -> Matched:
    at = [
        (
            (row["lat"], row["lon"]),
            int(row.get("edge_index", -1)) if row.get("type") != "unmatched" else -1,
            float(row.get("distance_from_trace_point", 0.0)),
        )
        for row in answer["matched_points"]
    ]
    return Matched(tuple(answer["edges"]), tuple(decode(answer["shape"])), tuple(at))


def _refusal(error: Any) -> NoRoute:
    code = getattr(error, "code", 0)
    if code in NO_ROAD:
        return NoRoute(
            "No road lies near one of the points",
            "Put it on the map again: it may lie in the water or outside the extract.",
        )
    if code in NO_WAY:
        return NoRoute(
            "No road leads from one point to the other",
            "There may be a gap in the extract, or an area to avoid closes the only way.",
        )
    return NoRoute(f"Valhalla refuses: {error}", "Take the points closer together.")
