"""What is due is run; what fails is told and holds up nobody."""

from contextlib import contextmanager

import pytest

from varangian.platform.jobs import ticks


@pytest.fixture(autouse=True)
def apart(monkeypatch):
    @contextmanager
    def acting(actor, *, purpose):
        yield actor

    monkeypatch.setattr(ticks, "_ticks", {})
    monkeypatch.setattr(ticks, "acting", acting)


def test_each_runs_when_it_is_due():
    ran = []
    ticks.every(1.0, "a", lambda: ran.append("a"))
    ticks.every(5.0, "b", lambda: ran.append("b"))
    for present in (0.0, 0.5, 1.0, 2.0, 5.0):
        ticks.beat(present)
    assert ran == ["a", "b", "a", "a", "a", "b"]


def test_one_that_fails_does_not_hold_up_the_others():
    ran = []

    def fail():
        raise ValueError

    ticks.every(1.0, "fails", fail)
    ticks.every(1.0, "works", lambda: ran.append(1))
    ticks.beat(0.0)
    ticks.beat(1.0)
    assert ran == [1, 1]
