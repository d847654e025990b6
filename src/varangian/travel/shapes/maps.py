"""Maps as the API and the command line say them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from varangian.kernel.clock import now

from ..map_rules import age_tone, age_words
from ..models import MapFile, RoadMap
from ..services.maps import silent


def map_shape(record: RoadMap, files: list[MapFile] | None = None) -> dict[str, Any]:
    found = {
        "id": str(record.pk),
        "slug": record.slug,
        "name": record.name,
        "state": record.state,
        "step": record.step,
        "words": record.words,
        "bounds": record.bounds,
        "data_date": record.data_date.isoformat() if record.data_date else None,
        "data_age": age_words(record.data_date, now().date()),
        "licence": record.licence,
        "digest": record.digest,
        "bytes": record.size,
        "counts": record.counts,
        "problems": record.problems,
        "seconds": record.seconds,
        "built_by": str(record.built_by) if record.built_by else None,
        "asked_at": record.asked_at,
        "built_at": record.built_at,
    }
    if files is not None:
        found["files"] = {row.kind: {"bytes": row.size, "sha256": row.sha256} for row in files}
    return found


def shown_shape(record: RoadMap, tiles: MapFile) -> dict[str, Any]:
    """What a screen needs to lay the city over the world map."""
    return {
        "id": str(record.pk),
        "name": record.name,
        "bounds": record.bounds,
        "data_date": record.data_date.isoformat() if record.data_date else None,
        "data_age": age_words(record.data_date, now().date()),
        "licence": record.licence,
        "url": f"{reverse('travel:map_tiles', args=[record.pk])}?v={tiles.sha256[:16]}",
    }


STATE_TONES = {"queued": "grey", "building": "blue", "ready": "green", "failed": "red"}


@dataclass(frozen=True)
class Row:
    """A map as the screens list it."""

    map: RoadMap
    tone: str
    age: str
    age_tone: str
    percent: int
    step: str
    silent: bool
    roads_km: float
    problems: int


def map_row(record: RoadMap) -> Row:
    today = now().date()
    return Row(
        map=record,
        tone=STATE_TONES[record.state],
        age=age_words(record.data_date, today),
        age_tone=age_tone(record.data_date, today),
        percent=round(100 * record.step.get("share", 0)),
        step=record.step.get("words", "Waits for a worker"),
        silent=record.under_way and silent(record),
        roads_km=record.counts.get("km", 0),
        problems=len(record.problems),
    )


def facts(record: RoadMap, files: list[MapFile]) -> dict[str, Any]:
    """What a person looks for first, in their words."""
    counts = record.counts
    rows = [
        ("Roads", f"{counts.get('km', 0):,.0f} km in {counts.get('roads', 0):,} roads"),
        ("Crossings", f"{counts.get('nodes', 0):,}, lights on {counts.get('lights', 0):,} ways in"),
        ("Hospitals, police and other sites", f"{counts.get('sites', 0):,}"),
        ("Buildings drawn", f"{counts.get('drawn_buildings', 0):,}"),
    ]
    return {
        "counts": rows if counts else [],
        "files": [(row.get_kind_display(), size_words(row.size)) for row in files],
        "seconds": record.seconds,
    }


def size_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"


def outline(record: RoadMap) -> list[dict[str, Any]]:
    """The edge of the data, as one feature of a map."""
    if record.bounds is None:
        return []
    west, south, east, north = record.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    facts_ = {"kind": "extent", "title": f"Edge of the map {record.name}"}
    geometry = {"type": "LineString", "coordinates": ring}
    return [{"type": "Feature", "geometry": geometry, "properties": facts_}]
