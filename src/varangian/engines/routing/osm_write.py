"""A network as an extract of OpenStreetMap: the invented city goes the way of any real one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .graph import BRIDGE, ONE_WAY, ROADS, SIGNAL, TOLL, TUNNEL, Graph
from .osm_sites import KINDS

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Area:
    """Something that is drawn and not driven on: (lon, lat) round it."""

    tags: dict[str, str]
    ring: Ring


class _Sheet:
    """Objects with rising numbers, all of one date."""

    def __init__(self, date: str) -> None:
        from osmium.osm import mutable

        self.make = mutable
        self.common = {"version": 1, "timestamp": f"{date or '1970-01-01'}T00:00:00Z"}
        self.nodes: list[Any] = []
        self.ways: list[Any] = []

    def node(self, lon: float, lat: float, tags: dict[str, str] | None = None) -> int:
        number, at = len(self.nodes) + 1, (round(float(lon), 7), round(float(lat), 7))
        row = self.make.Node(id=number, location=at, tags=tags or {}, **self.common)
        self.nodes.append(row)
        return number

    def way(self, refs: list[int], tags: dict[str, str]) -> None:
        number = len(self.ways) + 1
        self.ways.append(self.make.Way(id=number, nodes=refs, tags=tags, **self.common))


def write(graph: Graph, path: Path | str, areas: Iterable[Area] = ()) -> None:
    """Overwrites ``path``; its ending says the form: .osm.pbf, .osm."""
    import osmium

    sheet, lights = _Sheet(graph.source.data_date), _lights(graph)
    corners = [
        sheet.node(lon, lat, {"highway": "traffic_signals"} if n in lights else None)
        for n, (lon, lat) in enumerate(zip(graph.lon, graph.lat, strict=True))
    ]
    for edge in _once_each(graph):
        between = graph.shape[graph.bends[edge] + 1 : graph.bends[edge + 1] - 1]
        refs = [corners[graph.tail[edge]], *(sheet.node(*point) for point in between)]
        sheet.way([*refs, corners[graph.head[edge]]], _tags(graph, edge))
    for area in areas:
        refs = [sheet.node(*point) for point in area.ring]
        sheet.way([*refs, refs[0]], area.tags)
    of = {kind: (key, value) for key, value, kind in reversed(KINDS)}
    for site in graph.sites:
        key, value = of[site.kind]
        sheet.node(site.lon, site.lat, {**site.tags, key: value, "name": site.name})
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for row in sheet.nodes:
            writer.add_node(row)
        for row in sheet.ways:
            writer.add_way(row)


def _lights(graph: Graph) -> set[int]:
    """Nodes at which everybody waits."""
    lit = graph.flags & SIGNAL > 0
    return set(graph.head[lit].tolist()) - set(graph.head[~lit].tolist())


def _once_each(graph: Graph) -> Iterator[int]:
    for edge, back in enumerate(graph.back.tolist()):
        if back < 0 or edge < back:
            yield edge


def _tags(graph: Graph, edge: int) -> dict[str, str]:
    flags = int(graph.flags[edge])
    marks = {
        "bridge": flags & BRIDGE,
        "tunnel": flags & TUNNEL,
        "toll": flags & TOLL,
        "oneway": flags & ONE_WAY,
    }
    lanes = int(graph.lanes[edge]) * (1 if flags & ONE_WAY else 2)
    words = {"name": graph.names[graph.name[edge]], "lanes": str(lanes) if lanes else ""}
    tags = {"highway": ROADS[graph.road[edge]], **{key: "yes" for key, on in marks.items() if on}}
    return tags | {key: value for key, value in words.items() if value}


def scenery(graph: Graph, seed: int = 7) -> list[Area]:
    """A river under the bridges, parks and houses: what makes a map of a city look like one."""
    rng = np.random.default_rng(seed)
    return [_river(graph), *_blocks(graph, rng)]


def _river(graph: Graph) -> Area:
    over = np.flatnonzero(graph.flags & (BRIDGE | TUNNEL) > 0)
    middle = np.array([graph.course([int(edge)]).mean(axis=0) for edge in over])
    middle = middle[np.argsort(middle[:, 0])]
    west, east = graph.lon.min() - 0.004, graph.lon.max() + 0.004
    lon = np.concatenate([[west], middle[:, 0], [east]])
    lat = np.concatenate([middle[:1, 1], middle[:, 1], middle[-1:, 1]])
    half = 0.0006
    ring = [*zip(lon, lat + half, strict=True), *zip(lon[::-1], lat[::-1] - half, strict=True)]
    return Area({"natural": "water", "water": "river", "name": "Amber River"}, ring)


def _blocks(graph: Graph, rng: np.random.Generator) -> Iterator[Area]:
    """Beside each third street a house, beside a few a park."""
    for edge in _once_each(graph):
        ends = graph.course([edge])[[0, -1]]
        if graph.flags[edge] & (BRIDGE | TUNNEL) or rng.random() > 0.4:
            continue
        park = rng.random() < 0.08
        tags = (
            {"leisure": "park", "name": f"Park {edge}"}
            if park
            else {"building": "yes", "building:levels": str(int(rng.integers(2, 9)))}
        )
        yield Area(tags, _box(ends, 0.00075 if park else 0.00028, rng))


def _box(ends: Any, half: float, rng: np.random.Generator) -> Ring:
    """South-east of the middle of a street, clear of the carriageway."""
    lon, lat = ends.mean(axis=0)
    squeeze = float(np.cos(np.radians(lat)))
    wide = half * (0.7 + 0.6 * rng.random()) / squeeze
    lon, lat = lon + (half + 0.00012) / squeeze, lat - half - 0.00012
    return [
        (lon - wide, lat - half), (lon + wide, lat - half),
        (lon + wide, lat + half), (lon - wide, lat + half),
    ]  # fmt: skip
