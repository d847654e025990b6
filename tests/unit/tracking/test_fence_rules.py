"""Crossing a line with doubtful fixes."""

import pytest

from varangian.tracking.fence_rules import (
    Side,
    beyond_circle,
    beyond_outline,
    half_width,
    outline_fault,
    step,
    tidy,
    walking_minutes,
)

HERE = (60.17, 24.94)
SQUARE = [[60.169, 24.938], [60.169, 24.942], [60.171, 24.942], [60.171, 24.938]]


def cross(*fixes: tuple[float, float | None], known: Side | None = None) -> list[str]:
    told = []
    for beyond, accuracy in fixes:
        known, crossing = step(known, beyond, accuracy)
        told.append(crossing)
    return told


def test_the_first_fix_only_says_where_it_begins():
    assert cross((500, 5)) == [""]
    assert cross((-50, 5)) == [""]


def test_two_in_a_row_cross():
    assert cross((-50, 5), (40, 5), (50, 5)) == ["", "", "exit"]
    assert cross((50, 5), (-40, 5), (-40, 5)) == ["", "", "enter"]


def test_one_stray_fix_crosses_nothing():
    assert cross((-50, 5), (400, 5), (-50, 5), (400, 5)) == [""] * 4


def test_a_fix_within_its_own_doubt_says_nothing():
    assert cross((-50, 5), (30, 40), (30, 40), (30, 40)) == [""] * 4
    assert cross((-50, 5), (300, 101), (300, 500), (9, None)) == [""] * 4


def test_distances_to_the_edge():
    assert beyond_circle(HERE, 200, HERE) == -200
    assert beyond_outline(SQUARE, HERE) == pytest.approx(-110, abs=3)
    assert beyond_outline(SQUARE, (60.172, 24.94)) == pytest.approx(111, abs=2)


def test_minutes_on_foot_are_longer_than_the_crow_flies():
    assert 6 < walking_minutes(500) < 8


def test_with_a_margin_pacing_the_edge_crosses_nothing_and_walking_away_does():
    def told(*beyond):
        side, crossings = Side(True), []
        for one in beyond:
            side, crossing = step(side, one, 5, margin=60)
            crossings.append(crossing)
        return [one for one in crossings if one]

    assert told(20, 50, 30, -5, 40, 55) == []
    assert told(20, 70, 80) == ["exit"]
    assert told(70, 80, 30, 20, -5, -8) == ["exit", "enter"]


BOW_TIE = [[60.169, 24.938], [60.171, 24.942], [60.169, 24.942], [60.171, 24.938]]


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        (SQUARE, ""),
        (BOW_TIE, "Two sides of the outline cross near 60.17"),
        (SQUARE[:2], "An outline has 3 to 200 corners; this one has 2"),
        (
            [[60.17, 24.94], [60.17, 24.9401], [60.1701, 24.94]],
            "The area is too small: 6 m by 11 m",
        ),
        (
            [[60.17, 24.9], [60.17, 24.95], [60.1701, 24.95], [60.1701, 24.9]],
            "The area is too small",
        ),
        ([[60.17, 24.9], [60.17, 24.95], [60.17, 25.0]], "Two sides|too small"),
        ([[50, 0], [50, 10], [55, 10], [55, 0]], "The area is too large: "),
    ],
)
def test_an_outline_that_cannot_be_watched_says_why(ring, words):
    fault = outline_fault(ring)
    assert bool(fault) == bool(words)
    assert any(one in fault for one in words.split("|"))


def test_an_outline_across_the_date_line_stays_in_one_piece():
    ring = [[-17.0, 179.99], [-17.0, -179.99], [-17.02, -179.99], [-17.02, 179.99]]
    assert outline_fault(ring) == ""
    assert (
        beyond_outline(ring, (-17.01, 180.0)) < -1000 and beyond_outline(ring, (-17.01, 179.9)) > 0
    )


def test_corners_that_stand_twice_are_one():
    assert tidy([*SQUARE, SQUARE[0]]) == SQUARE
    assert tidy([SQUARE[0], *SQUARE]) == SQUARE
    assert tidy([]) == [] and tidy([[1, 2]]) == [[1, 2]]


def test_how_far_the_innermost_place_is_from_the_edge():
    assert half_width(SQUARE) == pytest.approx(111, abs=3)
