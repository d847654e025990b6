"""Risks, measures, wishes, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from varangian.kernel.results import Refused

Axis = Literal["money", "hours"]
Resource = Literal["money", "hours", "people", "discomfort"]
RESOURCES: tuple[Resource, ...] = ("money", "hours", "people", "discomfort")
MOST_STEP = 5


@dataclass(frozen=True, slots=True)
class Risk:
    """A line of the register before any measure: steps 1 to 5."""

    id: str
    likelihood: int
    impact: int


@dataclass(frozen=True, slots=True)
class Measure:
    """``lowers``: risk to steps of (likelihood, impact), each 0 or more. ``money`` in minor units,
    ``hours`` in tenths of a person-hour, ``people`` whole, ``discomfort`` 0 to 3; None is unknown.
    ``kept``: in place or agreed. ``wall``: why it cannot be in, such as the principal's word.
    ``needs``: ids that must be in with it; ``excludes``: ids that must not."""

    id: str
    lowers: Mapping[str, tuple[int, int]]
    money: int | None = None
    hours: int | None = None
    people: int | None = None
    discomfort: int | None = None
    kept: bool = False
    wall: str = ""
    needs: frozenset[str] = frozenset()
    excludes: frozenset[str] = frozenset()

    def takes(self, resource: Resource) -> int | None:
        """What it would take from now: nothing of a kept one but its discomfort."""
        if self.kept and resource != "discomfort":
            return 0
        return getattr(self, resource)


@dataclass(frozen=True, slots=True)
class Limits:
    """None is no limit. ``discomfort`` in all, ``each`` of any one measure not yet kept."""

    money: int | None = None
    hours: int | None = None
    people: int | None = None
    discomfort: int | None = None
    each: int | None = None

    def of(self, resource: Resource) -> int | None:
        return getattr(self, resource)


@dataclass(frozen=True, slots=True)
class Problem:
    """``must``: ids wished in. ``axis``: the cost of the frontier. ``most_steps``: of likelihood
    and of impact, that measures together count for on one risk."""

    risks: tuple[Risk, ...]
    measures: tuple[Measure, ...]
    limits: Limits = Limits()
    must: frozenset[str] = frozenset()
    axis: Axis = "money"
    most_steps: tuple[int, int] = (4, 4)

    def check(self) -> None:
        risks, measures = [r.id for r in self.risks], [m.id for m in self.measures]
        for ids, words in ((risks, "risk"), (measures, "measure")):
            if len(set(ids)) != len(ids):
                twice = next(name for name in ids if ids.count(name) > 1)
                raise Refused(f"A {words} is named twice", where=twice)
        for risk in self.risks:
            if not (1 <= risk.likelihood <= MOST_STEP and 1 <= risk.impact <= MOST_STEP):
                raise Refused("A risk stands outside of the matrix", risk.id, "Steps are 1 to 5.")
        for measure in self.measures:
            self._check(measure, set(risks), set(measures))
        if unknown := self.must - set(measures):
            raise Refused("There is no such measure", where=", ".join(sorted(unknown)))

    def _check(self, measure: Measure, risks: set[str], measures: set[str]) -> None:
        if unknown := set(measure.lowers) - risks:
            raise Refused("A measure lowers what is not there", where=min(unknown))
        if unknown := (measure.needs | measure.excludes) - measures:
            raise Refused(f"{measure.id} names a measure that is not there", where=min(unknown))
        amounts = [getattr(measure, name) for name in RESOURCES]
        steps = [step for pair in measure.lowers.values() for step in pair]
        if any(value is not None and value < 0 for value in (*amounts, *steps)):
            raise Refused("Costs and steps are not below zero", where=measure.id)


@dataclass(frozen=True, slots=True)
class Point:
    """One set: what it takes from now on of each resource, as far as known, and what it leaves.
    ``unknown``: how many of its measures do not say what they take, by resource."""

    chosen: frozenset[str]
    residual: int
    takes: Mapping[Resource, int]
    unknown: Mapping[Resource, int]


@dataclass(frozen=True, slots=True)
class Reason:
    """``chosen`` and why, or why not. ``gain``: points that would be left more without it, with
    those that need it out too; for one that is out, points that it would lower on top."""

    id: str
    chosen: bool
    gain: int
    words: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The fewest wishes that do not go together, in words; all smaller subsets do."""

    wishes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``before``: residual of what is kept alone. ``best`` is None when there is a ``conflict``.
    ``frontier`` by rising cost, its first point what the wishes force anyway; ``proven``: no set
    leaves less risk; ``frontier_proven``: no set beats a point of it."""

    before: int
    best: Point | None
    frontier: tuple[Point, ...] = ()
    reasons: tuple[Reason, ...] = ()
    conflict: Conflict | None = None
    proven: bool = True
    frontier_proven: bool = True
    notes: tuple[str, ...] = field(default=())
