"""A road network from an extract of OpenStreetMap (.osm.pbf)."""

from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

import numpy as np

from varangian.kernel.words import plural

from .errors import BadMap, Progress, silent
from .graph import SIGNAL, Graph, Source
from .osm_network import Points, cut, edges
from .osm_read import Extract, read
from .osm_sites import once

OSM = Source.licence
FEW = 2
"""Fewer edges are no network."""


@dataclass(frozen=True)
class Reading:
    """The network, and what a person should know of how it came about."""

    graph: Graph
    counts: dict[str, int | float]
    problems: list[str] = field(default_factory=list)


def load(path: Path | str, progress: Progress | None = None) -> Graph:
    """Raises BadMap for a file that holds no usable roads."""
    return read_extract(path, progress).graph


def read_extract(
    path: Path | str, progress: Progress | None = None, *, name: str = "", licence: str = OSM
) -> Reading:
    path, tell = Path(path), progress or silent
    tell("Reading the extract", 0.0)
    found = read(path, tell)
    if not found.roads:
        raise BadMap(
            "The extract holds no road that a car may use",
            "Give an extract with roads, not only with buildings or borders.",
        )
    tell("Making the road network", 0.0)
    points = Points(found.roads)
    pieces, _ = cut(points, found.blocked)
    arrays = edges(points, pieces, found)
    if len(arrays["tail"]) < FEW:
        raise BadMap("The roads of the extract do not join", "Give a larger extract.")
    tell("Making the road network", 0.8)
    source = Source(name or name_of(path), found.data_date, licence, digest(path))
    graph = Graph(**arrays, sites=once(found.sites), source=source)
    return Reading(graph, _counts(graph, found), _problems(graph, found))


def bounds(graph: Graph) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    lon, lat = graph.lon, graph.lat
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def name_of(path: Path) -> str:
    return path.name.removesuffix(".pbf").removesuffix(".osm").removesuffix("-latest")


def _counts(graph: Graph, found: Extract) -> dict[str, int | float]:
    nodes, count = graph.size
    once_each = graph.back < np.arange(count)
    return {
        "roads": len({road.number for road in found.roads}),
        "nodes": nodes,
        "edges": count,
        "km": round(float(graph.metres[once_each].sum()) / 1000, 1),
        "lights": int((graph.flags & SIGNAL > 0).sum()),
        "sites": len(graph.sites),
        "missing_nodes": found.missing_nodes,
        "torn_roads": found.torn_roads,
    }


def _problems(graph: Graph, found: Extract) -> list[str]:
    said = []
    if found.missing_nodes:
        said.append(
            f"{plural(found.torn_roads, 'way')} out of the extract, with "
            f"{plural(found.missing_nodes, 'point')} missing: these roads end at the edge. "
            "Routes near it are not to be trusted."
        )
    if not graph.source.data_date:
        said.append("The file does not say how old its data are.")
    lost = len(graph.lon) - int(graph.core.sum())
    if lost > len(graph.lon) * 0.05:
        said.append(
            f"{lost * 100 // len(graph.lon)} % of the crossings cannot be reached from the rest, "
            "or not be left again: private roads, islands, or the edge of the extract."
        )
    if found.odd_speeds:
        few = ", ".join(f"“{words}”" for words, _ in found.odd_speeds.most_common(3))
        count = sum(found.odd_speeds.values())
        said.append(
            f"{plural(count, 'speed limit')} not understood ({few}): the usual speed of such a "
            "road stands in."
        )
    if found.gone_sites:
        said.append(
            f"Left out: {plural(found.gone_sites, 'place')} that the map calls historical "
            "or disused."
        )
    if not any(one.kind in ("hospital", "police") for one in graph.sites):
        said.append("The extract names no hospital and no police station.")
    return said
