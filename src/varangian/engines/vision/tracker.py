"""Tracks by ByteTrack (Zhang et al. 2022): sure boxes first, doubtful ones for tracks left over.

A Kalman filter of constant velocity with steps in seconds, since a camera's frames are not evenly
spaced, and boxes widened before they are compared (Yang et al. 2023, C-BIoU), since at five frames
a second a walker may have left the old box.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from varangian.engines.vision.detectors.boxes import RIVALS
from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Detection, Tracked

WIDER = 0.3
POSITION, SPEED = 0.05, 0.6  # standard deviations, in box heights (and box heights a second)


@dataclass(slots=True)
class _Track:
    """State: centre, size and their speeds (8); ``spread`` its covariance."""

    kind: str
    state: np.ndarray
    spread: np.ndarray
    at: float
    seen: float
    hits: int = 1
    number: int | None = None
    votes: dict[str, float] = field(default_factory=dict)

    def predict(self, at: float) -> None:
        step = at - self.at
        motion = np.eye(8)
        motion[:4, 4:] = np.eye(4) * step
        height = max(self.state[3], 1.0)
        noise = np.repeat([POSITION * height, SPEED * height], 4) ** 2 * max(step, 0.0)
        self.state = motion @ self.state
        self.spread = motion @ self.spread @ motion.T + np.diag(noise)
        self.at = at

    def correct(self, box: np.ndarray) -> None:
        """``box``: centre and size."""
        noise = np.eye(4) * (POSITION * max(box[3], 1.0)) ** 2
        gain = np.linalg.solve(self.spread[:4, :4] + noise, self.spread[:4, :]).T
        self.state = self.state + gain @ (box - self.state[:4])
        self.spread = self.spread - gain @ self.spread[:4, :]

    @property
    def box(self) -> np.ndarray:
        half = np.maximum(self.state[2:4], 1.0) / 2
        return np.concatenate([self.state[:2] - half, self.state[:2] + half])


class ByteTracker:
    """``sure``: score of a box that may begin a track; ``hits``: boxes until it gets a number;
    ``lost``: seconds unseen after which a track is over."""

    def __init__(
        self, *, sure: float = 0.45, hits: int = 2, lost: float = 2.5, overlap: float = 0.15
    ) -> None:
        self._sure, self._hits, self._lost, self._overlap = sure, hits, lost, overlap
        self._tracks: list[_Track] = []
        self._numbers = 0

    def follow(self, at: float, seen: Sequence[Detection]) -> list[Tracked]:
        """``at`` must not go backwards. Doubtful boxes that fit no track are left out."""
        for track in self._tracks:
            track.predict(at)
        sure = [d for d in seen if d.score >= self._sure]
        doubtful = [d for d in seen if d.score < self._sure]
        told, left, new = self._joined(at, self._tracks, sure)
        again, _, _ = self._joined(at, [t for t in left if t.hits >= self._hits], doubtful)
        self._tracks += [self._begun(at, detection) for detection in new]
        self._tracks = [t for t in self._tracks if self._alive(t, at)]
        return sorted(told + again, key=lambda t: t.track)

    def _alive(self, track: _Track, at: float) -> bool:
        return at - track.seen <= (self._lost if track.number is not None else self._lost / 2)

    def _begun(self, at: float, detection: Detection) -> _Track:
        box = middle(np.array(detection.box))
        spread = np.diag(np.repeat([2 * POSITION, 2 * SPEED], 4) * max(box[3], 1.0)) ** 2
        state = np.concatenate([box, np.zeros(4)])
        track = _Track(detection.kind, state, spread, at, at)
        track.votes[detection.kind] = detection.score
        return track

    def _joined(
        self, at: float, tracks: list[_Track], seen: list[Detection]
    ) -> tuple[list[Tracked], list[_Track], list[Detection]]:
        """Boxes given to tracks; tracks and boxes left over."""
        pairs = self._pairs(tracks, seen)
        told = [t for i, j in pairs if (t := self._given(at, tracks[i], seen[j])) is not None]
        with_box, taken = {i for i, _ in pairs}, {j for _, j in pairs}
        left = [t for i, t in enumerate(tracks) if i not in with_box]
        return told, left, [d for j, d in enumerate(seen) if j not in taken]

    def _pairs(self, tracks: list[_Track], seen: list[Detection]) -> list[tuple[int, int]]:
        if not tracks or not seen:
            return []
        shared = overlaps(
            wider(np.array([t.box for t in tracks])), wider(np.array([d.box for d in seen]))
        )
        kinds = np.array([[RIVALS.get(t.kind, 9)] for t in tracks])
        shared[kinds != np.array([RIVALS.get(d.kind, 9) for d in seen])] = 0
        rows, columns = library("scipy.optimize").linear_sum_assignment(shared, maximize=True)
        joined = zip(rows.tolist(), columns.tolist(), strict=True)
        return [(i, j) for i, j in joined if shared[i, j] >= self._overlap]

    def _given(self, at: float, track: _Track, detection: Detection) -> Tracked | None:
        track.correct(middle(np.array(detection.box)))
        track.seen, track.hits = at, track.hits + 1
        track.votes[detection.kind] = track.votes.get(detection.kind, 0) + detection.score
        track.kind = max(track.votes, key=lambda kind: track.votes[kind])
        if track.number is None and track.hits >= self._hits:
            self._numbers += 1
            track.number = self._numbers
        if track.number is None:
            return None
        return Tracked(track.number, at, track.kind, detection.box, detection.score)


def middle(box: np.ndarray) -> np.ndarray:
    """Corners to centre and size."""
    return np.concatenate([(box[:2] + box[2:]) / 2, box[2:] - box[:2]])


def wider(boxes: np.ndarray) -> np.ndarray:
    """N x 4 corners, each side further out by a part of its own length."""
    more = (boxes[:, 2:] - boxes[:, :2]) * (WIDER / 2)
    return np.hstack([boxes[:, :2] - more, boxes[:, 2:] + more])


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union of N x 4 and M x 4 corners: N x M."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    both = np.prod(np.clip(high - low, 0, None), axis=2)
    area = [np.prod(np.clip(b[:, 2:] - b[:, :2], 0, None), axis=1) for b in (first, second)]
    return both / np.maximum(area[0][:, None] + area[1][None, :] - both, 1e-9)
