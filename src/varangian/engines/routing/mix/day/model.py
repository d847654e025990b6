"""A day as it is wished, as it is mixed, and what a new mix may start from."""

from dataclasses import dataclass, field
from typing import Any

from ...graph import Array
from ..joint import Cut, Leg
from ..model import Departure, Forced, Route, Spot, digest
from ..net import Net
from ..programme import Car, Stop


@dataclass(frozen=True)
class Wish:
    """Everything that a day was planned from; enough to plan it again."""

    stops: tuple[Stop, ...]
    cars: tuple[Car, ...]
    budget: float = 1.2
    hold_s: float = 1200.0
    ends_s: float = 90.0
    stretch: float = 1.8
    step_s: float = 600.0
    routes: int = 10
    cell_m: float = 400.0
    grids: int = 4


@dataclass(frozen=True)
class DayLeg:
    """One leg of the plan. ``pool``: all routes thought of, for a new plan when a road closes."""

    number: int
    start: str
    goal: str
    routes: tuple[Route, ...]
    departures: tuple[Departure, ...]
    cars: dict[str, float]
    fastest_s: float
    mean_s: float
    forced: tuple[Forced, ...]
    pool: tuple[tuple[int, ...], ...]
    blocked: str = ""
    """Why no way is left, after a closure; then there are no routes."""
    kept: bool = field(default=False, compare=False)
    """Its chances are those of the plan before: what was drawn from them still holds."""

    def shape(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "from": self.start,
            "to": self.goal,
            "routes": [route.shape() for route in self.routes],
            "departures": [departure.shape() for departure in self.departures],
            "cars": {name: round(share, 6) for name, share in self.cars.items()},
            "fastest_s": round(self.fastest_s, 1),
            "mean_s": round(self.mean_s, 1),
            "forced": [place.shape() for place in self.forced],
            "blocked": self.blocked,
        }


@dataclass(frozen=True)
class Day:
    wish: Wish
    legs: tuple[DayLeg, ...]
    bound: float
    """One place, one window of ``hold_s``, any leg; ends and forced places are staffed."""
    bound_all_day: float
    """For one who stays at his place from morning to night."""
    bound_one_car: float
    """For one who knows one of the cars and acts on that one only."""
    bound_unstaffed: float
    at_ends: float
    time_ratio: float
    worst: Spot | None
    source: dict[str, str]
    seconds: float
    """What the plan took to make."""
    notes: tuple[str, ...] = ()
    warm: "Warm | None" = field(default=None, repr=False, compare=False)
    """What a new plan may start from; a day read back from a record has none and takes longer."""

    @property
    def key(self) -> str:
        return digest([leg.shape() for leg in self.legs])[:16]

    def shape(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "legs": [leg.shape() for leg in self.legs],
            "bound": round(self.bound, 6),
            "bound_all_day": round(self.bound_all_day, 6),
            "bound_one_car": round(self.bound_one_car, 6),
            "bound_unstaffed": round(self.bound_unstaffed, 6),
            "at_ends": round(self.at_ends, 6),
            "time_ratio": round(self.time_ratio, 6),
            "worst": self.worst.shape() if self.worst else None,
            "hold_s": self.wish.hold_s,
            "source": self.source,
            "seconds": round(self.seconds, 2),
            "notes": list(self.notes),
            "words": self.words(),
        }

    def words(self) -> str:
        forced = sum(len(leg.forced) for leg in self.legs)
        said = [
            f"Whoever knows this plan, picks one place and {self.wish.hold_s / 60:.0f} minutes"
            f" meets the car with a chance of at most {self.bound:.2f}"
            f" ({self.bound_all_day:.2f} when he stays all day;"
            f" {self.bound_one_car:.2f} when he knows one car and acts on that one only),"
            f" at {self.time_ratio - 1:+.0%} driving time.",
            f"Staff the doors (chance in one window {self.at_ends:.2f}).",
        ]
        if forced:
            said.append(
                f"Staff {forced} forced stretches as well; unstaffed {self.bound_unstaffed:.2f}."
            )
        said += [
            f"{leg.start} to {leg.goal} is blocked: {leg.blocked}"
            for leg in self.legs
            if leg.blocked
        ]
        return " ".join([*said, *self.notes])


@dataclass(frozen=True)
class Warm:
    """Legs as they were made, their chances, and the windows that were the worst ones."""

    made: tuple["Made", ...]
    chance: dict[int, Array]
    cuts: tuple[Cut, ...]


COLD = Warm((), {}, ())


@dataclass(frozen=True, eq=False)
class Made:
    """The routes of one leg that are mixed, and all that were thought of."""

    number: int
    net: Net
    leg: Leg
    pool: tuple[tuple[int, ...], ...]
