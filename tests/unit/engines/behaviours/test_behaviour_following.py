"""Following the principal over several cameras, without a face."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varangian.engines.vision.behaviours import FollowLimits, GroundTrack, following
from varangian.kernel.results import Refused

STREETS = ((0, 0), (60, 0), (60, 50), (130, 50), (130, 90))
CAMERAS = {"north": (0, 55), "square": (60, 100), "market": (105, 175)}
"""Name: which metres of the way it sees."""


def way(metres: float) -> tuple[float, float]:
    for a, b in pairwise(STREETS):
        length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
        if metres <= length:
            part = metres / length
            return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])
        metres -= length
    return STREETS[-1]


def walked(name: str, start: float, *, wait: float = 20, noise: float = 0.3, seed: int = 0):
    """Along the streets at 1.3 m/s with a stop at 80 m, as the cameras see it: a track each."""
    rng = np.random.default_rng(seed)
    moments = np.arange(start, start + 220, 0.5)
    gone = (moments - start) * 1.3
    pause = 80 / 1.3
    late = np.clip(moments - start - pause, 0, wait)
    gone = np.where(moments - start > pause, (moments - start - late) * 1.3, gone)
    spots = np.array([way(one) for one in gone]) + rng.normal(0, noise, (len(gone), 2))
    tracks = []
    for camera, (low, high) in CAMERAS.items():
        seen = (gone >= low) & (gone <= high) & (gone < 210)
        rows = np.flatnonzero(seen)
        if len(rows) > 4:
            tracks.append(GroundTrack(f"{name}-{camera}", camera, moments[rows], *spots[rows].T))
    return tracks


def strangers(count: int, seed: int = 1) -> list[GroundTrack]:
    """People who cross one camera each, some of them along a piece of his way."""
    rng = np.random.default_rng(seed)
    found = []
    for k in range(count):
        camera, (low, high) = list(CAMERAS.items())[k % 3]
        start, pace = rng.uniform(900, 1300), rng.uniform(0.8, 1.7)
        moments = np.arange(start, start + 30, 0.5)
        if k % 2:
            gone = low + (moments - start) * pace
            gone = gone if rng.random() < 0.5 else high - (moments - start) * pace
            spots = np.array([way(float(np.clip(one, low, high))) for one in gone])
        else:
            middle = np.array(way((low + high) / 2))
            step = rng.normal(0, 1, 2)
            step = step / np.linalg.norm(step) * pace
            spots = middle + (moments - start - 15)[:, None] * step
        found.append(GroundTrack(f"s{k}", camera, moments, *spots.T))
    return found


PRINCIPAL = walked("principal", 1000)


@pytest.mark.parametrize("lag", [6, 12, 25, 40])
def test_one_who_follows_through_three_cameras_is_found_and_explained(lag):
    tail = walked("tail", 1000 + lag, seed=lag)
    (found,) = following(PRINCIPAL, [*strangers(80), *tail])
    assert [name for _, name in found.tracks] == [one.name for one in tail]
    assert found.cameras == 3 and found.lag_s == pytest.approx(lag, abs=3)
    assert found.turns + found.stops >= 2 and found.way_m > 100
    assert found.words.startswith("Somebody walked") and "3 cameras" in found.words
    assert found.others[0] <= 4 and found.others[1] == 80


def test_one_who_waits_out_his_stop_follows_and_one_who_walks_on_does_not():
    on = walked("on", 1010, wait=0)
    assert following(PRINCIPAL, [*strangers(40), *on]) == []


@pytest.mark.parametrize("seed", range(5))
def test_strangers_are_not_followers(seed):
    assert following(PRINCIPAL, strangers(150, seed)) == []


def test_one_ahead_of_him_does_not_follow():
    assert following(PRINCIPAL, walked("ahead", 990)) == []


def test_half_an_hour_later_is_not_following():
    assert following(PRINCIPAL, walked("late", 1000 + 1800)) == []


def test_a_gap_in_his_track_is_unknown():
    first = PRINCIPAL[:1]
    assert following(first, walked("tail", 1012)) == []
    assert following([], walked("tail", 1012)) == []


def test_limits_that_make_no_sense_are_refused():
    with pytest.raises(Refused):
        FollowLimits(lag_s=(10, 5))


number = st.one_of(st.floats(-1e3, 1e3), st.just(float("nan")))
rows = st.lists(st.tuples(number, number, number), max_size=8)


@settings(max_examples=60, deadline=None)
@given(rows, rows)
def test_tracks_that_are_none_break_nothing(his, others):
    def track(given) -> GroundTrack:
        table = np.array(given, float).reshape(-1, 3)
        return GroundTrack("x", "c", *table.T)

    assert isinstance(following([track(his)], [track(others)]), list)
