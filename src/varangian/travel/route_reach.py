"""Which haven is nearest from where: of the map, and of the team's own surveys."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from varangian.kernel.geometry import haversine_km

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Graph, Site
    from varangian.engines.routing.mix import Route

HAVENS = ("trauma_centre", "hospital", "safe_haven", "police", "fire_station")
SAME_M = 150.0
"""A site of the map this near to a surveyed place of its kind is that place."""


class Reach:
    """Seconds from each node to the nearest haven of each kind, and which it is."""

    def __init__(self, graph: "Graph", known: Sequence["Site"]) -> None:
        from varangian.engines.routing.havens import seconds_to

        self.graph = graph
        sites = [*known, *(site for site in graph.sites if not _one_of(site, known))]
        self.sites = {kind: [s for s in sites if s.kind == kind] for kind in HAVENS}
        self.away: dict[str, Any] = {}
        self.which: dict[str, Any] = {}
        for kind, mine in self.sites.items():
            if mine:
                self.away[kind], self.which[kind] = seconds_to(graph, mine)

    def near(self, routes: Sequence["Route"]) -> list[dict[str, Any]]:
        """Every haven that is the nearest of its kind to some point of a route."""
        import numpy as np

        nodes = np.unique(self.graph.head[[edge for route in routes for edge in route.edges]])
        found = []
        for kind, away in self.away.items():
            which = self.which[kind][nodes]
            for index in np.unique(which[np.isfinite(away[nodes])]):
                least = float(away[nodes[which == index]].min())
                found.append(_haven(self.sites[kind][int(index)], least))
        return sorted(found, key=lambda row: (not row["verified"], row["nearest_s"]))

    def from_point(self, point: Any) -> dict[str, Any] | None:
        """The nearest haven from where turning back and going on cost the same; verified first."""
        if point is None or not self.away:
            return None
        from varangian.engines.routing.snap import snap

        node = snap(self.graph, point.lat, point.lon)
        rows = [
            _haven(self.sites[kind][int(self.which[kind][node])], float(away[node]))
            for kind, away in self.away.items()
            if self.which[kind][node] >= 0
        ]
        return min(rows, key=lambda row: (not row["verified"], row["nearest_s"]), default=None)


def _haven(site: "Site", seconds: float) -> dict[str, Any]:
    seen = site.tags.get("verified_at", "")
    return {
        "kind": site.kind,
        "name": site.name or "unnamed",
        "lat": site.lat,
        "lon": site.lon,
        "nearest_s": round(seconds),
        "verified": bool(seen),
        "verified_at": seen,
        "place": site.tags.get("place", ""),
    }


def _one_of(site: "Site", known: Sequence["Site"]) -> bool:
    same = [one for one in known if one.kind == site.kind]
    return any(
        haversine_km((site.lat, site.lon), (one.lat, one.lon)) * 1000 < SAME_M for one in same
    )
