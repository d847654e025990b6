"""What changed, how two raters compare, and what a signature needs: pure, and without a sum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.threats.judgement_rules import (
    FIRST_TIME,
    NOTHING_CHANGED,
    STATES,
    TRENDS,
    Answer,
    View,
    check_answer,
    check_words,
    compare,
    must_settle,
    relation,
    what_changed,
)

TITLES = {"leakage": "Leakage", "fixation": "Fixation", "help": "Takes help", "loss": "Loss"}
PRESENT = Answer("present", "said so to a neighbour")


def view(level="Moderate", confidence="low", **answers):
    return View(level, confidence, answers)


def test_the_first_judgement_and_one_that_changes_nothing_say_so():
    assert what_changed(TITLES, None, view()) == FIRST_TIME
    assert what_changed(TITLES, view(leakage=PRESENT), view(leakage=PRESENT)) == NOTHING_CHANGED


def test_the_line_names_level_then_indicators_in_words():
    before = view(leakage=Answer(), fixation=PRESENT, help=Answer("present", "x"), loss=PRESENT)
    after = view(
        "High",
        leakage=PRESENT,
        fixation=Answer("present", "x", trend="rising"),
        help=Answer("absent"),
        loss=Answer(),
    )
    assert what_changed(TITLES, before, after) == (
        "Level moderate to high; now present (was unknown): leakage; rising: fixation; "
        "now absent: takes help; no longer known: loss"
    )


def test_confidence_alone_is_a_change():
    assert what_changed(TITLES, view(), view(confidence="high")) == "Confidence low to high"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("unknown", "unknown", "unknown"),
        ("present", "unknown", "one_knows"),
        ("unknown", "absent", "one_knows"),
        ("present", "present", "agree"),
        ("present", "partly", "differ"),
        ("absent", "present", "differ"),
    ],
)
def test_unknown_is_a_gap_and_never_a_disagreement(first, second, expected):
    assert relation(Answer(first), Answer(second)) == expected


def test_two_levels_or_one_differing_answer_wait_for_a_named_person():
    one, other = view(leakage=PRESENT), view("High", leakage=PRESENT)
    assert must_settle(compare(TITLES, one, other), one, other)
    other = view(leakage=Answer("absent"))
    assert must_settle(compare(TITLES, one, other), one, other)
    other = view(fixation=PRESENT)
    assert not must_settle(compare(TITLES, one, other), one, other)


@pytest.mark.parametrize("state", ["present", "partly"])
def test_what_is_seen_needs_its_evidence(state):
    with pytest.raises(Refused, match="needs its evidence"):
        check_answer("leakage", Answer(state))
    check_answer("leakage", Answer(state, "a letter"))
    check_answer("leakage", Answer(state, links=({"label": "T1"},)))
    for free in ("absent", "unknown"):
        check_answer("leakage", Answer(free))


def test_other_words_are_refused():
    with pytest.raises(Refused, match="no answer"):
        check_answer("leakage", Answer("3"))
    with pytest.raises(Refused, match="no trend"):
        check_answer("leakage", Answer("absent", trend="up"))


@pytest.mark.parametrize("text", ["17", "17/36", "3 of 8", "T = 62"])
def test_a_figure_is_no_result_in_words(text):
    with pytest.raises(Refused, match="in words"):
        check_words(text, "outcome")
    assert check_words(f"Concern for targeted violence: {text}", "outcome")


answers = st.builds(
    Answer, st.sampled_from(STATES), st.text(max_size=5), trend=st.sampled_from(TRENDS)
)
views = st.builds(
    View,
    st.sampled_from(["Low", "High"]),
    st.sampled_from(["low", "high"]),
    st.dictionaries(st.sampled_from(list(TITLES)), answers),
)


@given(views, views)
def test_the_line_is_one_line_and_carries_no_figure(before, after):
    line = what_changed(TITLES, before, after)
    assert line and "\n" not in line and not any(c.isdigit() for c in line)
    assert (line == NOTHING_CHANGED) == (what_changed(TITLES, after, after) == line)


@given(views, views)
def test_comparing_does_not_care_who_comes_first(one, other):
    there, back = compare(TITLES, one, other), compare(TITLES, other, one)
    assert [row.relation for row in there] == [row.relation for row in back]
