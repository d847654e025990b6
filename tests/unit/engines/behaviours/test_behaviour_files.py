"""Files of rules: what is said of one that does not fit, and that nothing breaks a rule."""

import json
import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engines.behaviours.behaviour_scenes import SIZE, rules_text

from varangian.engines.vision.behaviours import ground_of, look_over, read, read_tracks, schema
from varangian.engines.vision.behaviours.hours import Hours
from varangian.engines.vision.behaviours.profile import KINDS
from varangian.engines.vision.behaviours.shapes import Area, Line
from varangian.engines.vision.model import Tracked
from varangian.kernel.results import Refused

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "behaviours.schema.json"
SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]
ZONE = {"id": "a", "rule": "zone", "area": SQUARE}


def text(*rules, **head) -> str:
    return json.dumps({"format": 1, "picture": [768, 432], **head, "rules": list(rules)})


def fault(*rules, **head):
    return look_over(text(*rules, **head)).faults[0]


def test_the_reference_holds_the_schema():
    assert json.loads(REFERENCE.read_text()) == schema()


def test_the_schema_knows_each_rule_with_its_keys():
    ways = schema()["properties"]["rules"]["items"]["oneOf"]
    assert [way["title"] for way in ways] == list(KINDS)
    assert all("id" in way["required"] and "in" in way["properties"] for way in ways)


@pytest.mark.parametrize(
    ("rule", "where", "mend"),
    [
        ({**ZONE, "rule": "zonne"}, "rules[0] a: rule", "zone"),
        ({**ZONE, "aera": SQUARE}, "rules[0] a: aera", "area"),
        ({"id": "a", "rule": "zone"}, "rules[0] a: area", "corners"),
        ({**ZONE, "area": [[0, 0], [9, 9]]}, "rules[0] a: area", "corners"),
        ({**ZONE, "area": [[0, 0], [90, 90], [90, 0], [0, 90]]}, "rules[0] a: area", "in order"),
        ({**ZONE, "area": [[0, 0], [90, 90], [45, 45]]}, "rules[0] a: area", "line"),
        ({**ZONE, "area": [[900, 0], [990, 90], [900, 90]]}, "rules[0] a: area", "768 x 432"),
        ({**ZONE, "hours": ["22-6"]}, "rules[0] a: hours", "22:00-06:00"),
        ({**ZONE, "in": "metres"}, "rules[0] a", "Add ground"),
        ({"id": "a", "rule": "running"}, "rules[0] a", "Add ground"),
        ({**ZONE, "rule": "loitering"}, "rules[0] a: within_m", "within_px"),
        ({"id": "a", "rule": "line", "line": [[5, 5], [5, 5]]}, "rules[0] a: line", "apart"),
        ("zone", "rules[0]", "id, rule"),
        ({**ZONE, "id": "A b"}, "rules[0] A b: id", "schema"),
    ],
)
def test_a_fault_says_which_rule_which_key_and_how_to_mend_it(rule, where, mend):
    found = fault(rule)
    assert found.where.startswith(where) and mend in found.mend and found.what


def test_the_good_rules_of_a_file_with_faults_are_counted():
    found = look_over(text(ZONE, {**ZONE, "id": "b", "rule": "no"}, {**ZONE, "id": "c"}))
    assert len(found.behaviours) == 2 and len(found.faults) == 1
    with pytest.raises(Refused):
        read(text(ZONE, {**ZONE, "rule": "no"}))


def test_an_id_stands_once():
    assert "twice" in fault(ZONE, ZONE).what


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("", "no keys"), ("[1]", "no keys"), ("a: [", "not valid YAML"), ("a: &x [*x]", "aliases"),
        ("format: 1\nformat: 1", "stands twice"), ("format: 1", "no rules"),
        ("format: 2\npicture: [768, 432]\nrules: [{}]", "format"),
        ("format: 1\npicture: [768]\nrules: [{}]", "picture"),
        ("format: 1\npicture: [768, 432]\ntime_zone: Moon/Far\nrules: [{}]", "time zone"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(words, what):
    with pytest.raises(Refused) as error:
        read(words)
    assert what in str(error.value) and error.value.mend


def test_frames_of_another_shape_are_refused():
    with pytest.raises(Refused, match="another shape"):
        read(text(ZONE), (640, 480))


def test_without_ground_it_is_said_that_rules_work_in_pixels():
    assert any("pixels only" in note for note in look_over(text(ZONE)).notes)
    assert not any("pixels only" in note for note in look_over(rules_text()).notes)


POINTS = [(100, 400), (600, 400), (250, 200), (500, 200)]


def test_a_homography_returns_its_points_and_knows_the_horizon():
    ground = ground_of(POINTS, [(0, 0), (10, 0), (0, 20), (10, 20)])
    found = ground.metres(np.array(POINTS, float))
    assert np.allclose(found, [(0, 0), (10, 0), (0, 20), (10, 20)], atol=1e-6)
    assert np.allclose(ground.picture(found), POINTS, atol=1e-6)
    assert np.isnan(ground.metres(np.array([[300.0, -1e4]]))).all()


@pytest.mark.parametrize(
    "metres", [[(0, 0), (1, 1), (2, 2), (3, 3)], [(0, 0)] * 4, [(0, 0), (10, 0), (10, 20)]]
)
def test_points_that_fix_no_ground_are_refused(metres):
    with pytest.raises(Refused) as error:
        ground_of(POINTS, metres)
    assert error.value.mend


def test_a_point_that_was_measured_wrongly_is_told():
    points = [*POINTS, (300, 300), (400, 250)]
    good = ground_of(POINTS, [(0, 0), (10, 0), (0, 20), (10, 20)]).metres(np.array(points, float))
    bad = [*map(tuple, good[:5]), (good[5][0] + 15, good[5][1])]
    with pytest.raises(Refused, match="miss each other"):
        ground_of(points, bad)


coordinate = st.floats(-500, 500)
point = st.tuples(coordinate, coordinate)


@given(st.lists(point, min_size=3, max_size=3, unique=True), point)
def test_a_point_is_inside_a_triangle_as_shapely_says(corners, where):
    import shapely

    triangle = shapely.Polygon(corners)
    depth = Area(tuple(corners)).depth(where, 1e6)
    spot = shapely.Point(where)
    if triangle.area > 1 and triangle.boundary.distance(spot) > 1e-6:
        assert (depth > 0) == triangle.contains(spot)
        assert abs(depth) == pytest.approx(triangle.boundary.distance(spot), rel=1e-6)


@given(point, point, point)
def test_the_sides_of_a_line_change_when_it_is_turned_round(a, b, where):
    if np.hypot(a[0] - b[0], a[1] - b[1]) > 1:
        assert Line(a, b).right(where) == pytest.approx(-Line(b, a).right(where), abs=1e-6)


def test_in_is_from_left_to_right_as_one_looks_along_the_line():
    assert Line((0, 100), (0, 0)).right((50, 50)) > 0, "upwards in the picture, right is right"


@given(st.floats(0, 3e9, allow_nan=False))
def test_hours_of_all_day_hold_always(at):
    from zoneinfo import ZoneInfo

    assert Hours((), frozenset(range(7)), ZoneInfo("UTC")).hold(at) is True


box = st.tuples(*[st.one_of(st.floats(-100, 1000), st.just(float("nan")), st.just(1e300))] * 4)
boxes = st.tuples(st.integers(0, 4), st.sampled_from(["person", "car", "suitcase", "cat"]), box)
moments = st.one_of(st.floats(0, 500), st.just(float("nan")), st.just(float("inf")))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(moments, st.lists(boxes, max_size=6)), max_size=25))
def test_jumps_in_time_empty_frames_and_boxes_that_are_none_break_nothing(frames):
    rules = read(rules_text(), SIZE)
    for at, seen in frames:
        tracked = [Tracked(track, at, kind, one, 0.5) for track, kind, one in seen]
        for rule in rules:
            for event in rule.look(at, tracked):
                json.dumps(event.detail, allow_nan=False)
    assert len(rules[0].frame.scene.movers) <= 6 * 25


def test_memory_stays_small_over_a_long_time():
    rules = read(rules_text(), SIZE)
    for k in range(3000):
        x = 100 + 500 * ((k * 7919) % 100) / 100
        seen = [Tracked(k, float(k), "person", (x, 200, x + 30, 300), 0.9)]
        for rule in rules:
            rule.look(float(k), seen)
    assert len(rules[0].frame.scene.movers) < 30
    assert all(len(rule.state) < 30 for rule in rules)


yamlish = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["id", "rule", "area", "line", "hours", "in", "picture", "x"]), inner
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(yamlish, st.sampled_from([*KINDS, "x"]))
def test_whatever_a_file_holds_is_read_or_refused(given_rule, kind):
    if isinstance(given_rule, dict):
        given_rule = {**given_rule, "rule": kind}
    document = {"format": 1, "picture": [768, 432], "rules": [given_rule]}
    with suppress(Refused):
        look_over(yaml.safe_dump(document))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_whatever_text_it_is_it_is_read_or_refused(words):
    with pytest.raises(Refused):
        look_over(words)


def test_lines_of_tracks_that_cannot_be_read_are_told_and_the_rest_goes_on():
    lines = [
        '{"at": 2, "track": 1, "kind": "person", "box": [0, 0, 5, 5]}', "{", '{"at": "x"}',
        '{"at": 1, "track": 1, "box": [0, 0, 5]}', '{"at": 1}', "", "[1]",
        '{"at": 1, "track": true, "box": [0, 0, 5, 5]}',
    ]  # fmt: skip
    frames, unread = read_tracks(lines)
    assert [at for at, _ in frames] == [1, 2] and len(frames[1][1]) == 1
    assert [one.line for one in unread] == [2, 3, 4, 7, 8]
    assert all(one.what and one.mend for one in unread)


def test_the_examples_of_the_how_to_can_be_used():
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "write-a-behaviour-rule.md").read_text()
    whole, *more = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    found = look_over(whole + "".join(more))
    assert found.faults == [] and len(found.behaviours) == 5
