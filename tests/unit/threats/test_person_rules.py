"""Ways between states, likeness of words, and what may be merged: no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from varangian.kernel.results import Refused
from varangian.threats.library.persons import persons as library
from varangian.threats.person_rules import (
    MOVES,
    Side,
    check_dates,
    check_merge,
    check_move,
    likeness,
    moves_from,
    shared,
)

AT = datetime(2026, 12, 1, tzinfo=UTC)
OPEN = Side("a", "contract", "triaged", folded=False, holds=False, over=False)
OTHER = replace(OPEN, pk="b")


def test_every_state_but_erased_can_be_closed_and_closed_opens_at_the_triage_only():
    for state in MOVES:
        if state not in ("closed", "erased"):
            assert "closed" in MOVES[state], state
    assert moves_from("closed") == ["triaged"] and moves_from("erased") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("referred", "managed"),
        ("closed", "monitored"),
        ("dormant", "managed"),
        ("erased", "triaged"),
    ],
)
def test_a_way_that_is_not_allowed_is_refused_with_those_that_are(before, after):
    with pytest.raises(Refused) as refused:
        check_move(before, after)
    assert before == "erased" or moves_from(before)[0].replace("_", " ") in refused.value.mend


def test_nobody_is_moved_to_erased():
    with pytest.raises(Refused, match="moved to erased"):
        check_move("closed", "erased")


def test_what_a_move_leads_to_is_a_state():
    assert all(after in MOVES for ways in MOVES.values() for after in ways)
    assert set(library().review_days) == set(MOVES) - {"erased"}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("alias", "The  Pen-Man", "the pen man"),
        ("phone", "+358 40 000 1122", "00358400001122"),
        ("mail", "A.Writer@Example.org", " a.writer@example.org"),
        ("handle", "@GreyPen", "greypen"),
        ("vehicle", "abc-123", "ABC 123"),
        ("address", "Quay Street 4, 2nd floor", "quay street 4 2nd floor"),
    ],
)
def test_alike_is_alike_however_it_is_written(kind, one, other):
    assert likeness(kind, one) == likeness(kind, other) != ""


def test_kinds_are_not_mixed_and_a_short_number_is_like_nothing():
    assert shared([("alias", "ABC 123")], {"x": [("vehicle", "ABC-123")]}) == {}
    assert shared([("phone", "112")], {"x": [("phone", "112")]}) == {}


def test_who_shares_what_is_told_once_for_each():
    own = [("alias", "Pen man"), ("vehicle", "ABC-123")]
    others = {"x": [("alias", "PEN MAN"), ("alias", "PEN MAN")], "y": [("alias", "Painter")]}
    assert shared(own, others) == {"x": [("alias", "PEN MAN")]}


@pytest.mark.parametrize(
    "change",
    [
        {"pk": "a"},
        {"engagement": "another"},
        {"state": "erased"},
        {"over": True},
        {"folded": True},
        {"holds": True},
    ],
)
def test_what_may_not_be_merged_is_refused(change):
    with pytest.raises(Refused):
        check_merge(OPEN, replace(OTHER, **change))


def test_a_file_may_hold_several():
    check_merge(replace(OPEN, holds=True), OTHER)


@pytest.mark.parametrize(
    ("review", "end", "words"),
    [(1, -1, "over already"), (1, 400, "at most 365 days"), (9, 5, "after the end")],
)
def test_dates_lie_ahead_and_in_order(review, end, words):
    days = [AT + timedelta(days=number) for number in (review, end)]
    with pytest.raises(Refused, match=words):
        check_dates(AT, *days, 365)
