"""When and where a report matters: what the source said, else the documented defaults, flagged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from varangian.engines.corridor import Area, Box, Disc, Hazard, Shape
from varangian.intelligence.feeds.records import HazardReport
from varangian.kernel.windows import TimeWindow


@dataclass(frozen=True, slots=True)
class Relevance:
    """``shape`` None: the source gives no place, so that no movement can be matched.

    ``assumed`` says in words which parts are ours and not the source's.
    """

    window: TimeWindow
    shape: Shape | None
    assumed: tuple[str, ...]


@cache
def defaults() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(Path(__file__).with_name("hazard_defaults.yaml").read_text("utf-8"))


def relevance(report: HazardReport, received_at: datetime) -> Relevance:
    """``received_at`` stands in for the start when the source gives no time at all."""
    rule, assumed = defaults()[report.kind], []
    start = report.onset or report.effective or report.updated_at
    if start is None:
        start = received_at
        assumed.append("start unknown: counted from receipt")
    end = report.expires
    if end is None or end < start:
        base = report.updated_at if rule["counts_from"] == "update" else start
        base = max(start, base or start)
        end = base + timedelta(hours=rule["hours"])
        assumed.append(f"end unknown: {rule['hours']} h from the {rule['counts_from']} assumed")
    shape = _shape(report, rule, assumed)
    return Relevance(TimeWindow(start, end), shape, tuple(assumed))


def hazard_of(report: HazardReport, received_at: datetime) -> Hazard | None:
    """What the corridor engine takes; None when the source gives no place."""
    found = relevance(report, received_at)
    if found.shape is None:
        return None
    return Hazard(report.native_id, report.kind, found.window, found.shape)


def _shape(report: HazardReport, rule: dict[str, Any], assumed: list[str]) -> Shape | None:
    place = report.geometry
    if place.polygons:
        return Area(place.polygons)
    if place.point is not None:
        km = place.radius_km
        if not km:
            km = _radius(report, rule)
            assumed.append(f"extent unknown: {km:g} km about the point assumed")
        return Disc(*place.point, km)
    if report.extent is not None:
        assumed.append("place unknown: the frame of the source's map assumed")
        return Box(*report.extent)
    return None


def _radius(report: HazardReport, rule: dict[str, Any]) -> float:
    km = float(rule["radius_km"])
    if report.magnitude is not None:
        for least, reach in rule.get("radius_by_magnitude", ()):
            if report.magnitude >= least:
                km = float(reach)
    return km
