"""Is one walk behind the principal at camera after camera, when only a phone tells where he is?

A phone is right within some metres, which is too little to say who took a turn or waited out a
stop. So it only says which track of each camera is the principal's own; that one, right within
half a metre, is what others are held against. Who carries a device of the team is told apart
first: somebody of a detail always walks behind.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .following import Floats, Follow, FollowLimits, GroundTrack, following

CLAIM_M, CLAIM_S = 12.0, 3.0
"""A device is where a camera sees somebody: so close, for at least so long."""
PHONE_GAP_S = 20.0
SMOOTH = 3
USUAL = 0.005
"""Where more of the others there share as much of the way, it is the way that people take."""
LIMITS = FollowLimits(
    lag_s=(6.0, 90.0), near_m=2.5, drift_s=4.0, hidden_s=240.0, way_m=60.0, marks=2, cameras=3
)


def behind(
    principal: GroundTrack,
    team: Sequence[GroundTrack],
    seen: Sequence[GroundTrack],
    limits: FollowLimits = LIMITS,
) -> list[Follow]:
    """Walks that were behind the principal, one stop of his waited out at the least: who only
    takes the same streets at the same pace cannot be told from a commuter. ``principal`` and
    ``team``: tracks of devices; ``seen``: of cameras; metres of one ground, seconds of one clock.
    """
    own, *theirs = claimed([principal, *team], seen)
    known = {id(one) for claim in (own, *theirs) for one in claim}
    others = [one for one in seen if id(one) not in known]
    found = following([_smooth(one) for one in own], others, limits)
    return [one for one in found if one.stops and one.others[0] <= max(1, USUAL * one.others[1])]


def _smooth(one: GroundTrack) -> GroundTrack:
    """A foot that trembles stands still no second, and no stop would ever be waited out."""
    if len(one.at) < SMOOTH:
        return one
    ones = np.ones(SMOOTH)
    count = np.convolve(np.ones(len(one.at)), ones, "same")
    x, y = (np.convolve(axis, ones, "same") / count for axis in (one.x, one.y))
    return replace(one, x=x, y=y)


def claimed(devices: Sequence[GroundTrack], seen: Sequence[GroundTrack]) -> list[list[GroundTrack]]:
    """For each device its track at each camera, one at a time; the nearest pair first."""
    pairs = sorted(
        (apart, d, k)
        for d, device in enumerate(devices)
        for k, one in enumerate(seen)
        if (apart := _apart(device, one)) is not None and apart <= CLAIM_M
    )
    found: list[list[GroundTrack]] = [[] for _ in devices]
    taken: set[int] = set()
    for _, d, k in pairs:
        one = seen[k]
        beside = (t for t in found[d] if t.camera == one.camera)
        if k not in taken and all(t.at[-1] < one.at[0] or t.at[0] > one.at[-1] for t in beside):
            taken.add(k)
            found[d].append(one)
    return found


def _apart(device: GroundTrack, one: GroundTrack) -> float | None:
    """Metres on average while both are known; None when that is too short."""
    if len(device.at) < 2 or len(one.at) < 2:
        return None
    known = _known(device.at, one.at)
    if known.sum() < 2 or one.at[known][-1] - one.at[known][0] < CLAIM_S:
        return None
    x, y = (np.interp(one.at[known], device.at, axis) for axis in (device.x, device.y))
    return float(np.hypot(x - one.x[known], y - one.y[known]).mean())


def _known(at: Floats, moments: Floats) -> np.ndarray:
    right = np.clip(np.searchsorted(at, moments), 1, len(at) - 1)
    inside = (moments >= at[0]) & (moments <= at[-1])
    return inside & (at[right] - at[right - 1] <= PHONE_GAP_S)
