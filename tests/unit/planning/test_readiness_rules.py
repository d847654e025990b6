"""Lights: nothing that is missing, stale or unknown is shown as fresh."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.planning.library import readiness_policy
from varangian.planning.readiness import BY_WORD, Evidence, Word, light

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def ago(hours):
    return NOW - timedelta(hours=hours)


def state(name, evidence, word=None, level="substantial"):
    return light(readiness_policy().get(name), evidence, word, level, NOW).state


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(at=ago(1)), "fresh"),
        (Evidence(at=ago(73)), "due"),
        (Evidence(at=ago(1), stale=["A leg changed"]), "stale"),
        (Evidence(at=ago(1), stale=["A leg changed"], missing=["x"]), "missing"),
        (Evidence(at=ago(1), due=["x"]), "due"),
        (Evidence(), "unknown"),
        (Evidence(known=False), "unknown"),
    ],
)
def test_states_of_an_issued_order(evidence, expected):
    assert state("operation_order_issued", evidence) == expected


def test_what_does_not_age_is_fresh_without_a_time():
    assert state("posts_filled", Evidence()) == "fresh"


def test_a_word_counts_only_where_no_record_speaks():
    word = Word(False, ago(1), "Lena", "seen")
    assert state("vehicles_checked", Evidence(known=False), word) == "fresh"
    assert state("operation_order_issued", Evidence(missing=["none"]), word) == "missing"
    assert state("comms_plan", Evidence(missing=["no call signs"]), word) == "missing"


def test_words_and_waivers_grow_old():
    old, waiver = Word(False, ago(13), "Lena", "seen"), Word(True, ago(1), "Lena", "hired car")
    nothing = Evidence(known=False)
    assert state("vehicles_checked", nothing, old) == "due"
    assert state("vehicles_checked", nothing, waiver) == "waived"
    assert state("vehicles_checked", nothing, Word(True, ago(13), "Lena", "x")) == "unknown"


def test_a_long_list_is_cut():
    shown = light(
        readiness_policy().get("movements_located"),
        Evidence(missing=[f"leg {n}" for n in range(5)]),
        None,
        "low",
        NOW,
    )
    assert shown.why == "leg 0; leg 1; leg 2 and 2 more" and len(shown.missing) == 5


def test_names_are_in_the_policy():
    assert {artefact.id for artefact in readiness_policy().artefacts} >= BY_WORD
