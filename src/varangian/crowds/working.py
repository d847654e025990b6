"""The computation of one run: from a wish to a result and its film. No database."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from varangian.engines.crowdflow.flow import (
    Answer,
    Film,
    Incident,
    Scenario,
    filmed,
    what_if,
)
from varangian.engines.crowdflow.flow.state import Surge
from varangian.engines.crowdflow.principal import film_bytes, way_maps
from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Refused

from .shapes.plain import json_plain

MOST_PEOPLE, MOST_RUNS = 200_000, 1000
MAPS_SHARE = 0.9


class Cancelled(Exception):
    """Somebody pressed stop."""


@dataclass(frozen=True)
class Wish:
    """``surge_people`` push in at ``surge_gate``; ``incident`` is [x, y] in metres of the plan."""

    people: int
    runs: int = 30
    seed: int = 1
    blocked: list[str] = field(default_factory=list)
    surge_gate: str = ""
    surge_people: int = 0
    incident: list[float] = field(default_factory=list)
    incident_level: int = 0
    start_low: float = 10.0
    start_high: float = 90.0

    def refuse(self, venue: Venue) -> None:
        if not 1 <= self.people <= MOST_PEOPLE:
            mend = f"Give 1 to {MOST_PEOPLE:,} people."
            raise Refused(f"{self.people:,} people cannot be simulated", "people", mend)
        if not 1 <= self.runs <= MOST_RUNS:
            raise Refused(f"{self.runs} runs", "runs", f"Give 1 to {MOST_RUNS:,}.")
        ways = {way.id for way in (*venue.doors, *venue.of("stair"))}
        for name in set(self.blocked) - ways:
            raise Refused(f"There is no door, gate or stair {name}", "blocked", "See the plan.")
        if self.surge_gate and self.surge_gate not in ways:
            raise Refused(f"There is no gate {self.surge_gate}", "surge_gate", "See the plan.")
        if self.incident and len(self.incident) != 2:
            raise Refused("This is no place", "incident", "Give x and y in metres.")

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def something_happens(self) -> bool:
        return bool(self.blocked or self.surge_gate or self.incident)

    @property
    def scenario(self) -> Scenario:
        surge = Surge(self.surge_gate, self.surge_people) if self.surge_gate else None
        at = tuple(self.incident)
        incident = Incident(at, level=self.incident_level) if len(at) == 2 else None  # pyright: ignore
        return Scenario(frozenset(self.blocked), surge, (self.start_low, self.start_high), incident)


@dataclass(frozen=True)
class Made:
    result: dict[str, Any]
    film: bytes
    film_before: bytes = b""


def work(venue: Venue, wish: Wish, tell: Callable[[str, float], None]) -> Made:
    """A run; with something that happens it is also run without, and moves are tried."""
    how = {"runs": wish.runs, "seed": wish.seed}
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        tell("People leave", MAPS_SHARE * done / wish.runs)

    if not wish.something_happens:
        answer, film = filmed(venue, wish.people, scenario=wish.scenario, tell=one, **how)
        tell("Ways of the principal", MAPS_SHARE)
        kept, untold = _film(venue, film, wish)
        return Made({"after": _shape(venue, answer, untold)}, kept)
    found = what_if(
        venue, wish.people, wish.scenario,
        tell=lambda step, share: tell(step, MAPS_SHARE * share), **how,
    )  # fmt: skip
    tell("Ways of the principal", MAPS_SHARE)
    kept, untold = _film(venue, found.after_film, wish)
    result = {
        "before": _shape(venue, found.before),
        "after": _shape(venue, found.after, untold),
        "moves": [asdict(move) for move in found.moves],
        "runs_a_move": found.runs_a_move,
    }
    return Made(result, kept, film_bytes(found.before_film))


def _film(venue: Venue, film: Film, wish: Wish) -> tuple[bytes, list[str]]:
    """With the vehicles and safe rooms to which no way leads, in words."""
    goals = venue.of("vehicle", "safe_room")
    if not goals:
        return film_bytes(film), []
    try:
        maps = way_maps(venue, film, shut=frozenset(wish.blocked))
    except Refused:
        maps = None
    reached = {goal.id for goal in maps.goals} if maps else set()
    lost = [f"No way leads to the {item.label}" for item in goals if item.id not in reached]
    return film_bytes(film, maps), lost


def _shape(venue: Venue, answer: Answer, untold: Sequence[str] = ()) -> dict[str, Any]:
    """The maps are in the film; what is left is figures."""
    shape = json_plain(asdict(answer))
    del shape["maps"]
    shape["notes"] = [*shape["notes"], *untold]
    for place in shape["worst"]:
        place["lonlat"] = venue.frame.lonlat(*place["at"])
    names = {item.id: item.label for item in (*venue.doors, *venue.of("stair"))}
    for door in shape["exits"]:
        door["name"] = names.get(door["id"], door["id"])
    return shape
