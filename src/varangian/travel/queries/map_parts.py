"""The part of the maps round a few places, small enough for a phone to take along."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import cos, radians
from pathlib import Path

from varangian.kernel.geometry import LatLon
from varangian.platform.access.scope import Actor

from .. import map_files
from ..models import MapFile, RoadMap
from . import maps

Box = tuple[float, float, float, float]
ROUND_KM = 1.5
KM_A_DEGREE = 111.2
MOST_BYTES = 400_000
MOST_MAPS = 2


@dataclass(frozen=True)
class MapPart:
    """``mark`` changes with the map and with the places: it names what a phone has already."""

    road_map: RoadMap
    tiles: MapFile
    boxes: tuple[Box, ...]

    @property
    def mark(self) -> str:
        return sha256(f"{self.tiles.sha256}{self.boxes}".encode()).hexdigest()[:24]


def parts(actor: Actor, places: Sequence[LatLon]) -> list[MapPart]:
    """One a city, those with the most of these places first; each place on the newest map."""
    found: dict[MapFile, list[Box]] = {}
    shown = maps.tiles_shown(actor)
    for place in dict.fromkeys((round(lat, 3), round(lon, 3)) for lat, lon in places):
        on = next((row for row in reversed(shown) if maps.holds_place(row.road_map, place)), None)
        if on is not None:
            found.setdefault(on, []).append(box_round(place))
    ranked = sorted(found.items(), key=lambda row: -len(row[1]))[:MOST_MAPS]
    return [MapPart(row.road_map, row, tuple(sorted(boxes))) for row, boxes in ranked]


def box_round(place: LatLon) -> Box:
    lat, lon = place
    high = ROUND_KM / KM_A_DEGREE
    wide = high / max(cos(radians(lat)), 0.05)
    return lon - wide, lat - high, lon + wide, lat + high


def packed(part: MapPart) -> bytes:
    """PMTiles; empty when even the roughest part is too large."""
    return _packed(map_files.at_hand(part.tiles), part.boxes)


@lru_cache(maxsize=16)
def _packed(tiles: Path, boxes: tuple[Box, ...]) -> bytes:
    from varangian.engines.routing.tiles_clip import clip

    return clip(tiles, boxes, most_bytes=MOST_BYTES)
