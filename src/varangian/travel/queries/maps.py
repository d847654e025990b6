"""Reads of maps: which there are, which covers a journey, and their network and router."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.cache import caches
from django.db.models import QuerySet

from varangian.kernel.geometry import LatLon
from varangian.kernel.results import NotFound, Refused
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, holds
from varangian.platform.access.stage import exercising

from .. import map_files
from ..models import MapFile, RoadMap

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Graph
    from varangian.engines.routing.valhalla import Router


def maps(actor: Actor) -> QuerySet[RoadMap]:
    return RoadMap.objects.visible_to(actor).select_related("built_by")


def road_map(actor: Actor, pk: UUID) -> RoadMap:
    found = maps(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such map, or it is not yours to see", where=str(pk))
    return found


def map_named(actor: Actor, slug: str) -> RoadMap:
    found = maps(actor).filter(slug=slug).first()
    if found is None:
        mend = "See varangian map list."
        raise NotFound("There is no such map, or it is not yours to see", where=slug, mend=mend)
    return found


def ready(actor: Actor) -> QuerySet[RoadMap]:
    return maps(actor).filter(state=RoadMap.State.READY)


def covering(actor: Actor, points: Sequence[LatLon]) -> RoadMap | None:
    """The map with the newest data that holds all of these points."""
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = min(lon for _, lon in points), max(lon for _, lon in points)
    around = ready(actor).filter(west__lte=west, east__gte=east, south__lte=south, north__gte=north)
    return max(around, key=lambda row: (str(row.data_date or ""), row.asked_at), default=None)


def files(actor: Actor, found: RoadMap) -> QuerySet[MapFile]:
    return MapFile.objects.visible_to(actor).filter(road_map=found)


def file(actor: Actor, found: RoadMap, kind: str) -> Path:
    """On this machine; unpacked from where all machines keep it when it is not there yet."""
    row = files(actor, found).select_related("road_map").filter(kind=kind).first()
    if row is None:
        words = MapFile.Kind(kind).label.lower()
        raise Refused(f"This map has no {words}", where=found.name, mend="Build it again.")
    return map_files.at_hand(row)


def network(actor: Actor, found: RoadMap) -> "Graph":
    return _network(file(actor, found, MapFile.Kind.NETWORK))


@lru_cache(maxsize=3)
def _network(path: Path) -> "Graph":
    from varangian.engines.routing import store

    return store.read(path)


def router(actor: Actor, found: RoadMap) -> "Router":
    return _router(file(actor, found, MapFile.Kind.ROUTING))


@lru_cache(maxsize=3)
def _router(tar: Path) -> "Router":
    from varangian.engines.routing.valhalla import Router
    from varangian.engines.routing.valhalla_tiles import configure

    config = tar.with_suffix(".json")
    configure(tar, config)
    map_files.owned(config)
    return Router(config)


def tiles_shown(actor: Actor) -> list[MapFile]:
    """Tiles of ready maps, the oldest data first: the newest lie on top. Who does not plan gets
    those that hold a place of their own operations, and no others."""
    found = MapFile.objects.visible_to(actor, "map.see").filter(kind=MapFile.Kind.TILES)
    ready_ = found.filter(road_map__state=RoadMap.State.READY, road_map__west__isnull=False)
    rows = list(ready_.select_related("road_map").order_by("road_map__data_date", "pk"))
    if actor.is_system or holds(actor, "map.view"):
        return rows
    near = _kept(actor, lambda: [row.pk for row in rows if _goes_there(row.road_map, actor)])
    return [row for row in rows if row.pk in near]


def tiles_of(actor: Actor, pk: UUID) -> MapFile:
    found = next((row for row in tiles_shown(actor) if row.road_map_id == pk), None)
    if found is None:
        raise NotFound("There is no such map, or it is not yours to see", where=str(pk))
    return found


def _kept(actor: Actor, work: Callable[[], list[int]]) -> set[int]:
    """For a minute: a map on a screen asks for its tiles piece by piece."""
    kept = caches["near"].get_or_set(f"ground:{exercising()}:{actor.pk}", work, timeout=60)
    return set(kept or ())


def _goes_there(road_map: RoadMap, actor: Actor) -> bool:
    rows = places.places(actor)
    return any(holds_place(road_map, place.position) for place in rows if place.located)


def holds_place(road_map: RoadMap, place: LatLon) -> bool:
    if road_map.bounds is None:
        return False
    west, south, east, north = road_map.bounds
    lat, lon = place
    return south <= lat <= north and west <= lon <= east
