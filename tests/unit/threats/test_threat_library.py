import itertools
from collections import Counter
from importlib import resources
from typing import get_args

import pytest

from varangian.kernel.library import Responsibility, parse_yaml
from varangian.kernel.results import Refused
from varangian.threats.library import LEVELS, Matrix, grading, levels, matrix, risks

MATRIX = resources.files("varangian.threats.library").joinpath("matrix.yaml").read_text("utf-8")


def test_enough_risks_in_each_responsibility():
    count = Counter(risk.responsibility for risk in risks().risks)
    assert len(risks().risks) >= 45
    assert set(count) == set(get_args(Responsibility))
    assert min(count.values()) >= 5


def test_risks_of_a_setting_include_those_that_arise_anywhere():
    found = {risk.id for risk in risks().arising_in(["flight"])}
    assert {"flight-diverted", "tired-team"} <= found
    assert "residence-intrusion" not in found


def test_every_setting_has_risks():
    for setting in ("residence", "road", "foot", "flight", "venue", "public_event", "hotel"):
        own = [risk for risk in risks().risks if setting in risk.applies_to]
        assert len(own) >= 5, setting


def test_no_sentence_was_cut_at_a_comma():
    for risk in risks().risks:
        for indicator in risk.indicators:
            assert indicator[0].isupper() or indicator[0] == "'", (risk.id, indicator)


def test_likelihood_one_and_death_is_never_low():
    assert matrix().band(1, 5) != "low"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("5: [moderate, moderate,", "5: [extreme, moderate,", "never give a lower band"),
        ("  5: [moderate, moderate, high, extreme, extreme]\n", "", "likelihoods 1 to 5"),
        ("word: remote", "words: remote", "word"),
        ("- id: extreme", "- id: high", "twice"),
        ("step: 2\n    word: minor", "step: 3\n    word: minor", "steps 1 to 5"),
    ],
)
def test_a_senseless_matrix_is_refused(old, new, says):
    assert old in MATRIX
    with pytest.raises(Refused, match=says):
        parse_yaml(MATRIX.replace(old, new), "matrix.yaml", Matrix)


def test_threat_levels_and_what_unset_means():
    assert [level.id for level in levels().levels] == list(LEVELS)
    assert levels().get(None).id == levels().plan_as_when_unset != "low"
    hours = [level.review_after_hours for level in levels().levels]
    assert hours == sorted(hours, reverse=True)


def test_grading_scales():
    admiralty = grading().scale("admiralty")
    assert "".join(grade.code for grade in admiralty.source) == "ABCDEF"
    assert "".join(grade.code for grade in admiralty.information) == "123456"
    five = grading().scale("five_by_five")
    assert len(five.source) == len(five.information) == 5


def test_probability_words_leave_no_gap():
    words = grading().probability
    assert (words[0].from_, words[-1].to) == (0, 100)
    assert all(left.to == right.from_ for left, right in itertools.pairwise(words))


def test_handling_from_narrow_to_wide():
    assert [mark.id for mark in grading().tlp] == [
        "red",
        "amber_strict",
        "amber",
        "green",
        "clear",
    ]
