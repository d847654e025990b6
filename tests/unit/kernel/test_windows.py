from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.kernel.windows import TimeWindow, overlap_minutes

T0 = datetime(2026, 3, 29, tzinfo=UTC)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def window(start: float, end: float | None) -> TimeWindow:
    return TimeWindow(at(start), None if end is None else at(end))


windows = st.builds(
    lambda start, length: window(start, None if length is None else start + length),
    st.integers(0, 20),
    st.none() | st.integers(0, 20),
)


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ((0, 4), (2, 6), (2, 4)),
        ((0, 4), (4, 6), None),
        ((0, 4), (5, 6), None),
        ((0, None), (2, 6), (2, 6)),
        ((0, None), (2, None), (2, None)),
        ((0, 4), (2, 2), (2, 2)),
        ((0, 4), (4, 4), None),
        ((4, 4), (4, 6), (4, 4)),
        ((4, 4), (4, 4), (4, 4)),
    ],
)
def test_overlap(a, b, shared):
    expected = None if shared is None else window(*shared)
    assert window(*a).overlap(window(*b)) == expected
    assert window(*b).overlap(window(*a)) == expected


@given(windows, windows, st.integers(0, 45))
def test_a_moment_is_in_the_overlap_when_it_is_in_both(a, b, hour):
    shared = a.overlap(b)
    in_both = a.contains(at(hour)) and b.contains(at(hour))
    assert in_both == (shared is not None and shared.contains(at(hour)))


def test_minutes():
    assert window(0, 1.5).minutes() == 90
    assert window(0, None).minutes() is None
    assert overlap_minutes(window(0, 4), window(3, 9)) == 60
    assert overlap_minutes(window(0, 4), window(5, 9)) == 0
    assert overlap_minutes(window(0, None), window(5, None)) is None


def test_zones_are_compared_as_moments():
    summer = timezone(timedelta(hours=2))
    local = TimeWindow(
        datetime(2026, 3, 29, 2, tzinfo=summer), datetime(2026, 3, 29, 3, tzinfo=summer)
    )
    assert overlap_minutes(local, window(0, 5)) == 60


def test_refusals():
    with pytest.raises(Refused, match="time zone"):
        TimeWindow(datetime(2026, 1, 1))
    with pytest.raises(Refused, match="before it starts"):
        window(2, 1)
