"""Which sightings were made beside the principal, in place and in time."""

import numpy as np

from varangian.kernel.geometry import EARTH_RADIUS_KM

from .chance import trials_tail
from .groups import Groups, units
from .model import UNKNOWN, Floats, Ints, Limits, Sightings, Track
from .places import Places

STEPS = 9
GAP_S = 1800.0
"""Where the track is silent for longer, nobody knows where the principal was."""
MOST_TRIALS = 40


def beside(seen: Sightings, track: Track | None, limits: Limits) -> Ints:
    """1 beside, 0 elsewhere, -1 unknown, for each sighting.

    Beside: the principal was within ``beside_km`` at a moment from ``after_s`` before the sighting
    (a follower comes later) to ``before_s`` after it (a scout is there first).
    """
    found = _by_track(seen, track, limits)
    return found if seen.said is None else np.where(seen.said == UNKNOWN, found, seen.said)


def _by_track(seen: Sightings, track: Track | None, limits: Limits) -> Ints:
    found = np.full(len(seen), UNKNOWN, np.int64)
    if track is None or len(track.at) < 2 or not len(seen):
        return found
    for shift in np.linspace(-limits.after_s, limits.before_s, STEPS):
        moment = seen.at + shift
        known = _known(track.at, moment)
        lat, lon = (np.interp(moment, track.at, column) for column in (track.lat, track.lon))
        close = _km(seen.lat, seen.lon, lat, lon) <= limits.beside_km
        found = np.maximum(found, np.where(known, close.astype(np.int64), UNKNOWN))
    return found


def _known(at: Floats, moment: Floats) -> np.ndarray:
    after = np.searchsorted(at, moment)
    inside = (after > 0) & (after < len(at))
    right = np.clip(after, 1, len(at) - 1)
    return inside & (at[right] - at[right - 1] <= GAP_S)


def _km(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    east = ((to_lon - lon + 180) % 360 - 180) * np.cos(np.radians((lat + to_lat) / 2))
    return np.radians(np.hypot(east, to_lat - lat)) * EARTH_RADIUS_KM


def more_than_others(
    groups: Groups, places: Places, days: Ints, flag: Ints, *, by_place: bool
) -> tuple[Floats, Ints, Ints, Floats]:
    """Is a flag set more often for a group than for what else was seen (at the same places)?

    Returns per group: tail (NaN when nothing is known), hits, stays, hits expected.
    """
    group, place, hit = units(groups, places, days, flag)
    total = len(groups)
    stays = np.bincount(group, minlength=total)
    hits = np.bincount(group, hit, minlength=total).astype(np.int64)
    key = place if by_place else np.zeros_like(place)
    base = _base(group, key, hit, total)
    expected = np.bincount(group, base, minlength=total)
    tail = np.where(stays > 0, 1.0, np.nan)
    worth = np.flatnonzero((hits > expected) & (stays > 1))
    tail[worth] = trials_tail(*_table(group, base, hits, worth))
    return tail, hits, stays, expected


def _base(group: Ints, key: Ints, hit: Ints, total: int) -> Floats:
    """Chance of a hit at each stay by the others there, drawn to the common one where few were."""
    if not len(group):
        return np.zeros(0)
    common = (hit.sum() + 0.5) / (len(hit) + 1)
    code = key * total + group
    _, back, many = np.unique(code, return_inverse=True, return_counts=True)
    own_hits = np.bincount(back, hit)[back]
    rest = np.bincount(key)[key] - many[back]
    rest_hits = np.bincount(key, hit)[key] - own_hits
    return (rest_hits + 2 * common) / (rest + 2)


def _table(group: Ints, base: Floats, hits: Ints, worth: Ints) -> tuple[Ints, Floats]:
    starts = np.searchsorted(group, worth)
    many = np.searchsorted(group, worth, side="right") - starts
    width = int(min(many.max(initial=1), MOST_TRIALS))
    column = np.arange(width)
    inside = column < many[:, None]
    chances = np.where(inside, base[np.minimum(starts[:, None] + column, len(base) - 1)], 0.0)
    # More stays than the table holds: the same share of hits among fewer, which is less striking.
    share = np.minimum(1.0, width / many)
    return np.floor(hits[worth] * share).astype(np.int64), chances
