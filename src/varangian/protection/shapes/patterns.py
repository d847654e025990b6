"""Patterns of sightings as data, and on the map."""

from typing import Any

from varangian.engines.sightings import Pattern

from ..models import FieldReport, PatternVerdict
from ..queries.machines import MachineSighting
from ..queries.patterns import Found


def pattern_shape(found: Found, pattern: Pattern) -> dict[str, Any]:
    verdict = found.verdicts.get(pattern.name)
    return pattern.shape() | {
        "state": found.state(pattern),
        "sources": [_source(found.reports[pk]) for pk in pattern.sightings],
        "verdict": verdict_shape(verdict) if verdict else None,
    }


def _source(one: FieldReport | MachineSighting) -> dict[str, Any]:
    """Who or what saw it: a person of the team, or a machine by its name."""
    machine = isinstance(one, MachineSighting)
    return {"id": str(one.pk), "at": one.at, "by": str(one.person), "machine": machine}


def verdict_shape(row: PatternVerdict) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "verdict": row.verdict,
        "words": row.words,
        "by": str(row.by),
        "at": row.at,
        "sightings": row.sightings,
    }


def features(found: Found) -> list[dict[str, Any]]:
    """Each place of each pattern that is not denied, joined in the order of time."""
    made = []
    for one in found.report.patterns:
        if found.state(one) == "denied":
            continue
        stops = sorted(one.stops, key=lambda stop: stop.first)
        points = [[stop.lon, stop.lat] for stop in stops]
        made.append(_feature("LineString", points, {"kind": "trail", "title": one.name}))
        for point in points:
            about = {"kind": "hazard", "tone": "amber", "title": one.name}
            made.append(_feature("Point", point, about))
    return made


def _feature(kind: str, coordinates: Any, about: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": about}
