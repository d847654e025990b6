"""Walks behind the principal: how many followers are found, and what is said of usual passers-by.

Invented streets with four cameras, a phone that is wrong by metres and an officer close behind.
The seeds begin where those end that the limits were set with. A number behind the name plays so
many scenes of each kind. The peer holds each track against the principal's own by the same way at
the same lag alone, as the command line does with recorded tracks. JSON to standard output.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from varangian.engines.vision.behaviours.behind import behind
from varangian.engines.vision.behaviours.following import GroundTrack, following

STREET = ((0, 0), (90, 0), (90, 80), (220, 80), (220, 160), (300, 160))
CAMERAS = {"a": (70, 120), "b": (150, 200), "c": (285, 335), "d": (360, 410)}
PARTS = [float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise(STREET)]
WHOLE = sum(PARTS)
FIRST_SEED = 5000
STARTS, HOURS = 1000.0, (400.0, 1600.0)


@dataclass(frozen=True)
class Scene:
    name: str
    tail: bool = False
    a_minute: float = 6
    one_pace: bool = False
    stops: bool = True


SCENES = (
    Scene("a follower", tail=True),
    Scene("a follower, 15 a minute", tail=True, a_minute=15),
    Scene("nobody", a_minute=6),
    Scene("nobody, 15 a minute", a_minute=15),
    Scene("nobody, all at the same pace", one_pace=True),
    Scene("nobody, no stop", stops=False),
)


@dataclass(frozen=True)
class Walk:
    at: np.ndarray
    gone: np.ndarray
    spot: np.ndarray


def spot_of(metres: float) -> tuple[float, float]:
    for (start, end), long in zip(pairwise(STREET), PARTS, strict=True):
        if metres <= long:
            share = metres / long
            return (
                start[0] + share * (end[0] - start[0]),
                start[1] + share * (end[1] - start[1]),
            )
        metres -= long
    return STREET[-1]


def walk(
    start: float, pace: float, stop: float | None, wait: float, side: float, back: bool = False
) -> Walk:
    """``stop``: after so many metres stands ``wait`` seconds; ``side``: metres beside the line."""
    t = np.arange(0, WHOLE / pace + wait, 1.0)
    gone = t * pace
    if stop is not None:
        until = stop / pace
        gone = np.where(t > until, (t - np.clip(t - until, 0, wait)) * pace, gone)
    gone = WHOLE - gone if back else gone
    spots = np.array([spot_of(float(np.clip(one, 0, WHOLE))) for one in gone]) + side
    return Walk(start + t, gone, spots)


def seen(name: str, one: Walk, chance: np.random.Generator) -> Iterator[GroundTrack]:
    for camera, (near, far) in CAMERAS.items():
        here = np.flatnonzero((one.gone >= near) & (one.gone <= far))
        if len(here) > 4:
            spots = one.spot[here] + chance.normal(0, 0.35, (len(here), 2))
            name_here = f"{name}-{camera}"
            yield GroundTrack(name_here, camera, one.at[here], spots[:, 0], spots[:, 1])


def phone(one: Walk, chance: np.random.Generator) -> GroundTrack:
    """A fix each 5 s whose error wanders."""
    here = np.arange(0, len(one.at), 5)
    error = np.zeros((len(here), 2))
    for k in range(1, len(here)):
        error[k] = 0.8 * error[k - 1] + chance.normal(0, 2.4, 2)
    spots = one.spot[here] + error
    return GroundTrack("p", "phone", one.at[here], spots[:, 0], spots[:, 1])


def crossing(chance: np.random.Generator) -> Iterator[GroundTrack]:
    for k in range(30):
        camera = list(CAMERAS)[k % len(CAMERAS)]
        middle = np.array(spot_of(sum(CAMERAS[camera]) / 2))
        way = chance.normal(0, 1, 2)
        at = np.arange(start := chance.uniform(900, 1400), start + 30, 1.0)
        spots = middle + (at - start - 15)[:, None] * way / np.linalg.norm(way) * 1.3
        yield GroundTrack(f"x{k}", camera, at, spots[:, 0], spots[:, 1])


def passers_by(scene: Scene, pace: float, chance: np.random.Generator) -> Iterator[GroundTrack]:
    at = HOURS[0]
    while at < HOURS[1]:
        at += chance.exponential(60 / scene.a_minute)
        own = pace if scene.one_pace else float(np.clip(chance.normal(1.34, 0.2), 0.8, 2))
        rests = chance.random() < 0.2
        stop, wait = (chance.uniform(0, WHOLE), chance.uniform(5, 30)) if rests else (None, 0.0)
        side, back = chance.uniform(-2, 2), chance.random() < 0.5
        yield from seen(f"c{at:.0f}", walk(at, own, stop, wait, side, back), chance)


def played(scene: Scene, seed: int) -> tuple[GroundTrack, list[GroundTrack], list[GroundTrack]]:
    chance = np.random.default_rng(seed)
    pace = chance.uniform(1.1, 1.45)
    stop = chance.uniform(160, 190) if scene.stops else None
    wait = chance.uniform(20, 45) if scene.stops else 0.0
    own = walk(STARTS, pace, stop, wait, 0.0)
    rear = walk(STARTS + chance.uniform(3, 7), pace, stop, wait, 0.5)
    found = [*seen("own", own, chance), *seen("rear", rear, chance)]
    device, team = phone(own, chance), [phone(rear, chance)]
    if scene.tail and stop is not None:
        lag, like = chance.uniform(12, 60), chance.uniform(0.99, 1.01)
        halt, side = stop - chance.uniform(0, 10), chance.uniform(-1, 1)
        found += seen("tail", walk(STARTS + lag, pace * like, halt, wait, side), chance)
    found += [*passers_by(scene, pace, chance), *crossing(chance)]
    return device, team, found


def is_tail(tracks: tuple[tuple[str, str], ...]) -> bool:
    return any(name.startswith("tail") for _, name in tracks)


def measured(scene: Scene, count: int) -> dict[str, object]:
    hits = wrong = peer_wrong = 0
    spent = peer_spent = 0.0
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        device, team, tracks = played(scene, seed)
        began = time.process_time()
        walks = behind(device, team, tracks)
        spent += time.process_time() - began
        hits += any(is_tail(one.tracks) for one in walks)
        wrong += any(not is_tail(one.tracks) for one in walks)
        began = time.process_time()
        own = [one for one in tracks if one.name.startswith("own")]
        others = [one for one in tracks if not one.name.startswith(("own", "rear"))]
        peer = following(own, others)
        peer_spent += time.process_time() - began
        peer_wrong += any(not is_tail(one.tracks) for one in peer)
    return {
        "scene": scene.name,
        "scenes": count,
        "follower_found": hits if scene.tail else None,
        "somebody_else_shown": wrong,
        "peer_somebody_else_shown": peer_wrong,
        "cpu_s_each": round(spent / count, 3),
        "peer_cpu_s_each": round(peer_spent / count, 3),
    }


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(json.dumps([measured(scene, count) for scene in SCENES], indent=2))
