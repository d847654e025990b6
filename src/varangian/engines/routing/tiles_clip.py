"""The part of a map round a few places, small enough for a phone to take along."""

from collections.abc import Sequence
from io import BytesIO
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Any

from .coast import Box

STEP_DOWN = (14, 13, 12, 11)
WHOLE_TO = 11
"""Up to here all tiles go along: they are few and show how the parts lie to each other."""


def clip(tiles: Path, boxes: Sequence[Box], *, most_bytes: int) -> bytes:
    """A PMTiles file of the tiles that touch one of ``boxes``. What is too much loses its nearest
    zoom, then the next; empty when even that does not fit or nothing touches."""
    from pmtiles.reader import MmapSource, all_tiles
    from pmtiles.tile import deserialize_header, zxy_to_tileid

    with tiles.open("rb") as file:
        source = MmapSource(file)
        header = deserialize_header(source(0, 127))
        found = [
            (zxy_to_tileid(*place), place[0], data)
            for place, data in all_tiles(source)
            if place[0] <= WHOLE_TO or any(touches(place, box) for box in boxes)
        ]
    for zoom in STEP_DOWN:
        kept = sorted((number, data) for number, at, data in found if at <= zoom)
        if kept and any(at > WHOLE_TO for _, at, _ in found):
            made = _written(kept, header)
            if len(made) <= most_bytes:
                return made
    return b""


def touches(place: tuple[int, int, int], box: Box) -> bool:
    zoom, x, y = place
    west, south, east, north = box
    left, top = tile_of(north, west, zoom)
    right, bottom = tile_of(south, east, zoom)
    return left <= x <= right and top <= y <= bottom


def tile_of(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    count = 1 << zoom
    lat = radians(max(-85.05, min(85.05, lat)))
    x = int((lon + 180) / 360 * count)
    y = int((1 - asinh(tan(lat)) / pi) / 2 * count)
    return max(0, min(count - 1, x)), max(0, min(count - 1, y))


def _written(tiles: list[tuple[int, bytes]], header: Any) -> bytes:
    from pmtiles.tile import tileid_to_zxy
    from pmtiles.writer import Writer

    out = BytesIO()
    writer = Writer(out)
    for number, data in tiles:
        writer.write_tile(number, data)
    same = ("tile_type", "tile_compression", "min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    middle = {
        "center_zoom": tileid_to_zxy(tiles[0][0])[0],
        "center_lon_e7": header["center_lon_e7"],
        "center_lat_e7": header["center_lat_e7"],
    }
    writer.finalize({name: header[name] for name in same} | middle, {"attribution": "© OSM"})
    return out.getvalue()
