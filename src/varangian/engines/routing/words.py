"""Places, distances and times of a road network in words."""

import numpy as np

from varangian.kernel.geometry import bearing, haversine_km

from .graph import Graph

WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
NEAR_M = 300.0


def wind(degrees: float) -> str:
    return WINDS[round(degrees / 45) % 8]


def metres(m: float) -> str:
    if m < 995:
        return f"{round(m, -1) if m >= 100 else round(m):.0f} m"
    return f"{m / 1000:.1f} km" if m < 99_500 else f"{m / 1000:.0f} km"


def seconds(s: float) -> str:
    if not np.isfinite(s):
        return "unknown"
    whole = round(s)
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{round(s / 60)} min"


def position(lat: float, lon: float) -> str:
    return f"{lat:.5f}, {lon:.5f}"


def road(graph: Graph, edge: int) -> str:
    """The name of the road, or what kind it is."""
    name = graph.names[graph.name[edge]]
    if name:
        return name
    kind = kind_of(graph, edge)
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def kind_of(graph: Graph, edge: int) -> str:
    from .graph import ROADS

    kind = ROADS[graph.road[edge]].replace("_", " ")
    if kind.endswith(" link"):
        return "slip road"
    plain = {"road": "road", "residential": "residential street", "living street": "living street"}
    return plain.get(kind, f"{kind} road" if kind != "motorway" else "motorway")


def place(graph: Graph, node: int) -> str:
    """A node as people say it: the roads that meet there, and the site beside it."""
    edges = np.flatnonzero((graph.tail == node) | (graph.head == node))
    named = [graph.names[i] for i in dict.fromkeys(graph.name[edges].tolist()) if i]
    if len(named) > 1:
        where = f"{named[0]} and {named[1]}"
    elif named:
        where = named[0]
    else:
        where = road(graph, int(edges[0])) if len(edges) else "a node without roads"
    return where + beside(graph, float(graph.lat[node]), float(graph.lon[node]))


def beside(graph: Graph, lat: float, lon: float) -> str:
    """`` by City hospital`` when a named site stands near, else nothing."""
    near = [
        (haversine_km((lat, lon), (site.lat, site.lon)) * 1000, site.name)
        for site in graph.sites
        if site.name and abs(site.lat - lat) < 0.01
    ]
    far, name = min(near, default=(np.inf, ""))
    return f" by {name}" if far <= NEAR_M else ""


def from_there(here: tuple[float, float], there: tuple[float, float]) -> str:
    """``1.2 km to the north``: where ``there`` lies, seen from ``here``."""
    far = haversine_km(here, there) * 1000
    return f"{metres(far)} to the {wind(bearing(here, there))}"
