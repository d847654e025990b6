"""Behaviour rules: speed against the real time of twelve cameras, what is missed, what is wrong.

Twelve cameras with 50 tracks at 5 frames a second are 3,000 tracks a second, nine rules on each.
Scripted scenes with a noisy detector: intrusions not told, and events on normal scenes. A number
behind the name plays so many scripts a rule and so many normal hours: the table of the docs.
JSON to standard output.
"""

import json
import sys
import time
from collections import Counter

import numpy as np
from tests.unit.engines.behaviours.behaviour_scenes import (
    FPS,
    SCRIPTS,
    SIZE,
    Noise,
    Play,
    intrusion,
    normal,
    rules_text,
    told,
    walk,
)

from varangian.engines.vision.behaviours import read
from varangian.engines.vision.model import Event

CAMERAS, TRACKS = 12, 50
LEARN_S = 200.0


def events(play: Play) -> list[Event]:
    rules = read(rules_text(), SIZE)
    return [one for at, seen in play.frames() for rule in rules for one in rule.look(at, seen)]


def speed(seconds: float = 20) -> dict:
    rng = np.random.default_rng(1)
    actors = [
        walk(0, [(rng.uniform(-6, 6), rng.uniform(9, 20)) for _ in range(12)])
        for _ in range(TRACKS)
    ]
    frames = list(Play(actors, seconds, Noise(miss=0)).frames())
    rules = read(rules_text(), SIZE)
    count, begun = 0, time.process_time()
    for at, seen in frames:
        count += len(seen)
        for rule in rules:
            rule.look(at, seen)
    rate = count / (time.process_time() - begun)
    needed = CAMERAS * TRACKS * FPS
    return {
        "rules": len(rules),
        "tracks_a_second_of_processor": round(rate),
        "needed_for_12_cameras": needed,
        "times_real_time_on_one_core": round(rate / needed, 2),
    }


def missed(scripts: int) -> dict:
    found = {}
    for name in SCRIPTS:
        lost = 0
        for seed in range(scripts):
            script = intrusion(name, seed, LEARN_S if name == "counter-flow" else 20.0)
            actors = [*script.actors, *normal(script.seconds, seed)]
            lost += not told(events(Play(actors, script.seconds, seed=seed)), script)
        found[name] = {"scripts": scripts, "missed": lost}
    return found


def false(hours: int) -> dict:
    said: Counter[str] = Counter()
    for hour in range(hours):
        play = Play(normal(3600, 500 + hour), 3600, seed=500 + hour)
        said.update(one.detail["rule"] for one in events(play))
    return {
        "normal_hours": hours,
        "false_events": dict(said),
        "a_camera_day": round(sum(said.values()) * 24 / hours, 2),
    }


def main(scripts: int = 3, hours: int = 1) -> dict:
    return {
        "bench": "behaviours",
        "speed": speed(),
        "missed": missed(scripts),
        "normal": false(hours),
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3])), indent=2))
