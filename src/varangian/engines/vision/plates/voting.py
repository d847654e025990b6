"""Several shots of one plate: what most of them say, place by place, weighed by how sure it is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .countries import Country
from .fitting import Fit, fit, plain

AGREE = 2
SURE = 0.8
"""Confidence below which nothing is told; a text read in one shot alone is told at none."""
DOUBTFUL = 0.7
"""Weight of a character that was exchanged for its look-alike."""


@dataclass(frozen=True, slots=True)
class Read:
    """One shot: the characters of its text and how sure each is (0 to 1)."""

    text: str
    sure: tuple[float, ...]

    def __post_init__(self) -> None:
        assert len(self.text) == len(self.sure)


@dataclass(frozen=True, slots=True)
class Answer:
    plate: str
    country: str
    confidence: float
    agreeing: int
    shots: int
    whole: bool


@dataclass(frozen=True, slots=True)
class _Shot:
    fit: Fit
    sure: tuple[float, ...]


def read_of(text: Sequence[str], sure: Sequence[float]) -> Read:
    """As a network says it: what is no letter or digit drops out with its own confidence."""
    kept = [(more, p) for one, p in zip(text, sure, strict=True) for more in plain(one)]
    return Read("".join(one for one, _ in kept), tuple(p for _, p in kept))


def vote(reads: Sequence[Read], among: Sequence[Country], *, agree: int = AGREE) -> Answer | None:
    """What at least ``agree`` shots say in the end, more than say anything else; else None.

    Whole plates go before pieces of one.
    """
    shots = []
    for one in reads:
        found = fit(one.text, among)
        if found is not None:
            weights = [p * (DOUBTFUL if k in found.changed else 1) for k, p in enumerate(one.sure)]
            shots.append(_Shot(found, tuple(weights)))
    for whole in (True, False):
        of = [shot for shot in shots if shot.fit.whole is whole]
        answer = _voted(of, among, len(reads), agree)
        if answer is not None:
            return answer
    return None


def _voted(shots: Sequence[_Shot], among: Sequence[Country], of: int, agree: int) -> Answer | None:
    lengths: dict[int, float] = defaultdict(float)
    for shot in shots:
        lengths[len(shot.fit.text)] += sum(shot.sure) / len(shot.sure)
    if not lengths:
        return None
    length = max(lengths, key=lambda one: (lengths[one], one))
    group = [shot for shot in shots if len(shot.fit.text) == length]
    text, confidence = _characters(group, length)
    found = fit(text, among)
    if found is None or found.whole is not shots[0].fit.whole:
        return None
    agreeing = sum(shot.fit.text == found.text for shot in group)
    others: dict[str, int] = defaultdict(int)
    for shot in shots:
        others[shot.fit.text] += shot.fit.text != found.text
    if agreeing < agree or agreeing <= max(others.values()) or confidence < SURE:
        return None
    return Answer(found.text, found.country, round(confidence, 3), agreeing, of, found.whole)


def _characters(group: Sequence[_Shot], length: int) -> tuple[str, float]:
    """For each place the heaviest character; how sure, as a share of all shots of this length."""
    text, total = "", 0.0
    for place in range(length):
        weights: dict[str, float] = defaultdict(float)
        for shot in group:
            weights[shot.fit.text[place]] += shot.sure[place]
        best = max(weights, key=lambda one: (weights[one], one))
        text += best
        total += weights[best] / len(group)
    return text, total / length
