"""Runs summed up: bands, maps, worst places."""

from dataclasses import dataclass

import numpy as np
import shapely

from varangian.engines.crowdflow.band import Band, band
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.state import Outcome
from varangian.engines.crowdflow.standards.bands import density_band
from varangian.engines.crowdflow.venue.model import Venue

WORST = 5
APART_M = 6.0
WORTH_TELLING = 1.0
NEAR = ("door", "gate", "stair", "stage", "barrier", "queue", "screening")


@dataclass(frozen=True)
class ExitFlow:
    """``minutes``: people a minute, median run."""

    id: str
    people: Band
    minutes: tuple[float, ...]
    outside: bool


@dataclass(frozen=True)
class Place:
    level: int
    at: tuple[float, float]
    near: str
    per_m2: Band
    called: str
    minute: Band
    seconds_above: Band


@dataclass(frozen=True)
class Map:
    """Rows from south to north, columns from west to east; None where there is no floor."""

    level: int
    west: float
    south: float
    cell: float
    peak_p50: list[list[float | None]]
    peak_p90: list[list[float | None]]


@dataclass(frozen=True)
class Answer:
    """Times in seconds from the call to leave."""

    people: int
    runs: int
    cell: float
    half: Band
    t95: Band
    out: Band
    left_inside: Band
    person_minutes_above: Band
    exits: tuple[ExitFlow, ...]
    worst: tuple[Place, ...]
    maps: tuple[Map, ...]
    notes: tuple[str, ...]


def answer(venue: Venue, grid: Grid, people: int, outcomes: list[Outcome]) -> Answer:
    peaks = np.stack([o.peak for o in outcomes])
    p50, p90 = np.quantile(peaks, [0.5, 0.9], axis=0, method="inverted_cdf")
    return Answer(
        people=people,
        runs=len(outcomes),
        cell=round(grid.h, 2),
        half=band([o.time_until(0.5) for o in outcomes], 0),
        t95=band([o.time_until(0.95) for o in outcomes], 0),
        out=band([o.time_until(0.999) for o in outcomes], 0),
        left_inside=band([o.inside[-1] if o.inside[-1] > 0.001 * o.people + 0.5 else 0
                          for o in outcomes], 0),
        person_minutes_above=band([o.person_minutes_above for o in outcomes]),
        exits=tuple(_exit(link.id, link.outside, outcomes) for link in grid.links),
        worst=tuple(_worst(venue, grid, p90, outcomes)),
        maps=tuple(_map(grid, level, p50, p90) for level in grid.rows),
        notes=tuple(_notes(outcomes)),
    )  # fmt: skip


def _exit(name: str, outside: bool, outcomes: list[Outcome]) -> ExitFlow:
    minutes = [o.flow_by_minute.get(name, []) for o in outcomes]
    longest = max(map(len, minutes), default=0)
    table = np.array([m + [0.0] * (longest - len(m)) for m in minutes])
    median = np.median(table, axis=0) if longest else np.array([])
    people = band([o.passed.get(name, 0.0) for o in outcomes], 0)
    return ExitFlow(name, people, tuple(round(float(m), 1) for m in median), outside)


def _worst(venue: Venue, grid: Grid, p90: np.ndarray, outcomes: list[Outcome]) -> list[Place]:
    """Where it is above the critical density longest; where it never is, the densest."""
    found: list[Place] = []
    longest = np.median([o.above for o in outcomes], axis=0)
    for k in np.lexsort((-p90, -longest)):
        if len(found) == WORST:
            break
        if p90[k] < WORTH_TELLING:
            continue
        level, x, y = grid.centre(int(k))
        if any(p.level == level and np.hypot(x - p.at[0], y - p.at[1]) < APART_M for p in found):
            continue
        density = band([float(o.peak[k]) for o in outcomes])
        minute = band([float(o.when[k]) / 60 for o in outcomes])
        above = band([float(o.above[k]) for o in outcomes], 0)
        near = _near(venue, level, x, y)
        found.append(Place(level, (x, y), near, density, density_band(density.p90), minute, above))
    return found


def _near(venue: Venue, level: int, x: float, y: float) -> str:
    here = [item for item in venue.of(*NEAR) if item.level == level]
    if not here:
        return ""
    away = [item.shape.distance(shapely.Point(x, y)) for item in here]
    return here[int(np.argmin(away))].label


def _map(grid: Grid, level: int, p50: np.ndarray, p90: np.ndarray) -> Map:
    floor = grid.level_array(grid.area, level) > 0

    def rows(values: np.ndarray) -> list[list[float | None]]:
        block = grid.level_array(values, level)
        return [
            [round(float(v), 2) if there else None for v, there in zip(line, ok, strict=True)]
            for line, ok in zip(block, floor, strict=True)
        ]

    return Map(
        level, round(grid.west, 2), round(grid.south, 2), round(grid.h, 3), rows(p50), rows(p90)
    )


def _notes(outcomes: list[Outcome]) -> list[str]:
    notes = []
    stuck = band([o.stuck for o in outcomes], 0)
    if stuck.p90 >= 1:
        notes.append(f"{stuck.p50:.0f} people stand where no way leads out")
    late = sum(np.isnan(o.time_until(0.95)) for o in outcomes)
    if late:
        notes.append(f"In {late} of {len(outcomes)} runs 95 in 100 were not out within an hour")
    return notes
