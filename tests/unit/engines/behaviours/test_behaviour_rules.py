"""Scripted scenes: what must be told is told, and what is usual is not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.unit.engines.behaviours.behaviour_scenes import (
    QUIET,
    SCRIPTS,
    SIZE,
    Actor,
    Noise,
    Play,
    carried,
    intrusion,
    normal,
    project,
    rules_text,
    stays,
    told,
    walk,
)

from varangian.engines.vision.behaviours import read

LEARN_S = {"counter-flow": 200.0}


def played(play: Play, text: str = "", **given) -> list:
    rules = read(text or rules_text(), SIZE, **given)
    return [event for at, seen in play.frames() for rule in rules for event in rule.look(at, seen)]


def names(events) -> list[str]:
    return [event.detail["rule"] for event in events]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SCRIPTS)
def test_no_scripted_intrusion_is_missed(name, seed):
    script = intrusion(name, seed, LEARN_S.get(name, 20.0))
    actors = [*script.actors, *normal(script.seconds, seed)]
    events = played(Play(actors, script.seconds, seed=seed))
    assert told(events, script)


@pytest.mark.parametrize("name", SCRIPTS)
def test_alone_and_without_noise_only_the_rule_in_question_speaks(name):
    script = intrusion(name, 1, LEARN_S.get(name, 20.0))
    events = played(Play(list(script.actors), script.seconds, QUIET))
    assert told(events, script)
    assert set(names(events)) == {script.rule}


def test_twenty_usual_minutes_bring_at_most_one_event():
    assert len(played(Play(normal(1200, 3), 1200, seed=3))) <= 1


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_event_has_words_figures_and_tracks(name):
    script = intrusion(name, 2, LEARN_S.get(name, 20.0))
    events = played(Play(list(script.actors), script.seconds, QUIET))
    for event in events:
        assert event.name.startswith("behaviour.") and event.detail["figures"]
        assert event.detail["words"].startswith(event.detail["title"] + ": ")
        assert event.detail["words"].endswith(".") and event.detail["tracks"]
        assert event.track is None or event.track in event.detail["tracks"]


def test_one_who_stays_in_a_zone_is_told_once():
    who = walk(5, [(4, 12), (4, 18, 200), (4, 12)])
    assert names(played(Play([who], 230))) == ["yard"]


def test_one_who_comes_again_is_told_again_after_the_pause():
    who = walk(5, [(4, 12), (4, 18), (4, 12, 70), (4, 18), (4, 12)])
    assert names(played(Play([who], 120, QUIET))) == ["yard", "yard"]


def test_walking_along_the_edge_of_a_zone_is_not_in_it():
    edge = [walk(5 + 20 * k, [(1, 15.2 + 0.05 * k), (8, 15.2 + 0.05 * k)]) for k in range(8)]
    assert "yard" not in names(played(Play(edge, 170, Noise(miss=0, jitter_px=0.8))))


def test_a_box_over_the_zone_whose_foot_is_outside_is_not_in_it():
    """Frigate #3583: somebody in front of the zone covers it with his head."""
    assert "yard" not in names(played(Play([walk(5, [(4, 13, 60), (4.1, 13)])], 70, QUIET)))


def test_luggage_fetched_in_time_or_watched_is_no_event():
    owner = walk(5, [(-8, 12), (0, 12, 2), (4, 12), (0, 12), (8, 12)])
    bag = carried(owner, owner.path[1][0] + 1)
    bag = stays(bag, owner.path[4][0] - bag.path[-1][0])
    back = walk(bag.path[-1][0], [(0.4, 12), (8, 12)])
    bag = Actor((*bag.path, *back.path[1:]), "suitcase")
    assert played(Play([owner, bag], 60, QUIET)) == []
    sitting = walk(5, [(-8, 12), (-6.5, 12, 90), (-6.4, 12)])
    beside = stays(carried(sitting, sitting.path[1][0]), 88)
    assert "luggage" not in names(played(Play([sitting, beside], 95)))


def test_luggage_nobody_brought_is_told_later_and_says_so():
    bag = Actor(((0, 0, 12), (200, 0, 12)), "suitcase")
    (event,) = played(Play([bag], 200))
    assert event.at > 119 and event.detail["figures"]["owner"] is None
    assert "nobody was seen" in event.detail["words"]


def test_four_seconds_apart_at_a_door_is_no_tailgating():
    points = [(-3.5, 12), (-3.5, 21)]
    assert played(Play([walk(5, points, 1.2), walk(9.2, points, 1.2)], 30)) == []


def test_the_figures_of_a_door_are_those_of_the_script():
    points = [(-3.5, 12), (-3.5, 21)]
    events = played(Play([walk(5, points, 1.2), walk(6.4, points, 1.2)], 30, QUIET))
    (event,) = events
    assert event.detail["figures"]["gap_s"] == pytest.approx(1.4, abs=0.25)
    assert event.detail["tracks"] == [0, 1]


def test_speed_is_measured_and_a_baseline_is_learnt():
    walkers = [walk(4 * k, [(-11, 12), (11, 12)], 1.4) for k in range(40)]
    runner = walk(180, [(-11, 13), (11, 13)], 5)
    (event,) = played(Play([*walkers, runner], 200, Noise(miss=0, switch_a_s=0, swap_a_s=0)))
    figures = event.detail["figures"]
    assert figures["mps"] == pytest.approx(5, rel=0.1) and figures["learnt"]
    assert figures["usual_mps"] == pytest.approx(1.4, abs=0.2)


def test_where_everybody_runs_nobody_is_told_for_running():
    runners = [walk(6 * k, [(-11, 12), (11, 12)], 3.2) for k in range(120)]
    late = [e for e in played(Play(runners, 720, QUIET)) if e.at > 400]
    assert late == []


def test_density_says_when_it_counts_too_few():
    rng = np.random.default_rng(0)
    people = [
        Actor(((0, x, y), (30, x, y)))
        for x, y in zip(rng.uniform(-3.8, 2.8, 70), rng.uniform(9.2, 13.8, 70), strict=True)
    ]
    events = [e for e in played(Play(people, 20, QUIET)) if e.detail["rule"] == "crowd"]
    figures = events[0].detail["figures"]
    assert figures["per_m2"] == pytest.approx(2, rel=0.05) and figures["under_counted"]
    assert "too few" in events[0].detail["words"]


HOURS = """
format: 1
picture: [768, 432]
time_zone: Europe/Helsinki
rules:
  - {id: night, rule: zone, area: [[0, 0], [768, 0], [768, 432], [0, 432]],
     hours: ["22:00-06:00"], days: [fri]}
"""
FRIDAY_22 = datetime(2027, 3, 5, 22, tzinfo=ZoneInfo("Europe/Helsinki")).timestamp()


@pytest.mark.parametrize(
    ("hour", "holds"), [(-0.1, False), (0.1, True), (7.9, True), (8.1, False), (24.1, False)]
)
def test_hours_run_over_midnight_and_belong_to_the_day_they_began(hour, holds):
    began = FRIDAY_22 + hour * 3600
    events = played(Play([walk(0, [(0, 12), (4, 12)])], 4), HOURS, began=began)
    assert bool(events) is holds


def test_a_source_without_a_wall_clock_says_that_hours_were_not_applied():
    (event,) = played(Play([walk(0, [(0, 12), (4, 12)])], 4, QUIET), HOURS)
    assert "no wall clock" in event.detail["hours"]


def test_one_who_was_there_before_the_hours_begin_is_told_when_they_do():
    events = played(Play([walk(0, [(0, 12, 60), (1, 12)])], 60, QUIET), HOURS, began=FRIDAY_22 - 30)
    assert [event.at for event in events] == [pytest.approx(30, abs=0.3)]


def test_rules_in_pixels_work_without_ground():
    x, y = project(0, 12)
    text = f"""
format: 1
picture: [768, 432]
rules:
  - {{id: here, rule: loitering, area: [[{x - 90}, {y - 50}], [{x + 90}, {y - 50}],
      [{x + 90}, {y + 50}], [{x - 90}, {y + 50}]], within_px: 60, seconds: 40}}
"""
    (event,) = played(Play([walk(5, [(0, 12, 50), (1, 12)])], 60), text)
    assert "net_px" in event.detail["figures"] and "metres" not in event.detail


def test_frames_of_another_size_of_the_same_shape_are_the_same_scene():
    script = intrusion("zone", 1)
    rules, found = read(rules_text(), (1536, 864)), []
    for at, seen in Play(list(script.actors), script.seconds, QUIET).frames():
        twice = [
            type(one)(one.track, at, one.kind, tuple(2 * v for v in one.box), one.score)
            for one in seen
        ]
        found += [event for rule in rules for event in rule.look(at, twice)]
    assert told(found, script)
