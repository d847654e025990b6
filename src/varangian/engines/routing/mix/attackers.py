"""Observers who learn, against a plan that is kept: a check of the bound, not its proof.

Each watches the journeys of a month and picks a place for the next one. Whatever he has learned,
the next draw is new, so each hit has at most the chance of the bound; the number of hits is then
at most binomial, however he adapts. That makes the limit for ``beaten`` exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom

from varangian.kernel.results import Refused

from ..graph import Array
from .model import Mix

Attacker = Callable[[Array, np.random.Generator], int]
"""From the places met so far, bool[days, places], to the place he picks next."""
SURE = 0.999


def frequency(seen: Array, rng: np.random.Generator) -> int:
    """The place that was met most often so far."""
    often = seen.sum(axis=0)
    return int(rng.choice(np.flatnonzero(often == often.max())))


def quantal(rationality: float = 6.0) -> Attacker:
    """A place the likelier the more often it was met: people err, and err less where it costs."""

    def pick(seen: Array, rng: np.random.Generator) -> int:
        usual = seen.mean(axis=0) if len(seen) else np.zeros(seen.shape[1])
        weight = np.exp(rationality * (usual - usual.max(initial=0)))
        return int(rng.choice(len(weight), p=weight / weight.sum()))

    return pick


def limited(watched: float = 0.3, doubt: float = 1.0) -> Attacker:
    """He saw only some of the journeys, and holds on to the belief that all places are alike."""

    def pick(seen: Array, rng: np.random.Generator) -> int:
        some = seen[rng.random(len(seen)) < watched]
        belief = (some.sum(axis=0) + doubt * 0.5) / (len(some) + doubt)
        return int(rng.choice(np.flatnonzero(belief == belief.max())))

    return pick


def recent(days: int = 5) -> Attacker:
    """He trusts the last days only."""

    def pick(seen: Array, rng: np.random.Generator) -> int:
        return frequency(seen[-days:], rng)

    return pick


ATTACKERS: dict[str, Attacker] = {
    "frequency": frequency,
    "quantal": quantal(),
    "limited": limited(),
    "recent": recent(),
}


@dataclass(frozen=True)
class Trial:
    attacker: str
    attempts: int
    hits: int
    bound: float
    most: int
    """Hits that a bound which holds exceeds once in a thousand trials."""

    @property
    def beaten(self) -> bool:
        return self.hits > self.most

    def shape(self) -> dict[str, Any]:
        return {
            "attacker": self.attacker,
            "attempts": self.attempts,
            "hits": self.hits,
            "rate": round(self.hits / self.attempts, 4),
            "bound": round(self.bound, 4),
            "most": self.most,
            "beaten": self.beaten,
        }


def month(
    mix: Mix,
    attacker: str,
    *,
    days: int = 30,
    months: int = 20,
    seed: int = 0,
    bound: float | None = None,
) -> Trial:
    """One journey a day; each month he begins anew. He stays at his place all the time."""
    pick = ATTACKERS.get(attacker)
    if pick is None:
        raise Refused("There is no such attacker", attacker, f"One of {', '.join(ATTACKERS)}.")
    if days < 1 or months < 1:
        raise Refused("No day to simulate", mend="At least one day and one month.")
    limit = mix.bound_all_day if bound is None else bound
    met = incidence(mix)
    chance = np.array([route.probability for route in mix.routes])
    rng, hits = np.random.default_rng(seed), 0
    for _ in range(months):
        driven = met[rng.choice(len(chance), size=days, p=chance / chance.sum())]
        for day in range(days):
            hits += int(met.shape[1] > 0 and driven[day, pick(driven[:day], rng)])
    attempts = days * months
    return Trial(attacker, attempts, hits, limit, int(binom.ppf(SURE, attempts, min(limit, 1.0))))


def incidence(mix: Mix) -> Array:
    """bool[routes, places]: who stands there meets that route."""
    places = sorted({place for route in mix.routes for place in route.places})
    column = {place: index for index, place in enumerate(places)}
    met = np.zeros((len(mix.routes), len(places)), dtype=bool)
    for row, route in enumerate(mix.routes):
        met[row, [column[place] for place in route.places]] = True
    return met
