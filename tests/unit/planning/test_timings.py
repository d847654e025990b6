"""Timings are counted back from the programme."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from varangian.planning.compose.timings import CALL_FORWARD, moments

START = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def move(kind="road", starts=START, ends=START + timedelta(minutes=20)):
    return SimpleNamespace(kind=kind, starts=starts, ends=ends, is_stay=kind in ("stay", "event"))


def before(times, name):
    return int((START - times[name]).total_seconds() // 60)


@pytest.mark.parametrize(("level", "minutes"), CALL_FORWARD.items())
def test_call_forward_grows_with_the_level(level, minutes):
    times = moments(move(), level)
    assert before(times, "call_forward") == minutes
    assert before(times, "staged") == minutes + 10
    assert before(times, "warning") == 2
    assert list(times.values()) == sorted(times.values())


def test_an_unknown_end_has_no_arrival():
    times = moments(move(ends=None), "low")
    assert "arrive" not in times and "approach" not in times


def test_an_unknown_start_has_no_times():
    assert moments(move(starts=None, ends=None), "low") == {}


def test_flights_and_stops():
    assert before(moments(move("flight"), "low"), "terminal") == 90
    assert before(moments(move("train"), "low"), "terminal") == 15
    assert before(moments(move("event"), "low"), "advance") == 60
