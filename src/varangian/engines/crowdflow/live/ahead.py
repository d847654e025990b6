"""What comes next in a zone: an ensemble of guesses, weighed by what the counters said.

Each member has its own memory for the rate of arrivals, its own time that people stay, and its own
number of people still to come. Every step weighs the members by how well they foretold the entries.
The rate itself is not guessed: given its memory a member knows it as a gamma distribution, from
which each forecast draws (a Rao-Blackwell particle filter).

The middle is drawn towards "nothing changes" by ``TRUST``: on 29 recorded runs that took a further
sixth off the error, and the best value was the same whichever run was left out.
"""

from typing import Any, NamedTuple

import numpy as np

MEMBERS = 300
SHORTEST, LONGEST = 4.0, 12.0
"""Steps over which a member remembers."""
FORGETS = 0.9
ODD = 1.5
"""People come in groups: their counts scatter by this factor more than single ones."""
TRUST = 0.6
FEWEST_STAY = 4.0
ENDED = 0.05
"""People a step that still come when all are there."""
KEPT = 720


class Soon(NamedTuple):
    """People; one in ten below ``low``, one in ten above ``high``."""

    low: float
    people: float
    high: float


class When(NamedTuple):
    """Seconds until the threshold: one in ten sooner than ``early``. Infinite where most of the
    ensemble never reaches it; ``share`` of it does."""

    early: float
    middle: float
    late: float
    share: float


class Ahead:
    """``every``: seconds a step. ``expected``: how many will come in all, give or take the share
    ``give``. ``stay``: seconds inside until the first have left; None when it is not known."""

    def __init__(
        self,
        every: float,
        *,
        expected: float | None = None,
        give: float = 0.1,
        stay: float | None = None,
        seed: int = 1,
    ) -> None:
        self.every, self.expected, self.give = every, expected, max(give, 0.01)
        self.stay = None if stay is None else stay / every
        self.rng = rng = np.random.default_rng(seed)
        self.memory = np.exp(rng.uniform(np.log(SHORTEST), np.log(LONGEST), MEMBERS))
        self.stays = np.exp(rng.normal(0, 0.1, MEMBERS))
        self.shape = np.full(MEMBERS, 0.5)
        self.rate = np.full(MEMBERS, 0.5)
        self.weight = np.zeros(MEMBERS)
        self.total = self._totals(MEMBERS)
        self.came: list[float] = [0.0]
        self.went: list[float] = [0.0]

    def _totals(self, count: int) -> np.ndarray:
        if self.expected is None:
            return np.full(count, np.inf)
        return self.expected * np.exp(self.rng.normal(0, self.give, count))

    @property
    def inside(self) -> float:
        return self.came[-1] - self.went[-1]

    def step(self, came: float, went: float) -> None:
        came, went = max(float(came), 0.0), max(float(went), 0.0)
        self.came.append(self.came[-1] + came)
        self.went.append(self.went[-1] + went)
        if len(self.came) > KEPT:
            del self.came[0], self.went[0]
        if self.came[-1] == 0:
            return
        told = np.where(self.came[-2] >= self.total, ENDED, self.shape / self.rate)
        self.weight = self.weight * FORGETS + (came * np.log(told) - told) / ODD
        fading = 1 - 1 / self.memory
        self.shape = np.maximum(self.shape * fading + came, ENDED)
        self.rate = self.rate * fading + 1
        low = self.total < self.came[-1]
        if low.any():
            self.total[low] = np.maximum(self._totals(int(low.sum())), self.came[-1])

    def _weights(self) -> np.ndarray:
        found = np.exp(self.weight - self.weight.max())
        return found / found.sum()

    def _oldest(self) -> float:
        """Steps since those came in who went out last; infinite before anybody has."""
        if self.went[-1] <= 0:
            return self.stay if self.stay is not None else float("inf")
        came = np.array(self.came)
        return max(FEWEST_STAY, len(came) - 1 - float(np.searchsorted(came, self.went[-1])))

    def ways(self, steps: np.ndarray) -> np.ndarray:
        """People inside by member and step from now."""
        came, last = np.array(self.came), len(self.came) - 1
        rate = self.rng.gamma(self.shape, 1 / self.rate)[:, None]
        top = np.maximum(self.total, came[-1])[:, None]
        stays = self._oldest() * self.stays[:, None]
        entered = np.minimum(came[-1] + rate * steps, top)
        if not np.isfinite(stays).all():
            return np.maximum(entered - self.went[-1], 0.0)
        back = last + steps - stays
        past = np.interp(back, np.arange(last + 1), came)
        coming = np.minimum(came[-1] + rate * (back - last), top)
        gone = np.maximum(np.where(back <= last, past, coming), self.went[-1])
        return np.maximum(entered - gone, 0.0)

    def soon(self, seconds: float, inside: float | None = None) -> Soon:
        """``inside``: the occupancy that counts, when it is known better than by these doors."""
        found = self.ways(np.array([seconds / self.every]))[:, 0]
        low, middle, high = _quantiles(found, self._weights())
        now, shift = self.inside, 0.0 if inside is None else inside - self.inside
        people = now + TRUST * (middle - now)
        return Soon(*(max(0.0, v + shift) for v in (min(low, people), people, max(high, people))))

    def when(self, threshold: float, inside: float | None = None, within: float = 1800.0) -> When:
        """Seconds until so many are inside, looked for no farther than ``within``."""
        steps = np.arange(1, int(within / self.every) + 1, dtype=float)
        shift = 0.0 if inside is None else inside - self.inside
        if self.inside + shift >= threshold:
            return When(0.0, 0.0, 0.0, 1.0)
        reached = self.ways(steps) + shift >= threshold
        first = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf) * self.every
        weights = self._weights()
        early, middle, late = _quantiles(first, weights)
        return When(early, middle, late, float(weights[np.isfinite(first)].sum()))

    def plain(self) -> dict[str, Any]:
        """As JSON; what the seed gives anew is not in it."""
        known = {"shape": self.shape, "rate": self.rate, "weight": self.weight}
        if self.expected is not None:
            known["total"] = self.total
        return {
            "every": self.every, "expected": self.expected, "give": self.give,
            "came": self.came, "went": self.went,
            **{name: [round(float(v), 5) for v in values] for name, values in known.items()},
        }  # fmt: skip

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Ahead":
        made = cls(kept["every"], expected=kept["expected"], give=kept["give"])
        for name in ("shape", "rate", "weight", "total"):
            if name in kept:
                setattr(made, name, np.array(kept[name], float))
        made.came, made.went = list(kept["came"]), list(kept["went"])
        made.rng = np.random.default_rng(len(made.came))
        return made


def _quantiles(values: np.ndarray, weights: np.ndarray) -> list[float]:
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    at = np.searchsorted(below, [0.1, 0.5, 0.9]).clip(0, len(values) - 1)
    return [float(v) for v in values[order][at]]
