"""Escalation: whom, how often, how high."""

import pytest
from pydantic import ValidationError

from varangian.alerts import rules

URGENCIES = ["inform", "attention", "now"]


@pytest.mark.parametrize("urgency", URGENCIES)
def test_every_urgency_has_its_chain_and_none_sinks(urgency):
    chain = rules.escalation().of("signal", urgency)
    assert chain.raise_to is None or rules.rises(urgency, chain.raise_to)


@pytest.mark.parametrize("source", ["duress", "dead_man"])
def test_lives_have_chains_of_their_own_that_use_everything_and_never_end(source):
    chain = rules.escalation().of(source, "now")
    assert chain.id == source and chain.steps[0].wait_s <= 30
    assert all(set(s.channels) == {"screen", "push", "apprise"} for s in chain.steps)
    step = repeats = 0
    for _ in range(50):
        taken, step, repeats = rules.advance(chain, step, repeats, for_ever=True)
        assert taken is not None
    assert taken.everyone


def test_steps_in_order_each_as_often_as_it_says_then_the_end():
    chain, taken = rules.escalation().of("signal", "now"), []
    step = repeats = 0
    while True:
        one, step, repeats = rules.advance(chain, step, repeats, for_ever=False)
        if one is None:
            break
        taken.append(one.id)
    assert taken == ["desk", "shift", *["all"] * 12]


def test_nobody_is_asked_who_may_not_see_an_alert():
    with pytest.raises(ValidationError, match="driver"):
        rules.Step(id="a", roles=("driver",), channels=("screen",), wait_s=60)


@pytest.mark.parametrize(
    ("rate", "words"), [(0.4, "acceptable"), (1.5, "manageable"), (6, "over-demanding")]
)
def test_bands_of_eemua_191(rate, words):
    assert rules.band(rate) == words


def test_every_urgency_has_its_share_and_its_longest_shelf():
    load = rules.load()
    assert set(load.shares) == set(load.shelf_most_minutes) == set(URGENCIES)
    assert sum(load.shares.values()) == 100
