"""Go now, hold, safe room or another vehicle: each with what it costs, side by side."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.principal.maps import FAR, WayMaps
from varangian.kernel.results import Refused

HOLDS = (15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0)
CROWD = 1.0
"""People on a square metre from which the principal is within the reach of many. Assumed."""
MOST_STEPS = 4000


@dataclass(frozen=True)
class Option:
    """Seconds: ``leave`` and ``arrive`` on the clock of the forecast, ``moving`` on the way,
    ``in_crowd`` of it among ``CROWD`` people a square metre or more."""

    what: str
    goal: str
    name: str
    leave: float
    moving: float
    arrive: float
    in_crowd: float
    most_per_m2: float
    metres: float
    way: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True)
class Advice:
    """``first`` and ``calmest`` are places in ``options``: arrives first, least time in the crowd.
    ``trade``: what the choice between them costs, in words. The leader decides."""

    at: tuple[float, float]
    level: int
    asked: float
    options: tuple[Option, ...]
    first: int
    calmest: int
    trade: str


def advise(maps: WayMaps, *, level: int, at: tuple[float, float], leave: float = 0.0) -> Advice:
    """Raises Refused where there is no floor, or no way to any goal."""
    cell = cell_at(maps, level, *at)
    now = [maps.look(k, cell, leave) for k in range(len(maps.goals))]
    if not np.isfinite(now).any():
        raise Refused("No way leads from here to a vehicle or safe room", "at", "Check the doors.")
    cars = [
        k for k, goal in enumerate(maps.goals) if goal.kind == "vehicle" and np.isfinite(now[k])
    ]
    cars.sort(key=lambda k: now[k])
    rooms = [k for k, goal in enumerate(maps.goals) if goal.kind == "safe_room"]
    rooms = sorted((k for k in rooms if np.isfinite(now[k])), key=lambda k: now[k])
    found: list[Option] = []
    if cars:
        found.append(_option(maps, "go now", cars[0], cell, leave))
        found += _holds(maps, cars[0], cell, leave)
    found += [_option(maps, "other vehicle", k, cell, leave) for k in cars[1:3]]
    found += [_option(maps, "safe room", k, cell, leave) for k in rooms[:2]]
    first = min(range(len(found)), key=lambda k: found[k].arrive)
    calmest = min(range(len(found)), key=lambda k: (found[k].in_crowd, found[k].arrive))
    return Advice(at, level, leave, tuple(found), first, calmest, _trade(found, first, calmest))


def cell_at(maps: WayMaps, level: int, x: float, y: float) -> int:
    grid = maps.film.grid
    if level not in grid.rows:
        raise Refused(f"There is no level {level}", "level", f"There is: {sorted(grid.rows)}.")
    first, count = grid.rows[level]
    column, row = int((x - grid.west) // grid.h) + 1, int((y - grid.south) // grid.h)
    best, away = None, 1e9
    for r in range(max(0, row - 1), min(count, row + 2)):
        for c in range(max(1, column - 1), min(grid.nx - 1, column + 2)):
            k = (first + r) * grid.nx + c
            if grid.area[k] <= 0:
                continue
            _, cx, cy = grid.centre(k)
            far = (cx - x) ** 2 + (cy - y) ** 2
            if far < away:
                best, away = k, far
    if best is None:
        raise Refused("There is no floor at this place", f"{x:g}, {y:g}", "Point at the floor.")
    return best


def _holds(maps: WayMaps, goal: int, cell: int, leave: float) -> list[Option]:
    """Waits that shorten the time on the way by a tenth at least beside the wait before."""
    end = (maps.seconds.shape[1] - 1) * maps.every
    found, before = [], maps.look(goal, cell, leave)
    for hold in HOLDS:
        if leave + hold > end:
            break
        moving = maps.look(goal, cell, leave + hold)
        if moving < 0.9 * before:
            found.append(_option(maps, f"hold {hold:.0f} s", goal, cell, leave + hold))
            before = moving
    return found[:4]


def _option(maps: WayMaps, what: str, goal: int, cell: int, leave: float) -> Option:
    moving = maps.look(goal, cell, leave)
    way, crowd, most, metres = _walk(maps, goal, cell, leave)
    one = maps.goals[goal]
    return Option(
        what, one.id, one.name, round(leave, 1), round(moving, 1), round(leave + moving, 1),
        round(min(crowd, moving), 1), round(most, 2), round(metres, 1), tuple(way),
    )  # fmt: skip


def _walk(
    maps: WayMaps, goal: int, cell: int, leave: float
) -> tuple[list[tuple[int, float, float]], float, float, float]:
    """Along the map: each step to the neighbour from which the whole takes least."""
    grid, target = maps.film.grid, maps.goals[goal]
    ends = {int(k): float(v) for k, v in zip(target.cells, target.left, strict=True)}
    now, crowd, most, metres = leave, 0.0, 0.0, 0.0
    way = [grid.centre(cell)]
    for _ in range(MOST_STEPS):
        a, b, share = maps.between(now)
        density = float(maps.film.frames[a, cell] * (1 - share) + maps.film.frames[b, cell] * share)
        most = max(most, density)
        onward = _next(maps, goal, cell, now)
        here = ends.get(cell)
        if onward is None or (here is not None and here <= onward[2]):
            break
        cell, cost, _, far = onward
        crowd += cost if density >= CROWD else 0.0
        now, metres = now + cost, metres + far
        way.append(grid.centre(cell))
    return way, crowd, most, metres


def _next(
    maps: WayMaps, goal: int, cell: int, now: float
) -> tuple[int, float, float, float] | None:
    """Cell, seconds of the step, seconds of the whole, metres."""
    a, b, share = maps.between(now)
    speed, best = maps.speed, None
    mine = speed[a, cell] * (1 - share) + speed[b, cell] * share
    for other, metres in maps.graph.neighbours(cell):
        theirs = speed[a, other] * (1 - share) + speed[b, other] * share
        cost = float(metres * 2 / (mine + theirs))
        whole = cost + maps.look(goal, other, now + cost)
        if best is None or whole < best[2]:
            best = (other, cost, whole, metres)
    for there, seconds in maps.graph.doors.get(cell, ()):
        other = int(there[np.argmin(maps.seconds[goal, a, there])])
        whole = seconds + maps.look(goal, other, now + seconds)
        if whole < FAR / 2 and (best is None or whole < best[2]):
            best = (other, seconds, whole, maps.graph.h)
    return best if best and np.isfinite(best[2]) else None


def _trade(found: list[Option], first: int, calmest: int) -> str:
    a, b = found[first], found[calmest]
    if first == calmest:
        return f"{_words(a)} arrives first and is shortest in the crowd."
    later, less = b.arrive - a.arrive, a.in_crowd - b.in_crowd
    return (
        f"{_words(a)} arrives first. {_words(b)} arrives {later:.0f} s later, "
        f"with {less:.0f} s less in the crowd."
    )


def _words(option: Option) -> str:
    what = option.what[0].upper() + option.what[1:]
    return f"{what} ({option.name})"
