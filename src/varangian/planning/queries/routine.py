"""How guessable a principal's routine is, from the legs of the last weeks."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.engines.routine import Observation, Report, predictability
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.principals import queries as principals

from ..models import WayTaken

MADE = ("under_way", "arrived", "complete", "diverted")
MOST_WEEKS = 52
LEVELS = 3


@dataclass(frozen=True)
class Journey:
    """One leg that was made, on the clock where it began."""

    movement: Any
    at: datetime
    way: WayTaken | None

    @property
    def route(self) -> str:
        return self.way.route if self.way else ""

    @property
    def entrance(self) -> str:
        return self.way.entrance if self.way else ""

    @property
    def destination(self) -> str:
        place = self.movement.destination
        return place.name if place else ""


@dataclass(frozen=True)
class Cell:
    count: int
    level: int
    """0 to 3, by share of the fullest cell."""
    top: bool


@dataclass(frozen=True)
class Routine:
    """``private`` and ``unconfirmed``: legs left out, since they lie in a privacy window or nobody
    has reported them as made."""

    weeks: int
    report: Report
    journeys: list[Journey]
    private: int
    unconfirmed: int
    hours: list[int]
    grid: list[tuple[str, list[Cell]]]


def principal_to_judge(actor: Actor, slug: str) -> Any:
    principal = principals.principal(actor, slug)
    require(actor, "routine.view", principal.compartment_id)
    return principal


def routine(actor: Actor, principal: Any, *, weeks: int = 8, slot_minutes: int = 30) -> Routine:
    """From the operations that this person may see."""
    require(actor, "routine.view", principal.compartment_id)
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(f"A routine is judged over 1 to {MOST_WEEKS} weeks", where="weeks")
    until = now()
    legs = operations.movements(actor).filter(
        operation__principal=principal,
        starts__gte=until - timedelta(weeks=weeks),
        starts__lt=until,
    )
    moved = [leg for leg in legs if not leg.is_stay and leg.state != "cancelled"]
    spans = principals.private_spans(principal.pk)
    open_ = [leg for leg in moved if not _private(leg, spans)]
    made = [leg for leg in open_ if leg.state in MADE]
    ways = {
        way.movement_id: way
        for way in WayTaken.objects.visible_to(actor).filter(movement__in=[m.pk for m in made])
    }
    journeys = sorted(
        (Journey(leg, leg.starts.astimezone(ZoneInfo(leg.zone)), ways.get(leg.pk)) for leg in made),
        key=lambda one: one.at,
        reverse=True,
    )
    seen = [Observation(j.at, j.route, j.entrance, j.destination) for j in journeys]
    report = predictability(seen, now=until, days=weeks * 7, slot_minutes=slot_minutes)
    private, silent = len(moved) - len(open_), len(open_) - len(made)
    return Routine(weeks, report, journeys, private, silent, *_grid(journeys))


def _private(leg: Any, spans: list[tuple[datetime, datetime]]) -> bool:
    ends = leg.ends or leg.starts
    return any(starts <= ends and leg.starts < until for starts, until in spans)


def _grid(journeys: list[Journey]) -> tuple[list[int], list[tuple[str, list[Cell]]]]:
    """Weekday by hour of the beginning, only the hours between the first and the last."""
    from varangian.engines.routine.engine import WEEKDAYS

    counts = Counter((one.at.weekday(), one.at.hour) for one in journeys)
    if not counts:
        return [], []
    hours = list(range(min(h for _, h in counts), max(h for _, h in counts) + 1))
    most = max(counts.values())
    rows = [
        (
            day,
            [
                Cell(n, -(-n * LEVELS // most), n == most)
                for n in (counts[number, hour] for hour in hours)
            ],
        )
        for number, day in enumerate(WEEKDAYS)
    ]
    return hours, rows
