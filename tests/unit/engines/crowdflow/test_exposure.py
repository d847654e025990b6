"""Time in view of overlooks: seconds of the principal's own way, and what lowers them."""

import pytest
from tests.unit.engines.crowdflow.plans import box, feature, line, plan
from tests.unit.engines.crowdflow.test_cover import way

from varangian.engines.crowdflow.cover import exposure
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused

ROOM = box("room", "area", 0, 0, 20, 10)
WEST = line("west", "door", (0, 4), (0, 6), leads="outside", entrance=True)


def told(*features):
    return exposure(read_venue(plan(ROOM, WEST, *features)).venue)


def overlook(name, /, *points, **props):
    return feature(name, "overlook", "LineString", [list(p) for p in points], **props)


BALCONY = overlook("b", (19.5, 1), (19.5, 9), use="balcony", name="East balcony")


def test_all_of_an_open_way_is_in_view_for_as_long_as_it_takes():
    found = told(way("in", (1, 5), (11, 5), minutes=1), BALCONY)
    assert found.planned == found.whole == (60, 60) and found.share == 1
    (stretch,) = found.stretches
    assert stretch.part == "in" and stretch.metres == (0, 10)
    assert found.overlooks[0].name == "East balcony" and found.overlooks[0].share == 1
    assert "60 s of 60 s" in found.words


def test_a_rope_line_takes_the_time_of_the_planner():
    found = told(way("rope", (1, 5), (16, 5), rope=True), BALCONY)
    assert found.whole == (30, 50)


def test_a_wall_leaves_the_stretch_before_it_out_of_view():
    wall = line("w", "wall", (10, 0), (10, 10))
    gap = line("gap", "door", (10, 4.5), (10, 5.5))
    behind = told(way("in", (1, 1), (19, 1), minutes=3), BALCONY, wall)
    assert behind.share == pytest.approx(0.5, abs=0.06)
    assert behind.stretches[0].metres[0] == pytest.approx(9, abs=1)
    through = told(way("in", (1, 5), (9, 5), minutes=1), BALCONY, wall, gap)
    assert through.share == 1
    """A door may stand open: what might be seen counts as seen."""


def test_another_level_is_not_in_view():
    found = exposure(
        read_venue(
            plan(ROOM, WEST, box("up", "area", 0, 0, 20, 10, level=1),
                 way("in", (1, 5), (11, 5)), overlook("b", (19, 1), (19, 9), level=1))
        ).venue
    )  # fmt: skip
    assert found.share == 0 and not found.stretches


def test_a_window_across_the_street_is_stopped_by_what_is_drawn():
    street = feature("across", "overlook", "Point", [10, -30])
    walk = way("in", (2, 5), (18, 5), minutes=1)
    assert told(walk, street).share == 1
    assert told(walk, street, line("front", "wall", (0, 0), (20, 0))).share == 0


def test_what_lowers_it():
    rail = line("rail", "barrier", (1, 6), (19, 6))
    walk = way("rope", (2, 5), (12, 5), rope=True)
    south = overlook("s", (2, 9.5), (18, 9.5))
    found = told(walk, rail, south)
    assert [(one.what, one.seconds) for one in found.lowers] == [
        ("Close the overlook s", (0, 0)),
        ("Make the barrier rail a screen", (0, 0)),
    ]
    both = told(walk, south, BALCONY)
    assert both.lowers == ()
    """Two that see the same: closing one of them saves nothing, and nothing is promised."""
    screen = line("screen", "barrier", (1, 6), (19, 6), opaque=True)
    other = told(way("rope", (2, 7), (12, 7), rope=True), screen, south)
    assert any("other side of the barrier screen" in one.what for one in other.lowers)


def test_another_door():
    east = line("east", "door", (20, 4), (20, 6), leads="outside")
    walls = line("w", "wall", (9, 3), (9, 10))
    seen = overlook("s", (1, 9.5), (8, 9.5))
    found = told(way("in", (0.5, 5), (14, 2)), east, walls, seen)
    assert any(one.what == "Use the door east for way in" for one in found.lowers)
    assert not any("west" in one.what for one in found.lowers)


def test_nothing_is_ranked_no_distance_is_told_and_none_is_sought():
    walk = way("in", (1, 5), (11, 5))
    far = overlook("far", (19.5, 1), (19.5, 2))
    near = overlook("near", (12, 1), (12, 9))
    found = told(walk, far, near, line("w", "wall", (11.5, 0), (11.5, 4)))
    assert [one.id for one in found.overlooks] == ["far", "near"]
    keys = set(vars(found.overlooks[0])) | set(vars(found.stretches[0])) | set(vars(found))
    assert not {key for key in keys if any(w in key for w in ("distance", "range", "rank", "best"))}
    assert set(vars(found.overlooks[0])) == {"id", "name", "use", "level", "seconds", "share"}


def test_what_is_missing_is_said():
    with pytest.raises(Refused, match="no overlook"):
        told(way("in", (1, 5), (11, 5)))
    with pytest.raises(Refused, match="no way of the principal"):
        told(BALCONY)
