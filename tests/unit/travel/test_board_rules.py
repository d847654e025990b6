"""What the positions of a leg say: corridor with two signs, stops, silence, late lines, arrival."""

from datetime import UTC, datetime

import numpy as np
import pytest

from varangian.engines.routing import match
from varangian.engines.routing.match import Fix
from varangian.kernel.results import Refused
from varangian.travel.board import marks as marking
from varangian.travel.board import rules
from varangian.travel.board.marks import Mark
from varangian.travel.board.rules import Known, Limits

LAT, LON = 54.5, 11.0
NORTH = 111_195.0
EAST = NORTH * np.cos(np.radians(LAT))
LIMITS = Limits(corridor_m=100, silence_s=60, stop_s=120, late_s=60)
MARKS = [Mark("m1", "report", "Bridge", 1000, "AMBER"), Mark("m2", "hold", "Square", 2000, "", 60)]
LINE = match.line([(LON, LAT), (LON + 3000 / EAST, LAT)], 300.0)


def fix(at, x, y=0.0, accuracy=8.0):
    return Fix(float(at), LON + x / EAST, LAT + y / NORTH, accuracy)


def drive(*rows, known=None, marks=MARKS, limits=LIMITS):
    known = known or Known()
    for row in rows:
        known = rules.heard(LINE, marks, limits, known, fix(*row))
    return known


def wrong(known, at, due=None, limits=LIMITS, marks=MARKS):
    return {one.name: one for one in rules.alarms(LINE, marks, limits, known, at, due or {})}


def test_outside_takes_two_fixes_and_inside_takes_two():
    known = drive((0, 0), (10, 100), (20, 200, 300))
    assert not known.off and not wrong(known, 21)
    known = drive((30, 250, 300), known=known)
    assert known.off and set(wrong(known, 31)) == {"corridor"}
    assert "300 m off" in wrong(known, 31)["corridor"].body
    known = drive((40, 300, 90), known=known)
    assert known.off, "on the edge it is not yet inside"
    known = drive((50, 400), (60, 500, 300), (70, 600), known=known)
    assert known.off, "one inside and one outside do not make two"
    known = drive((80, 700), known=known)
    assert not known.off and not wrong(known, 81)


def test_a_coarse_fix_accuses_nobody():
    assert not drive((0, 0), (10, 100, 150, 80.0), (20, 200, 150, 80.0)).off


def test_a_stop_counts_where_none_is_planned():
    at = lambda x: drive((0, 0), *((10 + 20 * n, x) for n in range(8)))  # noqa: E731
    assert set(wrong(at(1500), 151)) == {"stop"}
    assert not wrong(at(2050), 151), "a hold point"
    assert not wrong(at(2950), 151) and not wrong(at(40), 151), "the ends"
    assert set(wrong(at(1000), 151)) == {"stop"}, "a report line is no place to stand"
    known = drive((170, 1600), known=at(1500))
    assert not wrong(known, 171)


def test_silence_claims_nothing_else():
    due = {"m1": 100.0}
    known = drive((0, 0), (10, 100))
    assert set(wrong(known, 75, due)) == {"silence"}
    assert set(wrong(known, 400, due)) == {"silence"}, "a line is not late while nothing is known"
    assert "Nothing else is known" in wrong(known, 400)["silence"].body
    known = drive((405, 900), known=known)
    assert set(wrong(known, 406, due)) == {"late:m1"}
    assert set(wrong(Known(), 61)) == {"silence"} and not wrong(Known(), 59)


def test_a_word_of_the_radio_breaks_the_silence():
    known = rules.reported(drive((0, 0)), MARKS[0], 90)
    assert not wrong(known, 100) and set(wrong(known, 151)) == {"silence"}


def test_by_radio_alone_lines_are_late_and_nobody_is_silent():
    radio = Limits(silence_s=None, late_s=60)
    due = {"m1": 100.0, "m2": 220.0}
    assert not wrong(Known(), 159, due, radio)
    assert set(wrong(Known(), 161, due, radio)) == {"late:m1"}
    assert not wrong(rules.reported(Known(), MARKS[0], 161), 170, due, radio)


def test_marks_are_passed_by_position():
    known = drive((0, 0), (90, 900), (110, 1100), (250, 2500))
    assert known.passed == {"m1": 110.0, "m2": 250.0}
    assert not wrong(known, 255, {"m1": 0.0, "m2": 0.0})
    assert not rules.arrived(LINE, known) and rules.arrived(LINE, drive((290, 2960), known=known))


def test_driving_back_is_told():
    known = drive((0, 0), (60, 1500), (80, 1250), (90, 1200))
    assert set(wrong(known, 91)) == {"back"} and known.progress.along_m == pytest.approx(
        1500, abs=2
    )


def test_pace_leaves_planned_holds_out():
    known = drive((0, 0), (200, 2000), (380, 2600))
    assert rules.pace(LINE, MARKS, known) == pytest.approx((380 - 60 + 120) / (260 + 120), rel=0.02)
    assert rules.pace(LINE, MARKS, Known()) == 1.0
    assert rules.done_s(LINE, MARKS, known, 30) == pytest.approx(30 + 60 + 260, abs=1)


def test_what_is_known_survives_the_table():
    known = drive((0, 0), (10, 100), (20, 200, 300), (30, 1200))
    assert rules.known_of(known.shape()) == known
    assert rules.known_of({}) == Known()


def test_marks_are_proposed_on_the_line_and_apart():
    places = [("Bridge", LAT, LON + 1500 / EAST), ("Beside", LAT, LON + 1600 / EAST),
              ("Far", LAT + 0.02, LON), ("Door", LAT, LON + 50 / EAST)]  # fmt: skip
    (only,) = marking.propose(LINE, places)
    assert (only.name, only.code, only.kind) == ("Bridge", "AMBER", "report")
    assert [mark.along_m for mark in marking.propose(LINE, [])] == pytest.approx(
        [1000, 2000], abs=5
    )


def test_marks_as_typed():
    rows = [{"name": "Square", "kind": "hold", "km": "2,0", "stay_min": "2"},
            {"name": "Bridge", "km": 1, "code": "amber"}]  # fmt: skip
    first, second = marking.checked(LINE, rows)
    assert (first.name, first.code, first.id) == ("Bridge", "AMBER", "m1")
    assert (second.stay_s, second.along_m, second.id) == (120, 2000, "m2")
    assert marking.planned_s(LINE, [first, second], 60)["m2"] == pytest.approx(260, abs=1)
    parts = marking.parts(LINE, [first, second], 60, 0.2, datetime(2027, 1, 11, tzinfo=UTC))
    assert [part.name for part in parts] == ["loading", "m1", "m2", "hold m2", "arrival"]
    assert sum(part.likely_s for part in parts) == pytest.approx(60 + 300 + 120, abs=1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "", "km": 1}, "has a name"),
        ({"name": "A", "km": 9}, "not on the route"),
        ({"name": "A", "km": "far"}, "no number"),
        ({"name": "A", "km": 1, "kind": "dance"}, "no such mark"),
        ({"name": "A", "km": 1, "kind": "hold", "stay_min": 999}, "0 to 240"),
    ],
)
def test_a_bad_mark_is_told(row, words):
    with pytest.raises(Refused, match=words):
        marking.checked(LINE, [row])


def test_a_code_word_stands_for_one_mark():
    rows = [{"name": "A", "km": 1, "code": "X"}, {"name": "B", "km": 2, "code": "x"}]
    with pytest.raises(Refused, match="one mark"):
        marking.checked(LINE, rows)


def test_marks_move_to_a_new_line_that_passes_them():
    other = match.line([(LON + 900 / EAST, LAT), (LON + 1500 / EAST, LAT)], 60.0)
    (kept,) = marking.moved(LINE, other, MARKS, 50)
    assert kept.name == "Bridge" and kept.along_m == pytest.approx(100, abs=2)
