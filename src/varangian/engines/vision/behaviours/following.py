"""Does somebody walk the principal's way behind him, from camera to camera?

Tracks of all cameras on one ground, in metres, on one clock. A track follows where it was within
``near_m`` of the place where the principal had been one lag earlier, the lag moving slowly. Tracks
of one camera after another are one follower when the lag agrees and a walker could have got from
the end of one to the start of the next. A straight way shared with the principal says little, so a
follower must also have taken his turns and waited out his stops, and few others may have done so.
No face and no appearance is used; no number is given to a person: the figures are of the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from varangian.kernel.results import Refused
from varangian.kernel.words import plural

type Floats = NDArray[np.float64]

STEP_S = 1.0
TURN_SPAN_S = 6.0
TURN_COSINE = 0.5
STOP_SPAN_S = 15.0
"""Who waits out a stop waits some metres away from it."""
STOP_S = 8.0
STOP_M = 1.0
LEAST_STOP_S = 12.0
"""One who walks past at the same place has another lag after a stop that was longer than what
lags may move; one who waits has the same."""
LAG_MPS = 4.0
"""Of two that could go on with a walk, the one with the same lag does: metres a second."""
PIECE_M = 15.0
"""A track that shares less of his way shares it by chance."""
MOST_TRACKS = 5000


@dataclass(frozen=True)
class GroundTrack:
    """``at``: seconds, rising, one clock for all cameras; ``x``, ``y``: metres, one ground."""

    name: str
    camera: str
    at: Floats
    x: Floats
    y: Floats


@dataclass(frozen=True)
class FollowLimits:
    """``lag_s``: how far behind counts. ``near_m``: how close to the principal's way. ``drift_s``:
    how far the lag may move within a track and from one to the next. ``walk_mps``, ``hidden_s``:
    what is believed of the way between two cameras. ``way_m``, ``marks``, ``cameras``: what must
    have been followed: metres, turns and stops together, cameras. ``gap_s``: where the principal's
    track is silent for longer, nobody knows where he was."""

    lag_s: tuple[float, float] = (2.0, 60.0)
    near_m: float = 2.5
    drift_s: float = 5.0
    walk_mps: float = 2.5
    hidden_s: float = 60.0
    way_m: float = 60.0
    marks: int = 2
    cameras: int = 2
    gap_s: float = 5.0

    def __post_init__(self) -> None:
        low, high = self.lag_s
        if not 0 < low < high:
            mend = "From the shortest to the longest lag, both above nothing."
            raise Refused("The lag of a follower makes no sense", "lag_s", mend)


@dataclass(frozen=True)
class Follow:
    """``tracks``: camera and track in order. ``others``: of how many tracks on the same cameras how
    many shared as much of the way at some lag, the follower's own left out."""

    tracks: tuple[tuple[str, str], ...]
    cameras: int
    begun: float
    ended: float
    lag_s: float
    way_m: float
    turns: int
    stops: int
    apart_m: float
    others: tuple[int, int]
    words: str

    def shape(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Part:
    """One track's share: rows of the principal's clock it followed, (n,) seconds."""

    track: GroundTrack
    lag: float
    moments: Floats
    apart: Floats
    way: float

    @property
    def start(self) -> tuple[float, float, float]:
        return float(self.track.at[0]), float(self.track.x[0]), float(self.track.y[0])

    @property
    def end(self) -> tuple[float, float, float]:
        return float(self.track.at[-1]), float(self.track.x[-1]), float(self.track.y[-1])


def following(
    principal: Sequence[GroundTrack],
    others: Sequence[GroundTrack],
    limits: FollowLimits | None = None,
) -> list[Follow]:
    """Who followed, the longest way first. ``principal``: his own tracks, of one camera or many or
    of his phone. Cost: seconds of all tracks times lags looked at."""
    limits = limits or FollowLimits()
    if len(others) > MOST_TRACKS:
        raise Refused(f"There are {len(others)} tracks", "others", "Give an hour or so at once.")
    path = _path(principal, limits.gap_s)
    if path is None:
        return []
    parts = [part for one in others if (part := _part(path, one, limits)) is not None]
    parts.sort(key=lambda part: part.start)
    found = [
        follow
        for chain in _chains(parts, limits)
        if (follow := _follow(path, chain, parts, others, limits)) is not None
    ]
    return sorted(found, key=lambda one: -one.way_m)


@dataclass(frozen=True)
class _Path:
    """The principal second by second; NaN where nobody knows. ``way``: metres walked until then.
    ``turns``: seconds at which he turned a corner; ``stops``: from when to when he stood, (n, 2).
    """

    begun: float
    x: Floats
    y: Floats
    way: Floats
    turns: Floats
    stops: Floats

    def at(self, moments: Floats) -> tuple[Floats, Floats]:
        index = np.round((moments - self.begun) / STEP_S).astype(np.int64)
        known = (index >= 0) & (index < len(self.x))
        safe = np.clip(index, 0, len(self.x) - 1)
        return np.where(known, self.x[safe], np.nan), np.where(known, self.y[safe], np.nan)

    def walked(self, moments: Floats) -> float:
        index = np.round((moments - self.begun) / STEP_S).astype(np.int64)
        index = np.unique(index[(index > 0) & (index < len(self.way))])
        return float((self.way[index] - self.way[index - 1]).sum())


def _path(tracks: Sequence[GroundTrack], gap_s: float) -> _Path | None:
    rows = [np.stack([one.at, one.x, one.y], axis=1) for one in tracks if len(one.at)]
    if not rows:
        return None
    table = np.concatenate(rows)
    table = table[np.isfinite(table).all(axis=1)]
    table = table[np.argsort(table[:, 0], kind="stable")]
    if len(table) < 2:
        return None
    moments = np.arange(table[0, 0], table[-1, 0] + STEP_S / 2, STEP_S)
    right = np.clip(np.searchsorted(table[:, 0], moments), 1, len(table) - 1)
    silent = table[right, 0] - table[right - 1, 0] > gap_s
    x, y = (np.where(silent, np.nan, np.interp(moments, table[:, 0], table[:, k])) for k in (1, 2))
    steps = np.nan_to_num(np.hypot(np.diff(x), np.diff(y)))
    way = np.concatenate([[0.0], np.cumsum(steps)])
    return _Path(float(table[0, 0]), x, y, way, *_marks(moments, x, y))


def _marks(moments: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    span, turns = int(TURN_SPAN_S / STEP_S), []
    for k in range(span, len(x) - span):
        before = np.array([x[k] - x[k - span], y[k] - y[k - span]])
        after = np.array([x[k + span] - x[k], y[k + span] - y[k]])
        lengths = np.linalg.norm(before) * np.linalg.norm(after)
        moved = min(np.linalg.norm(before), np.linalg.norm(after)) > 2 * STOP_M
        sharp = moved and float(before @ after) < TURN_COSINE * lengths
        if sharp and (not turns or moments[k] - turns[-1] > 2 * TURN_SPAN_S):
            turns.append(moments[k])
    return np.array(turns), _stops(moments, x, y)


def _stops(moments: Floats, x: Floats, y: Floats) -> Floats:
    stop, found = int(STOP_S / STEP_S), []
    for k in range(stop, len(x)):
        if not np.hypot(x[k - stop : k + 1] - x[k], y[k - stop : k + 1] - y[k]).max() < STOP_M:
            continue
        if found and moments[k - stop] <= found[-1][1]:
            found[-1][1] = moments[k]
        else:
            found.append([moments[k - stop], moments[k]])
    return np.array([one for one in found if one[1] - one[0] >= LEAST_STOP_S]).reshape(-1, 2)


def _part(path: _Path, one: GroundTrack, limits: FollowLimits) -> _Part | None:
    if len(one.at) < 2 or not np.isfinite(one.at).all() or (np.diff(one.at) < 0).any():
        return None
    moments = np.arange(one.at[0], one.at[-1] + STEP_S / 2, STEP_S)
    x, y = np.interp(moments, one.at, one.x), np.interp(moments, one.at, one.y)
    lags = np.arange(limits.lag_s[0], limits.lag_s[1] + STEP_S / 2, STEP_S)
    px, py = path.at((moments[:, None] - lags).ravel())
    apart = np.hypot(px.reshape(-1, len(lags)) - x[:, None], py.reshape(-1, len(lags)) - y[:, None])
    apart = np.where(np.isnan(apart), np.inf, apart)
    wide = int(limits.drift_s / STEP_S)
    close = _close(apart, wide) <= limits.near_m
    best = int(close.sum(axis=0).argmax())
    kept = close[:, best]
    if not kept.any():
        return None
    low, high = max(0, best - wide), best + wide + 1
    nearest = low + apart[kept, low:high].argmin(axis=1)
    then = moments[kept] - lags[nearest]
    way, lag = path.walked(then), float(np.median(lags[nearest]))
    return _Part(one, lag, then, apart[kept].min(axis=1), way) if way >= PIECE_M else None


def _close(apart: Floats, wide: int) -> Floats:
    """The least over lags at most ``wide`` away, (N, L)."""
    padded = np.pad(apart, ((0, 0), (wide, wide)), constant_values=np.inf)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * wide + 1, axis=1).min(axis=2)


def _chains(parts: list[_Part], limits: FollowLimits) -> Iterator[list[_Part]]:
    """Longest ways first, each part in one chain only."""
    best = [part.way for part in parts]
    before = [-1] * len(parts)
    for k, part in enumerate(parts):
        for j in range(k):
            if not _joins(parts[j], part, limits):
                continue
            worth = best[j] + part.way - LAG_MPS * abs(parts[j].lag - part.lag)
            if worth > best[k]:
                best[k], before[k] = worth, j
    used: set[int] = set()
    for k in sorted(range(len(parts)), key=lambda k: -best[k]):
        chain, at = [], k
        while at >= 0 and at not in used:
            chain.append(at)
            at = before[at]
        used.update(chain)
        if chain:
            yield [parts[k] for k in reversed(chain)]


def _joins(one: _Part, other: _Part, limits: FollowLimits) -> bool:
    (t0, x0, y0), (t1, x1, y1) = one.end, other.start
    hidden = t1 - t0
    if not -2.0 <= hidden <= limits.hidden_s or abs(one.lag - other.lag) > limits.drift_s:
        return False
    return float(np.hypot(x1 - x0, y1 - y0)) <= limits.walk_mps * max(hidden, 0.0) + limits.near_m


def _follow(
    path: _Path,
    chain: list[_Part],
    parts: list[_Part],
    others: Sequence[GroundTrack],
    limits: FollowLimits,
) -> Follow | None:
    moments = np.unique(np.concatenate([part.moments for part in chain]))
    cameras = {part.track.camera for part in chain}
    way = path.walked(moments)
    corners = np.stack([path.turns, path.turns], axis=1)
    turns = _taken(corners, chain, TURN_SPAN_S)
    stops = _taken(path.stops, chain, STOP_SPAN_S)
    if way < limits.way_m or len(cameras) < limits.cameras or turns + stops < limits.marks:
        return None
    own = {id(part.track) for part in chain}
    longest = max(part.way for part in chain)
    there = sum(one.camera in cameras and id(one) not in own for one in others)
    like = sum(
        part.track.camera in cameras and id(part.track) not in own and part.way >= longest
        for part in parts
    )
    lag = float(np.median([part.lag for part in chain]))
    apart = float(np.mean(np.concatenate([part.apart for part in chain])))
    words = (
        f"Somebody walked {way:.0f} m of the principal's way {lag:.0f} s behind, within "
        f"{apart:.1f} m of it on average, through {plural(len(cameras), 'camera')}, took "
        f"{plural(turns, 'turn')} of his and waited out {plural(stops, 'stop')}; of {there} other "
        f"tracks there {like} shared as much of it."
    )
    return Follow(
        tuple((part.track.camera, part.track.name) for part in chain), len(cameras),
        chain[0].start[0], chain[-1].end[0], lag, round(way, 1), turns, stops, round(apart, 2),
        (like, there), words,
    )  # fmt: skip


def _taken(marks: Floats, chain: list[_Part], span_s: float) -> int:
    """Marks, from when to when, that one track followed just before and just after."""

    def through(moments: Floats, begun: float, ended: float) -> bool:
        before = (moments > begun - span_s) & (moments < begun)
        return bool(before.any() and ((moments > ended) & (moments < ended + span_s)).any())

    return sum(any(through(part.moments, *mark) for part in chain) for mark in marks)
