"""The life of an incident, its figures and the casualty card, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.kernel.results import Refused
from varangian.protection import casualty_rules, incident_rules
from varangian.protection.library import broken_references, incident_kinds, procedures
from varangian.protection.models import Incident, Milestone

AT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def test_the_states_are_those_of_the_model():
    assert set(incident_rules.NEXT) == set(Incident.State.values)
    assert set(incident_rules.MARK_OF.values()) <= set(Milestone.Kind.values)
    ends = {name for row in incident_rules.FIGURES for name in row[2:]}
    assert ends <= set(Milestone.Kind.values)


@pytest.mark.parametrize(
    ("before", "after"), [("reported", "reviewed"), ("reviewed", "active"), ("closed", "contained")]
)
def test_steps_that_are_not_possible(before, after):
    with pytest.raises(Refused, match="does not become"):
        incident_rules.check_step(before, after)


def test_an_unknown_time_is_unknown_and_never_zero():
    marks = {"detected": (AT, 4), "acknowledged": (AT + timedelta(seconds=75), 9)}
    found = {one.key: one for one in incident_rules.figures(marks)}
    assert (found["acknowledge"].seconds, found["acknowledge"].entries) == (75, (4, 9))
    assert found["acknowledge"].said == "1 min 15 s"
    assert found["detect"].seconds is None and found["detect"].said == "unknown"
    assert found["arrive"].entries == (4,)


def test_the_library_holds_together():
    assert broken_references() == []
    for kind in incident_kinds().kinds:
        assert any(not node.outside for node in kind.tell), kind.id
    assert procedures().of_source("duress").id == "duress"
    assert procedures().of_source("never heard of").id == "general"


def test_the_card_keeps_the_latest_and_says_what_is_unknown():
    card = casualty_rules.latest(
        [
            ({"avpu": "A", "massive_bleeding": "left thigh"}, AT, "Amara"),
            ({"avpu": "V", "tourniquet": "left thigh", "pulse": 120}, AT, "Amara"),
        ]
    )
    said = [(word, words) for _, word, words in casualty_rules.at_mist(card)]
    assert said == [
        ("Age", "unknown"),
        ("Time of injury", "unknown"),
        ("Mechanism", "unknown"),
        ("Injuries", "massive bleeding: left thigh"),
        ("Signs", "AVPU V, pulse 120 /min"),
        ("Treatment", "tourniquet left thigh at 14:00 UTC"),
    ]


@pytest.mark.parametrize(
    "given",
    [{}, {"avpu": "X"}, {"pulse": "fast"}, {"pulse": 900}, {"shoe": "4"}, {"note": "a" * 401}],
)
def test_what_no_card_takes(given):
    with pytest.raises(Refused):
        casualty_rules.cleaned(given)


def test_zero_is_a_finding():
    assert casualty_rules.cleaned({"pulse": 0, "breaths": ""}) == {"pulse": 0}
