"""The routes and slots of one leg that are worth mixing with those of the others."""

from collections.abc import Sequence
from dataclasses import replace

from varangian.kernel.results import Refused

from ...graph import Array
from ..engine import fewer, short_enough, slots, ways_through
from ..joint import Leg, Way, way_of
from ..net import cut
from ..places import Places
from ..programme import clock, most_late
from .model import Made, Wish


def made_leg(
    places: Places,
    wish: Wish,
    index: int,
    doors: Sequence[Sequence[int]],
    forbid: Array | None,
    pool: Sequence[tuple[int, ...]],
    within_s: float,
    now_s: float | None = None,
) -> Made:
    """Routes of one leg that are worth mixing, and its slots."""
    stops = wish.stops
    try:
        net = cut(
            places, doors[0], doors[1], stretch=wish.stretch, ends_s=wish.ends_s, forbid=forbid
        )
    except Refused as refused:
        where = f"{stops[index].name} to {stops[index + 1].name}; {refused.where}".rstrip("; ")
        raise Refused(refused.what, where, refused.mend) from refused
    known = [way for way in map(net.renumbered, pool) if way is not None]
    found, _ = ways_through(net, wish.budget, known=known, method="columns", within_s=within_s)
    ways = [way_of(net, way) for way in short_enough(net, found.ways)]
    window = (now_s, now_s) if now_s is not None else stops[index].leave
    assert window is not None
    ways, times = _in_time(wish, index, ways, window, net.best)
    few = fewer(Leg(ways, (0.0,), net.best, wish.budget), wish.routes)
    return Made(index, net, replace(few, slots=times), tuple(way.edges for way in ways))


def _in_time(
    wish: Wish, index: int, ways: list[Way], window: tuple[float, float], best: float
) -> tuple[list[Way], tuple[float, ...]]:
    """Only routes and slots with which the next stop is reached in time, whatever is drawn."""
    limit = most_late(wish.stops, index)
    first, last = window
    within = [way for way in ways if first + way.seconds <= limit]
    if not within:
        late = (first + best - limit) / 60
        raise Refused(
            f"{wish.stops[index + 1].name} is reached {late:.0f} minutes too late at best",
            f"leaving {wish.stops[index].name} at {clock(first)}",
            "Leave earlier, or move the next time.",
        )
    allowed = limit - min(last, max(first, limit - 1.25 * best))
    within = [way for way in within if way.seconds <= max(allowed, best + 1)]
    slowest = max(way.seconds for way in within)
    last = max(first, min(last, limit - slowest))
    return within, tuple(first + at for at in slots(last - first, wish.step_s))
