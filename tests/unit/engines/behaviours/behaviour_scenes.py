"""Scripted scenes in front of an invented camera: who walks where, and what a detector makes of it.

The world is in metres, x to the right and y away from a camera 6 m above (0, 0) that looks 25
degrees down. A detector misses, trembles, changes numbers, swaps them, and sees what is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import cos, radians, sin

import numpy as np

from varangian.engines.vision.model import Tracked

SIZE = (768, 432)
FOCAL, HEIGHT, PITCH = 600.0, 6.0, radians(25)
FPS = 5.0
BODIES = {
    "person": (0.5, 1.7), "car": (4.2, 1.5), "suitcase": (0.5, 0.6),
}  # fmt: skip
CORNERS = ((-5, 8), (5, 8), (-8, 18), (8, 18), (0, 12), (-10, 30))

RULES = """
format: 1
camera: The yard of an invented house
picture: [768, 432]
ground:
{ground}
rules:
  - {{id: yard, rule: zone, in: metres, area: [[2, 16], [7, 16], [7, 22], [2, 22]]}}
  - {{id: fence, rule: line, in: metres, line: [[-9, 16.5], [-6, 16.5]]}}
  - {{id: court, rule: loitering, in: metres, area: [[-4, 9], [3, 9], [3, 14], [-4, 14]], seconds: 60, within_m: 6}}
  - {{id: door, rule: tailgating, in: metres, line: [[-4.5, 17], [-2.5, 17]], direction: out, gap_s: 2.5}}
  - {{id: runner, rule: running}}
  - {{id: lane, rule: counter-flow, in: metres, area: [[-5, 6.9], [5, 6.9], [5, 8.3], [-5, 8.3]], least_m: 2}}
  - {{id: crowd, rule: density, in: metres, area: [[-4, 9], [3, 9], [3, 14], [-4, 14]], per_m2: 0.5}}
  - {{id: luggage, rule: abandoned}}
  - {{id: kerb, rule: stopped, in: metres, area: [[-20, 23], [20, 23], [20, 29], [-20, 29]], seconds: 30}}
"""  # noqa: E501


def project(x: float, y: float, z: float = 0.0) -> tuple[float, float]:
    depth = y * cos(PITCH) + (HEIGHT - z) * sin(PITCH)
    down = (HEIGHT - z) * cos(PITCH) - y * sin(PITCH)
    return SIZE[0] / 2 + FOCAL * x / depth, SIZE[1] / 2 + FOCAL * down / depth


def rules_text() -> str:
    rows = []
    for x, y in CORNERS:
        u, v = project(x, y)
        rows.append(f"  - {{picture: [{u:.2f}, {v:.2f}], metres: [{x}, {y}]}}")
    return RULES.format(ground="\n".join(rows))


@dataclass(frozen=True)
class Actor:
    """``path``: (seconds, x, y) knots; there from the first to the last."""

    path: tuple[tuple[float, float, float], ...]
    kind: str = "person"

    def at(self, t: float) -> tuple[float, float] | None:
        knots = np.array(self.path)
        if not knots[0, 0] <= t <= knots[-1, 0]:
            return None
        return tuple(float(np.interp(t, knots[:, 0], knots[:, k])) for k in (1, 2))


@dataclass(frozen=True)
class Noise:
    miss: float = 0.08
    jitter_px: float = 1.2
    switch_a_s: float = 0.01
    swap_a_s: float = 0.1
    phantom_a_s: float = 0.02


QUIET = Noise(0, 0, 0, 0, 0)


@dataclass
class Play:
    actors: list[Actor]
    seconds: float
    noise: Noise = field(default_factory=Noise)
    seed: int = 0
    start: float = 0.0

    def frames(self) -> Iterator[tuple[float, list[Tracked]]]:
        rng = np.random.default_rng(self.seed)
        numbers = list(range(len(self.actors)))
        fresh = len(self.actors)
        queue = sorted(range(len(self.actors)), key=lambda k: self.actors[k].path[0][0])
        live: list[int] = []
        for step in range(int(self.seconds * FPS)):
            t = step / FPS
            while queue and self.actors[queue[0]].path[0][0] <= t:
                live.append(queue.pop(0))
            live = [k for k in live if self.actors[k].path[-1][0] >= t]
            places = {k: self.actors[k].at(t) for k in live}
            for k in live:
                if rng.random() < self.noise.switch_a_s / FPS:
                    numbers[k], fresh = fresh, fresh + 1
            self._swap(rng, numbers, places)
            found = []
            for k, place in places.items():
                box = self._box(rng, self.actors[k].kind, *place)
                if box and rng.random() >= self.noise.miss:
                    kind = self.actors[k].kind
                    found.append(Tracked(numbers[k], self.start + t, kind, box, 0.8))
            if rng.random() < self.noise.phantom_a_s / FPS:
                fresh += 1
                x, y = rng.uniform(0, SIZE[0] - 40), rng.uniform(100, SIZE[1] - 90)
                box = (x, y, x + 30, y + 85)
                found.append(Tracked(fresh, self.start + t, "person", box, 0.4))
            yield self.start + t, found

    def _swap(self, rng: np.random.Generator, numbers: list[int], places: dict) -> None:
        people = [k for k in places if self.actors[k].kind == "person"]
        for i, a in enumerate(people):
            for b in people[i + 1 :]:
                near = np.hypot(*np.subtract(places[a], places[b])) < 0.8
                if near and rng.random() < self.noise.swap_a_s / FPS:
                    numbers[a], numbers[b] = numbers[b], numbers[a]

    def _box(self, rng, kind: str, x: float, y: float) -> tuple[float, ...] | None:
        wide, tall = BODIES[kind]
        (u, v), (_, top) = project(x, y), project(x, y, tall)
        half = abs(project(x + wide / 2, y)[0] - u)
        box = np.array([u - half, top, u + half, v]) + rng.normal(0, self.noise.jitter_px, 4)
        if box[2] < 8 or box[0] > SIZE[0] - 8 or box[1] > SIZE[1] - 15 or box[3] < 8:
            return None
        low, high = np.zeros(4), np.array([SIZE[0], SIZE[1]] * 2) - 1.0
        box = np.clip(box, low, high)
        return tuple(float(one) for one in box) if box[2] > box[0] and box[3] > box[1] else None


def walk(t: float, points, mps: float = 1.34, kind: str = "person") -> Actor:
    """From point to point; (x, y, seconds) waits there."""
    path = []
    for k, (x, y, *wait) in enumerate(points):
        if k:
            t += float(np.hypot(x - path[-1][1], y - path[-1][2])) / mps
        path.append((t, x, y))
        if wait:
            t += wait[0]
            path.append((t, x, y))
    return Actor(tuple(path), kind)


def carried(owner: Actor, until: float) -> Actor:
    """A suitcase half a metre beside its owner, left where the owner is at ``until``."""
    knots = [(t, x + 0.4, y) for t, x, y in owner.path if t < until]
    x, y = owner.at(until)
    return Actor((*knots, (until, x + 0.4, y)), "suitcase")


def stays(thing: Actor, seconds: float) -> Actor:
    t, x, y = thing.path[-1]
    return replace(thing, path=(*thing.path, (t + seconds, x, y)))


def normal(seconds: float, seed: int) -> list[Actor]:
    """What is usual: walkers, people who wait, a door used one by one, a one-way lane, cars."""
    rng = np.random.default_rng(10_000 + seed)
    actors: list[Actor] = []

    def often(a_minute: float) -> Iterator[float]:
        t = rng.exponential(60 / a_minute)
        while t < seconds - 30:
            yield t
            t += rng.exponential(60 / a_minute)

    for t in often(4):
        y, speed = rng.uniform(9, 15.4), float(np.clip(rng.normal(1.34, 0.26), 0.7, 2.0))
        end = y + rng.uniform(-1, 1)
        side = 1 if rng.random() < 0.5 else -1
        middle = (rng.uniform(-3, 3), y)
        wait = (rng.uniform(4, 35),) if rng.random() < 0.2 else ()
        points = [(-11 * side, y), (*middle, *wait), (11 * side, min(end, 15.4))]
        actors.append(walk(t, points, speed))
        if rng.random() < 0.2:
            actors.append(walk(t, [(x, v + 0.7, *w) for x, v, *w in points], speed))
        elif rng.random() < 0.25:
            bag = carried(actors[-1], actors[-1].path[-1][0])
            actors.append(bag)
    for t in np.cumsum(rng.uniform(7, 40, int(seconds / 20))):
        if t < seconds - 30:
            x = rng.uniform(-4.2, -2.8)
            actors.append(walk(float(t), [(x, 11), (-3.5, 16), (-3.5, 18.5), (-3.5, 21)], 1.2))
    for t in often(3):
        y = rng.uniform(7.1, 8.1)
        actors.append(walk(t, [(-7, y), (7, y)], float(rng.uniform(1.0, 1.6))))
    for t in often(1):
        stop = (rng.uniform(-5, 5), 26.0, rng.uniform(3, 12)) if rng.random() < 0.3 else (0, 26.0)
        actors.append(walk(t, [(-25, 26), stop, (25, 26)], 8.0, "car"))
    for t in often(0.2):
        x, y = rng.uniform(-6, 6), rng.uniform(10, 15)
        owner = walk(t, [(-11, y), (x, y, 45), (11, y)])
        down, up = owner.path[1][0], owner.path[2][0]
        bag = stays(carried(owner, down), up - down)
        away = walk(up, [(bag.path[-1][1], y), (11.4, y)])
        actors.append(replace(bag, path=(*bag.path, *away.path[1:])))
        actors.append(owner)
    return actors


@dataclass(frozen=True)
class Script:
    """What must be told: the rule, between when, and near whom (None: no place of its own)."""

    rule: str
    actors: tuple[Actor, ...]
    since: float
    until: float
    who: Actor | None
    seconds: float


def intrusion(name: str, seed: int, t: float = 20.0) -> Script:
    rng = np.random.default_rng(seed)
    return SCRIPTS[name](rng, t)


def _zone(rng, t: float) -> Script:
    x = rng.uniform(3, 6)
    deep = rng.uniform(17, 21)
    who = walk(t, [(x, 11), (x, deep, rng.uniform(0, 3)), (x, 11)], float(rng.uniform(0.6, 2.2)))
    return Script("yard", (who,), t, who.path[-1][0], who, 60)


def _line(rng, t: float) -> Script:
    x = rng.uniform(-8.5, -6.5)
    ys = (12, 21) if rng.random() < 0.5 else (21, 12)
    who = walk(t, [(x, ys[0]), (x, ys[1])], float(rng.uniform(0.6, 2.5)))
    return Script("fence", (who,), t, who.path[-1][0] + 1, who, 60)


def _loiter(rng, t: float) -> Script:
    spots = [(rng.uniform(-3, 2), rng.uniform(10, 13), rng.uniform(0, 10)) for _ in range(30)]
    who = walk(t, [(-11, 11), *spots], float(rng.uniform(0.3, 1.2)))
    long = [knot for knot in who.path if knot[0] < t + 120]
    who = replace(who, path=tuple(long))
    return Script("court", (who,), t + 60, t + 130, who, 150)


def _tailgate(rng, t: float) -> Script:
    points = [(-3.5, 12), (-3.5, 21)]
    first = walk(t, points, 1.2)
    second = walk(t + rng.uniform(0.8, 1.8), points, 1.2)
    return Script("door", (first, second), t, t + 12, second, 60)


def _run(rng, t: float) -> Script:
    y = rng.uniform(9, 15)
    side = 1 if rng.random() < 0.5 else -1
    who = walk(t, [(-11 * side, y), (11 * side, y)], float(rng.uniform(4, 6)))
    return Script("runner", (who,), t, t + 8, who, 60)


def _against(rng, t: float) -> Script:
    y = rng.uniform(7.2, 8.0)
    who = walk(t, [(7, y), (-7, y)], float(rng.uniform(0.8, 1.6)))
    lane = [walk(10.0 * k, [(-7, 7.6), (7, 7.6)], 1.3) for k in range(int(t / 10))]
    return Script("lane", (*lane, who), t, t + 25, who, t + 40)


def _crowd(rng, t: float) -> Script:
    people = tuple(
        walk(
            t + rng.uniform(0, 5),
            [(-11, 11), (rng.uniform(-3.7, 2.7), rng.uniform(9.3, 13.7), 25), (11, 11)],
        )
        for _ in range(int(rng.integers(24, 30)))
    )
    return Script("crowd", people, t, t + 45, None, 80)


def _leave(rng, t: float) -> Script:
    x, y = rng.uniform(-4, 4), rng.uniform(10, 15)
    owner = walk(t, [(-11, y), (x, y, rng.uniform(2, 6)), (11, y - 1)])
    down = owner.path[1][0] + 1
    bag = stays(carried(owner, down), 80)
    return Script("luggage", (owner, bag), down + 30, down + 60, bag, 130)


def _stop(rng, t: float) -> Script:
    car = walk(t, [(-25, 26), (rng.uniform(-8, 8), 26, 50), (25, 26)], 8.0, "car")
    return Script("kerb", (car,), t + 30, t + 60, car, 110)


SCRIPTS = {
    "zone": _zone, "line": _line, "loitering": _loiter, "tailgating": _tailgate, "running": _run,
    "counter-flow": _against, "density": _crowd, "abandoned": _leave, "stopped": _stop,
}  # fmt: skip


def told(events, script: Script) -> bool:
    """Is there an event of the rule, in time and (where it has a place) within 2 m of the one?"""
    for event in events:
        if event.detail["rule"] != script.rule or not script.since <= event.at <= script.until:
            continue
        if script.who is None:
            return True
        place, said = script.who.at(event.at), event.detail["metres"]
        if place and np.hypot(place[0] - said[0], place[1] - said[1]) < 2.5:
            return True
    return False
