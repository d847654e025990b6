"""Drawing one way out of a plan. Nothing here remembers what was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from varangian.kernel.results import Refused

from .day import Day
from .model import Departure, Mix, Route


class Random(Protocol):
    """``random.SystemRandom()`` for life; a seeded one for tests and exercises only."""

    def random(self) -> float: ...


@dataclass(frozen=True)
class Choice:
    """What is driven: from which plan, which leg of it, route, slot, doors and car."""

    plan: str
    leg: int
    route: str
    edges: tuple[int, ...]
    at_s: float
    doors: tuple[str, str] = ("", "")
    car: str = ""

    def shape(self) -> dict[str, Any]:
        """Plain data, the same for the same choice: what is sealed."""
        return {**asdict(self), "edges": list(self.edges), "doors": list(self.doors)}


def draw(mix: Mix, random: Random, cars: Mapping[str, float] | None = None) -> Choice:
    """One choice with the chances of the plan; ``cars`` have their shares."""
    return _choice(mix.key, 1, mix.routes, mix.departures, cars or {}, random)


def draw_day(day: Day, random: Random) -> tuple[Choice, ...]:
    """One choice for every leg that has a way; legs are drawn apart from each other."""
    key = day.key
    return tuple(
        _choice(key, leg.number, leg.routes, leg.departures, leg.cars, random)
        for leg in day.legs
        if not leg.blocked
    )


def _choice(
    plan: str,
    leg: int,
    routes: Sequence[Route],
    departures: Sequence[Departure],
    cars: Mapping[str, float],
    random: Random,
) -> Choice:
    if not departures:
        raise Refused("This plan has nothing to draw from", f"leg {leg}", "Plan it again.")
    drawn = _pick(departures, [d.probability for d in departures], random)
    route = routes[drawn.route]
    car = _pick(list(cars), list(cars.values()), random) if cars else ""
    return Choice(plan, leg, route.key, route.edges, drawn.at_s, route.doors, car)


def _pick[T](things: Sequence[T], chances: Sequence[float], random: Random) -> T:
    left = random.random() * sum(chances)
    for thing, chance in zip(things, chances, strict=True):
        left -= chance
        if left < 0:
            return thing
    return things[max(range(len(things)), key=lambda i: chances[i])]
