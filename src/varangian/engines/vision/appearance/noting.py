"""What each track of a camera looked like: colours by vote over its shots, one small crop.

    looks = Looks()
    for frame, tracked in frames:
        looks.frame = frame
        looks.look(frame.at, tracked)
        for one in looks.taken(): print(one.kind, one.looks)

A crop of a person begins below the head and is small, one of a vehicle is too small for its plate:
neither can be held against a face or a register. There is no crop of somebody who does not stand
upright, of one in front of whose body another's head is, nor of a two-wheeler, which has a rider.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..model import Frame, Tracked
from .colours import UNKNOWN, Colour, Picture, appearance, colour_within
from .kinds import COLOUR

GONE_S, EVERY_S, LEAST_S = 3.0, 0.6, 1.0
"""Unseen for how long a track has ended; how often it is looked at; shorter ones leave nothing."""
HEAD = 0.22
"""Share of an upright person's box, from its top, that no crop shows."""
UPRIGHT = 0.75
"""Width by height, above which a box is of no upright person."""
MOST_HIGH, MOST_WIDE = 96, 160
EDGE_PX = 3.0
MOST_TRACKS = 200
VEHICLES = {"car": "car", "truck": "lorry", "bus": "bus", "motorcycle": "motorcycle"} | {
    "bicycle": "bicycle"
}
"""The detector's kinds as words of the lexicon; it tells a van as a car, a lorry or a bus."""
RIDDEN = frozenset({"motorcycle", "bicycle"})


@dataclass(frozen=True)
class Looked:
    """``looks``: as of `engines.sightings.describe`, known things alone. ``crop``: BGR or None."""

    kind: str
    begun: float
    ended: float
    looks: dict[str, str]
    crop: Picture | None


@dataclass
class _Life:
    begun: float
    seen: float
    looked: float = float("-inf")
    kinds: Counter[str] = field(default_factory=Counter)
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    bag: bool = False
    size: float = 0.0
    crop: Picture | None = None


class Looks:
    """A behaviour of a pipeline that tells nothing; what it found is fetched with ``taken``."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self._lives: dict[int, _Life] = {}
        self._over: list[Looked] = []

    def look(self, at: float, tracked: Sequence[Tracked]) -> Sequence[object]:
        for one in tracked:
            if one.kind == "person" or one.kind in VEHICLES:
                self._see(at, one, tracked)
        for number in [n for n, life in self._lives.items() if not 0 <= at - life.seen <= GONE_S]:
            self._end(self._lives.pop(number))
        return ()

    def taken(self) -> list[Looked]:
        """Tracks that have ended since the last call."""
        over, self._over = self._over, []
        return over

    def _see(self, at: float, one: Tracked, tracked: Sequence[Tracked]) -> None:
        life = self._lives.get(one.track)
        if life is None:
            if len(self._lives) >= MOST_TRACKS:
                return
            life = self._lives[one.track] = _Life(at, at)
        life.seen = at
        life.kinds[one.kind] += 1
        if at - life.looked < EVERY_S or self.frame is None:
            return
        life.looked = at
        cut = _cut(self.frame.image, one.box)
        if cut is None:
            return
        for part, colour in _colours(cut, self.frame.image, one).items():
            _vote(life, part, colour)
        if one.kind == "person":
            self._bags(life, one, tracked)
        self._shot(life, one, cut, tracked)

    def _bags(self, life: _Life, one: Tracked, tracked: Sequence[Tracked]) -> None:
        assert self.frame is not None
        for bag in tracked:
            if bag.kind == "bag" and _carries(one.box, bag.box):
                life.bag = True
                held = _cut(self.frame.image, bag.box)
                if held is not None:
                    _vote(life, "bag", colour_within(held, self.frame.image))

    def _shot(self, life: _Life, one: Tracked, cut: Picture, tracked: Sequence[Tracked]) -> None:
        """The largest that shows no head and is not cut by an edge of the picture."""
        assert self.frame is not None
        size = float(cut.shape[0] * cut.shape[1])
        if size <= life.size * 1.1 or one.kind in RIDDEN or not _whole(one.box, self.frame.image):
            return
        others = [other.box for other in tracked if other.kind == "person" and other is not one]
        if any(_heads(one.box, other) for other in others):
            return
        crop = _crop(cut, one.kind)
        if crop is not None:
            life.size, life.crop = size, crop

    def _end(self, life: _Life) -> None:
        if life.seen - life.begun < LEAST_S:
            return
        kind = life.kinds.most_common(1)[0][0]
        looks = {part: name for part, votes in life.votes.items() if (name := _first(votes))}
        if life.bag and "bag" not in looks:
            looks["bag"] = "bag"
        self._over.append(Looked(VEHICLES.get(kind, kind), life.begun, life.seen, looks, life.crop))


def _colours(cut: Picture, image: Picture, one: Tracked) -> dict[str, Colour]:
    if one.kind == "person":
        return appearance(cut, image) if _upright(cut) else {}
    return {COLOUR: colour_within(cut, image)}


def _vote(life: _Life, part: str, colour: Colour) -> None:
    votes = life.votes.setdefault(part, Counter())
    if colour.name != UNKNOWN:
        votes[colour.name] += round(100 * colour.confidence)


def _first(votes: Counter[str]) -> str:
    """The colour that at least half of the votes are for; empty when they disagree."""
    if not votes:
        return ""
    name, most = votes.most_common(1)[0]
    return name if 2 * most >= votes.total() else ""


def _upright(cut: Picture) -> bool:
    return cut.shape[1] <= UPRIGHT * cut.shape[0]


def _cut(image: Picture, box: tuple[float, ...]) -> Picture | None:
    high, wide = image.shape[:2]
    left, top = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(wide, round(box[2])), min(high, round(box[3]))
    return image[top:bottom, left:right] if right - left >= 8 and bottom - top >= 8 else None


def _whole(box: tuple[float, ...], image: Picture) -> bool:
    """Not cut by an edge: where the top of a box is no head, its share below is no shoulder."""
    high, wide = image.shape[:2]
    return (
        box[0] > EDGE_PX and box[1] > EDGE_PX and box[2] < wide - EDGE_PX
        and box[3] < high - EDGE_PX
    )  # fmt: skip


def _carries(person: tuple[float, ...], bag: tuple[float, ...]) -> bool:
    across, down = (bag[0] + bag[2]) / 2, (bag[1] + bag[3]) / 2
    more = 0.25 * (person[2] - person[0])
    within = person[0] - more <= across <= person[2] + more and person[1] <= down <= person[3]
    return within and (bag[3] - bag[1]) < 0.7 * (person[3] - person[1])


def _heads(box: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Does the head of the other lie within this box?"""
    below = other[1] + HEAD * (other[3] - other[1])
    return (
        other[0] < box[2] and other[2] > box[0] and other[1] < box[3]
        and below > box[1] + HEAD * (box[3] - box[1])
    )  # fmt: skip


def _crop(cut: Picture, kind: str) -> Picture | None:
    """Copied, so that the frame is not kept; smaller by leaving out rows and columns alike."""
    if kind == "person":
        if not _upright(cut):
            return None
        cut = cut[int(np.ceil(HEAD * cut.shape[0])) :]
    step = max(1, int(np.ceil(max(cut.shape[0] / MOST_HIGH, cut.shape[1] / MOST_WIDE))))
    high, wide = cut.shape[0] // step * step, cut.shape[1] // step * step
    if not high or not wide:
        return None
    blocks = cut[:high, :wide].reshape(high // step, step, wide // step, step, 3)
    return blocks.mean(axis=(1, 3)).astype(np.uint8)
