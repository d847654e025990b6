"""The clock that tests and exercises can hold."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.kernel import clock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_now_is_aware_and_moves():
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= clock.now() <= datetime.now(UTC)


def test_held_and_let_go_even_after_a_fault():
    with clock.frozen(NOON):
        with clock.frozen(NOON + timedelta(hours=1)) as inner:
            assert clock.now() == inner
        assert clock.now() == NOON
    with pytest.raises(ZeroDivisionError), clock.frozen(NOON):
        _ = 1 / 0
    assert clock.now() != NOON


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3, minutes=5), "3 h 05 min"),
        (timedelta(hours=24), "1 d 0 h"),
        (timedelta(days=2, hours=23, minutes=59), "2 d 23 h"),
        (-timedelta(minutes=5), "in 5 min"),
        (-timedelta(days=1, hours=1), "in 1 d 1 h"),
    ],
)
def test_how_long_ago(ago, words):
    assert clock.age_words(NOON - ago, NOON) == words
    with clock.frozen(NOON):
        assert clock.age_words(NOON - ago) == words
