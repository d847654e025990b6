"""How far what was really driven went back to a favourite, against what the plan allows.

Judged are places and routes. Who drove is no input: drivers are not compared.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log2
from typing import Any

from scipy.stats import binom

from .model import Mix

FEWEST = 6
SURE = 0.01
"""A plan that is kept gives a false warning at most so often at each look."""


@dataclass(frozen=True)
class Drift:
    """``None`` where too few journeys are known to say anything."""

    journeys: int
    outside: int
    """Journeys on a way that the plan does not have."""
    most: float | None
    """Share of the journeys that passed the place used most, ends and forced places aside."""
    place: int | None
    bound: float
    entropy: float | None
    """Bits of the choice of routes, corrected for few journeys (Miller and Madow)."""
    planned: float
    gap: float | None
    favourite: str | None
    warning: str

    def shape(self) -> dict[str, Any]:
        return {
            "journeys": self.journeys,
            "outside": self.outside,
            "most": None if self.most is None else round(self.most, 4),
            "bound": round(self.bound, 4),
            "entropy": None if self.entropy is None else round(self.entropy, 3),
            "planned": round(self.planned, 3),
            "gap": None if self.gap is None else round(self.gap, 3),
            "favourite": self.favourite,
            "warning": self.warning,
        }


def drift(history: Sequence[str], mix: Mix, *, last: int = 30) -> Drift:
    """The last journeys, oldest first, as keys of routes; other words are ways of their own.

    Warned is when a place was passed, or a route taken, more often than chance explains.
    """
    seen = list(history)[-last:] if last > 0 else []
    routes = {route.key: route for route in mix.routes}
    planned = _bits([route.probability for route in mix.routes])
    outside = sum(key not in routes for key in seen)
    bound = mix.bound_all_day
    if len(seen) < FEWEST:
        words = f"Not enough to say: {len(seen)} journeys are known, at least {FEWEST} are needed."
        return Drift(len(seen), outside, None, None, bound, None, planned, None, None, words)
    taken = Counter(seen)
    favourite = max(taken, key=lambda key: (taken[key], key))
    passed = Counter(place for key in seen if key in routes for place in routes[key].places)
    place, often = max(passed.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
    entropy = _bits([n / len(seen) for n in taken.values()])
    entropy += (len(taken) - 1) / (2 * len(seen) * log(2))
    return Drift(
        journeys=len(seen),
        outside=outside,
        most=often / len(seen),
        place=place,
        bound=bound,
        entropy=entropy,
        planned=planned,
        gap=max(0.0, planned - entropy),
        favourite=favourite,
        warning=_warning(mix, seen, passed, taken, outside),
    )


def _warning(
    mix: Mix, seen: list[str], passed: Counter[int], taken: Counter[str], outside: int
) -> str:
    count, said = len(seen), []
    chance: dict[int, float] = {}
    for route in mix.routes:
        for place in route.places:
            chance[place] = chance.get(place, 0.0) + route.probability
    tests = max(1, len({tuple(p in r.places for r in mix.routes) for p in chance}))
    over = [p for p in passed if _beyond(passed[p], count, chance[p], tests)]
    if over:
        worst = max(over, key=lambda p: (passed[p] - count * chance[p], p))
        said.append(
            f"One place was passed on {passed[worst]} of {count} journeys; the plan means"
            f" {chance[worst] * count:.0f}."
        )
    said += [
        f"Route {route.key} was taken {taken[route.key]} times of {count};"
        f" the plan means {route.probability * count:.0f}."
        for route in mix.routes
        if _beyond(taken[route.key], count, route.probability, len(mix.routes))
    ]
    if outside:
        said.append(f"{outside} of {count} journeys went a way that the plan does not have.")
    if said:
        said.append("Habit is back: drive what was drawn, or plan again.")
    return " ".join(said)


def _beyond(times: int, count: int, chance: float, tests: int) -> bool:
    return bool(binom.sf(times - 1, count, min(chance, 1.0)) < SURE / tests / 2)


def _bits(shares: Sequence[float]) -> float:
    return -sum(p * log2(p) for p in shares if p > 0)
