"""Reads a plan. A bad feature is told with its place and left out; the rest goes on."""

import json
from dataclasses import dataclass, replace
from typing import Any

import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.features import read_feature
from varangian.engines.crowdflow.venue.frame import Frame
from varangian.engines.crowdflow.venue.guess import guess_units
from varangian.engines.crowdflow.venue.model import Finding, Item, Venue
from varangian.engines.crowdflow.venue.profile import Head
from varangian.kernel.results import Refused

MOST_FEATURES = 20_000
MOST_BYTES = 25 * 1024 * 1024
GRID_M = 1e-4


@dataclass(frozen=True)
class Read:
    venue: Venue
    findings: list[Finding]


def read_venue(data: bytes | str | dict[str, Any]) -> Read:
    document = data if isinstance(data, dict) else _parsed(data)
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise Refused("The plan holds no features", "features", "Draw at least one area.")
    if len(features) > MOST_FEATURES:
        mend = f"Keep it under {MOST_FEATURES}: simplify, or split by building."
        raise Refused(f"The plan holds {len(features)} features", "features", mend)
    head = _head(document, features)
    findings: list[Finding] = []
    items: dict[str, Item] = {}
    for number, feature in enumerate(features):
        item = read_feature(feature, f"features[{number}]", findings)
        if item is None:
            continue
        if item.id in items:
            mend = "Give each feature an id of its own."
            what = f"The id {item.id} is used twice; the second is left out"
            findings.append(Finding("id_twice", "fault", what, mend, f"features[{number}]"))
            continue
        items[item.id] = item
    venue = _venue(head, list(items.values()), findings)
    return Read(venue, [_in_metres(finding, venue.frame) for finding in findings])


def _parsed(data: bytes | str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise Refused("The plan is too large", "", "Keep it under 25 MB.")
    try:
        document = json.loads(data)
    except UnicodeDecodeError as error:
        raise Refused("The plan is not UTF-8", "", "Save it again as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}" if line else ""
        raise Refused("The plan is not valid JSON", where, "Export it anew as GeoJSON.") from error
    if not isinstance(document, dict):
        raise Refused("The plan is no GeoJSON object", "", "Start it as a FeatureCollection.")
    return document


def _head(document: dict[str, Any], features: list[Any]) -> Head:
    if "units" not in document:
        looks = guess_units(features)
        guess = f" By its size it looks like {looks}." if looks else ""
        mend = f'Add "units": "metres" (or millimetres, centimetres, feet, degrees).{guess}'
        raise Refused("The plan does not say its units", "units", mend)
    try:
        return Head.model_validate({k: v for k, v in document.items() if k != "features"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        mend = "See varangian crowd schema for what belongs there."
        raise Refused(f"The head of the plan does not fit: {first['msg']}", where, mend) from error


def _snapped(shape: BaseGeometry) -> BaseGeometry:
    """On a grid of a tenth of a millimetre, where cutting one shape out of another cannot fail."""
    snapped = shapely.set_precision(shape, GRID_M)
    return shape if snapped.is_empty else snapped


def _venue(head: Head, items: list[Item], findings: list[Finding]) -> Venue:
    if not items:
        told = findings[0] if findings else None
        raise Refused(
            "Not one feature of the plan can be read" + (f": {told.what}" if told else ""),
            told.where if told else "features",
            told.mend if told else "",
        )
    frame = _frame(head, items)
    in_metres = tuple(Item(i.id, i.kind, _snapped(frame.metres(i.shape)), i.props) for i in items)
    return Venue(head.name, frame, in_metres, head.people, head.jurisdiction, head.claims)


def _in_metres(finding: Finding, frame: Frame) -> Finding:
    if finding.at is None:
        return finding
    at = frame.metres(shapely.Point(finding.at))
    return replace(finding, at=(round(at.x, 2), round(at.y, 2)))


def _frame(head: Head, items: list[Item]) -> Frame:
    if head.units != "degrees":
        return Frame(head.units, head.origin, head.bearing)
    west, south, east, north = shapely.total_bounds([item.shape for item in items])
    if west < -180 or east > 180 or south < -90 or north > 90:
        mend = 'Say "units": "metres" if this is a drawing, or correct the coordinates.'
        raise Refused("The plan says degrees, but has coordinates off the globe", "units", mend)
    return Frame("degrees", (float(west + east) / 2, float(south + north) / 2))
