"""Ways out of a leg: the nearest havens and hospitals, and routes that avoid what is ahead."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from varangian.alerts import queries as alert_queries
from varangian.alerts.models import Alert
from varangian.kernel.geometry import LatLon, circle_ring, haversine_km
from varangian.kernel.results import Refused
from varangian.operations.models import Movement
from varangian.places import queries as place_queries
from varangian.places.queries.surveys import signed
from varangian.platform.access.scope import Actor

from ..board import ways
from ..models import LegRun, TrackingPlan
from ..route_working import part
from . import movement_board as queries

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Array, Graph

KINDS = {
    "safe_haven": "Safe haven", "hospital": "Hospital", "trauma_centre": "Trauma centre",
    "police": "Police", "fire_station": "Fire station",
}  # fmt: skip
OF_THE_MAP = ("police", "hospital", "fire_station")
MOST = 6
NEAREST = "nearest"
AROUND_KM = 0.3
"""Of an alert that tells a point and no area."""
OWN_ALARMS = "track_"


@dataclass(frozen=True)
class Haven:
    """``key`` names it for one tap. ``verified``: a person has signed its survey."""

    key: str
    name: str
    kind: str
    lat: float
    lon: float
    verified: bool
    seconds: float | None
    """Driving, None when no road is known to lead there."""
    km: float

    def shape(self) -> dict[str, Any]:
        seconds = self.seconds
        return {
            "key": self.key, "name": self.name, "kind": self.kind, "words": KINDS[self.kind],
            "lat": self.lat, "lon": self.lon, "verified": self.verified, "km": round(self.km, 1),
            "minutes": None if seconds is None else round(seconds / 60, 1),
        }  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """Another way that keeps out of the area of an alert."""

    alert: Alert
    route: str
    """Key of a planned route; empty for a way worked out now."""
    name: str
    words: str
    minutes: float | None


def where(actor: Actor, plan: TrackingPlan, run: LegRun | None) -> LatLon | None:
    """Where the car is: by its newest position, by its progress, or at its start."""
    found = queries.position(actor, plan)
    if found is not None:
        return found.lat, found.lon
    last = queries.known(run).progress
    if last is not None:
        return last.fix.lat, last.fix.lon
    lon, lat = plan.payload["line"][0]
    return lat, lon


def havens(actor: Actor, plan: TrackingPlan, here: LatLon, most: int = MOST) -> list[Haven]:
    """Verified ones first, each sort by the minutes to it. What the map alone knows comes last."""
    graph = queries.network_of(plan.route_plan)
    node = ways.node_near(graph, here) if graph is not None else None
    away = ways.seconds_from(graph, node) if graph is not None and node is not None else None
    found = [*_of_the_team(actor, graph, away, here), *_of_the_map(graph, away, here)]
    found.sort(key=lambda one: (not one.verified, one.seconds is None, one.seconds or one.km))
    return found[:most]


def _of_the_team(
    actor: Actor, graph: "Graph | None", away: "Array | None", here: LatLon
) -> list[Haven]:
    kinds = ("safe_haven", "hospital", "trauma_centre")
    rows = [row for row in place_queries.places(actor).filter(kind__in=kinds) if row.located]
    sure = signed(actor, rows)
    return [
        Haven(f"place:{row.pk}", row.name, row.kind, row.position[0], row.position[1],
              row.pk in sure, *_far(graph, away, here, (row.position[0], row.position[1])))
        for row in rows
    ]  # fmt: skip


def _of_the_map(graph: "Graph | None", away: "Array | None", here: LatLon) -> list[Haven]:
    sites = enumerate(graph.sites) if graph is not None else ()
    return [
        Haven(f"site:{number}", site.name or "unnamed", site.kind, site.lat, site.lon, False,
              *_far(graph, away, here, (site.lat, site.lon)))
        for number, site in sites if site.kind in OF_THE_MAP
    ]  # fmt: skip


def _far(
    graph: "Graph | None", away: "Array | None", here: LatLon, there: LatLon
) -> tuple[float | None, float]:
    km = haversine_km(here, there)
    node = ways.node_near(graph, there, 400.0) if graph is not None and away is not None else None
    seconds = float(away[node]) if away is not None and node is not None else float("inf")
    return (seconds if seconds < float("inf") else None), km


def haven_named(actor: Actor, plan: TrackingPlan, here: LatLon, key: str) -> Haven:
    """``key``, or nothing: the nearest verified one, and only such a one. ``nearest``: where
    nobody has verified any, the nearest all the same."""
    rows = havens(actor, plan, here, most=500)
    if key == NEAREST and rows:
        return rows[0]
    if not key:
        found = next((row for row in rows if row.verified), None)
        if found is None:
            raise Refused(
                "No haven or hospital near here was verified by a person", "divert",
                "Choose one by name, knowing that; or sign the survey of one.",
            )  # fmt: skip
        return found
    found = next((row for row in rows if key in (row.key, row.name)), None)
    if found is None:
        raise Refused("There is no such haven or hospital", key, "See varangian movement divert.")
    return found


def way_to(plan: TrackingPlan, here: LatLon, haven: Haven) -> dict[str, Any]:
    """Line, times and turns. Where no road is known it is the crow's way, and says so."""
    there = (haven.lat, haven.lon)
    graph = queries.network_of(plan.route_plan)
    if graph is None or haven.seconds is None:
        return ways.crow(here, there)
    start, goal = ways.node_near(graph, here), ways.node_near(graph, there, 400.0)
    if start is None or goal is None or start == goal:
        return ways.crow(here, there)
    return ways.drive(graph, start, goal)


def area_of(alert: Alert) -> dict[str, Any] | None:
    """A circle about the place of an alert; None when it tells no place."""
    if not alert.position:
        return None
    lat, lon = alert.position
    ring = [[b, a] for a, b in circle_ring((lat, lon), AROUND_KM, 24)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def touching(actor: Actor, movement: Movement, plan: TrackingPlan, run: LegRun | None) -> list[Any]:
    """Open alerts of this leg, not its own alarms, whose place lies on the way still ahead."""
    found = alert_queries.alerts(actor, view="standing").filter(movement=movement)
    rows = [row for row in found if not row.source.startswith(OWN_ALARMS)]
    ahead = _ahead(plan, run)
    return [(row, area) for row in rows if (area := area_of(row)) and _crosses(ahead, area)]


def _ahead(plan: TrackingPlan, run: LegRun | None) -> list[Any]:
    line = queries.line_of(plan.payload)
    last = queries.known(run).progress
    done = last.along_m if last else 0.0
    rest = [
        point for point, along in zip(plan.payload["line"], line.along_m, strict=True)
        if along >= done
    ]  # fmt: skip
    return rest or plan.payload["line"][-1:]


def _crosses(line: list[Any], area: dict[str, Any]) -> bool:
    return bool(part("avoid").crossed(line, area))


def proposals(actor: Actor, plan: TrackingPlan, run: LegRun | None) -> list[Proposal]:
    """For each alert on the way ahead, the first other route of the plan that avoids it."""
    movement, routes = plan.movement, plan.route_plan
    if movement is None or plan.kind == TrackingPlan.Kind.DIVERT:
        return []
    return [
        _proposal(plan, alert, area, routes.payload["routes"] if routes else [])
        for alert, area in touching(actor, movement, plan, run)
    ]


def _proposal(
    plan: TrackingPlan, alert: Alert, area: dict[str, Any], rows: list[dict[str, Any]]
) -> Proposal:
    order = {"alternate": 0, "primary": 1, "emergency": 2, "": 3}
    others = sorted(
        (row for row in rows if row["key"] != plan.payload["route"]),
        key=lambda row: (order[row["role"]], row["seconds"]),
    )
    for row in others:
        if not _crosses(row["geometry"], area):
            words = f"{row['name']}, {row['role'] or 'another route'}, keeps out of it"
            return Proposal(alert, row["key"], row["name"], words, round(row["seconds"] / 60, 1))
    words = "No planned route keeps out of it: a way around can be worked out now"
    return Proposal(alert, "", "a way around", words, None)
