"""Exact search among the templates of a watchlist, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from varangian.engines.vision.faces.model import Vector
from varangian.kernel.results import Refused


@dataclass(frozen=True, slots=True)
class Template:
    """One picture of one watchlist entry, as a vector."""

    entry: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and how alike its nearest template is. Means nothing until compared."""

    entry: str
    similarity: float


class Gallery:
    """Templates of one network. Raises Refused when they are of several.

    ``metric``: "distance" (similarity = 1 - Euclidean distance) or "cosine" (of unit vectors).
    """

    def __init__(self, templates: Iterable[Template], metric: str = "distance") -> None:
        kept = sorted(templates, key=lambda template: template.entry)
        hashes = {template.vector.sha256 for template in kept}
        if len(hashes) > 1:
            raise Refused(
                "Templates of different networks cannot be compared",
                where=", ".join(sorted(h[:8] for h in hashes)),
                mend="Make all templates anew with one network.",
            )
        self.sha256 = next(iter(hashes), "")
        self.entries = sorted({template.entry for template in kept})
        names = np.array([template.entry for template in kept])
        self._starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]) if kept else names
        values = [t.vector.values for t in kept]
        self._values = np.stack(values).astype(np.float32) if kept else np.zeros((0, 0), np.float32)
        self._squares = np.einsum("ij,ij->i", self._values, self._values)
        self._metric = metric

    def __len__(self) -> int:
        return len(self._values)

    def search(self, vector: Vector, most: int = 5) -> list[Match]:
        """The ``most`` entries whose nearest template is most alike, exactly. O(templates)."""
        if not len(self):
            return []
        if vector.sha256 != self.sha256:
            raise Refused(
                "This face was described by another network than the watchlist",
                where=vector.model,
                mend="Use the network that the templates were made with.",
            )
        alike = self._alike(vector.values)
        best = np.maximum.reduceat(alike, self._starts)
        top = np.argsort(-best, kind="stable")[:most]
        return [Match(self.entries[i], float(best[i])) for i in top]

    def _alike(self, values: np.ndarray) -> np.ndarray:
        inner = self._values @ values
        if self._metric == "cosine":
            return inner
        return 1 - np.sqrt(np.maximum(self._squares + values @ values - 2 * inner, 0))


def similarity(first: Vector, second: Vector, metric: str = "distance") -> float:
    """How alike two faces are, as the gallery measures it."""
    return Gallery([Template("", second)], metric).search(first)[0].similarity


@dataclass(frozen=True, slots=True)
class Candidate:
    """For a person to judge: these shots of one track and this entry may be one person."""

    entry: str
    similarity: float  # of the middle one of the shots that agree
    agreeing: int
    shots: int


def candidate(
    shots: Sequence[Vector],
    gallery: Gallery,
    *,
    threshold: float,
    agree: int = 2,
    not_this: Sequence[Template] = (),
) -> Candidate | None:
    """At most one entry: at least ``agree`` shots put it first, each at ``threshold`` or above.

    ``not_this``: pairs that a person has denied ("not this person"): an entry and the face it was
    wrongly held for. Shots at least as like that face as the entry do not count.
    """
    votes: dict[str, list[float]] = {}
    for shot in shots:
        found = gallery.search(shot, 1)
        if not found or found[0].similarity < threshold:
            continue
        if not _denied(shot, found[0], not_this, gallery):
            votes.setdefault(found[0].entry, []).append(found[0].similarity)
    for entry, alike in sorted(votes.items(), key=lambda vote: (-len(vote[1]), -max(vote[1]))):
        if len(alike) >= agree:
            middle = sorted(alike)[(len(alike) - 1) // 2]
            return Candidate(entry, middle, len(alike), len(shots))
    return None


def _denied(shot: Vector, found: Match, not_this: Sequence[Template], gallery: Gallery) -> bool:
    others = [pair for pair in not_this if pair.entry == found.entry]
    if not others:
        return False
    return Gallery(others, gallery._metric).search(shot, 1)[0].similarity >= found.similarity
