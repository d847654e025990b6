"""What is asked of a cover plan and what it answers. Metres and seconds of the venue's plan."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from varangian.engines.crowdflow.cover.weights import Weights
from varangian.kernel.results import Refused

MOST_POSTS, MOST_CANDIDATES = 100, 200
At = tuple[int, float, float]
"""Level, x, y."""


@dataclass(frozen=True)
class Ask:
    """``posts``: how many more than those drawn; else the fewest that see ``share`` of the weight.

    ``reach``: metres at which an officer still watches hands. ``twice``: two officers see each
    place that counts at least half as much as the weightest. ``doors_open``: else one does not see
    through a door, as it may be shut. ``at``: candidate places; else they are spread.
    """

    posts: int | None = None
    share: float | None = None
    reach: float = 25.0
    twice: bool = False
    doors_open: bool = False
    candidates: int = 60
    at: tuple[At, ...] = ()
    seed: int = 1
    seconds: float = 20.0
    weights: Weights = field(default_factory=Weights)

    def refuse(self) -> None:
        if (self.posts is None) == (self.share is None):
            mend = "Give one of the two."
            raise Refused("Say how many posts, or which share they are to see", "posts", mend)
        if self.posts is not None and not 0 <= self.posts <= MOST_POSTS:
            raise Refused(f"{self.posts} more posts", "posts", f"Give 0 to {MOST_POSTS}.")
        if self.share is not None and not 0 < self.share <= 1:
            raise Refused(f"A share of {self.share:g}", "share", "Give 0.01 to 1.")
        if not 1 <= self.reach <= 200:
            raise Refused(f"A reach of {self.reach:g} m", "reach", "Give 1 to 200 m.")
        if not 1 <= self.candidates <= MOST_CANDIDATES or len(self.at) > MOST_CANDIDATES:
            mend = f"Give 1 to {MOST_CANDIDATES}."
            raise Refused("As many candidate places cannot be weighed", "candidates", mend)
        self.weights.refuse()


@dataclass(frozen=True)
class Part:
    """A piece of what the principal does: a way, a stay, or a way out when something happens."""

    id: str
    name: str
    what: str
    """way, rope, stay, stage or out."""


@dataclass(frozen=True)
class Being:
    """Where the principal is, spell by spell: arrays of one length, in the order of time."""

    parts: tuple[Part, ...]
    part: np.ndarray
    level: np.ndarray
    xy: np.ndarray
    quick: np.ndarray
    slow: np.ndarray
    """Seconds at each place: at a brisk and at a slow pace."""
    metres: np.ndarray
    """From the start of its part."""
    notes: tuple[str, ...]

    def only(self, chosen: np.ndarray) -> "Being":
        return Being(
            self.parts, self.part[chosen], self.level[chosen], self.xy[chosen], self.quick[chosen],
            self.slow[chosen], self.metres[chosen], self.notes,
        )  # fmt: skip


@dataclass(frozen=True)
class Post:
    """``seen``: share of all weight that it sees; ``alone``: of what no other post sees, by place.
    ``drawn``: it stood on the plan already."""

    id: str
    name: str
    level: int
    at: tuple[float, float]
    drawn: bool
    seen: float
    seen_alone: float
    alone: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Unseen:
    """A place that nobody watches, and why not."""

    name: str
    level: int
    at: tuple[float, float]
    share: float
    why: str


@dataclass(frozen=True)
class Cover:
    """``seen`` and ``seen_twice``: shares of the weight. ``at_most``: no choice of as many posts
    from these candidates sees more; equal to ``seen`` where that is proved (``proved``)."""

    posts: tuple[Post, ...]
    seen: float
    seen_twice: float
    at_most: float
    proved: bool
    greedy: float
    places: int
    candidates: int
    unseen: tuple[Unseen, ...]
    words: str
    notes: tuple[str, ...]
    inputs: dict[str, Any]
    shade: dict[int, list[list[tuple[float, float]]]]
    """Level -> rings of the floor that is seen."""


@dataclass(frozen=True)
class Stretch:
    """Of the principal's way, in view. ``metres``: from and to, of its part; None of a stay."""

    part: str
    name: str
    metres: tuple[float, float] | None
    level: int
    line: tuple[tuple[float, float], ...]
    seconds: tuple[float, float]
    """Quick and slow."""


@dataclass(frozen=True)
class Overlooked:
    """A place that was drawn, in the order of the plan; how much of the way is in view from it."""

    id: str
    name: str
    use: str
    level: int
    seconds: tuple[float, float]
    share: float


@dataclass(frozen=True)
class Lower:
    """Something that lowers it: what to do, seconds in view then, seconds saved (slow pace)."""

    what: str
    how: str
    seconds: tuple[float, float]
    saved: float


@dataclass(frozen=True)
class Exposure:
    """``planned`` and ``out``: seconds in view of the planned way and stay, and of the ways out;
    ``whole`` and ``whole_out``: how long they last."""

    planned: tuple[float, float]
    whole: tuple[float, float]
    share: float
    out: tuple[float, float]
    whole_out: tuple[float, float]
    stretches: tuple[Stretch, ...]
    overlooks: tuple[Overlooked, ...]
    lowers: tuple[Lower, ...]
    words: str
    notes: tuple[str, ...]
