"""One journey: from a network to a mixed plan with its proved bound."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np

from varangian.kernel.results import Refused

from ..graph import BRIDGE, TUNNEL, Array, Graph
from . import columns, flow
from .joint import Leg, Mixed, Way, greatest, solve, way_of
from .model import Departure, Forced, Mix, Route, Spot
from .net import Net, cut
from .places import Places

BIG = 50_000
"""Edges of a net above which the program of the whole flow is left for columns."""
LEAST, LOSS, SURELY = 0.02, 0.01, 0.999
"""A route below this chance goes when the bound then rises by no more than that."""
MOST_SLOTS = 48


def plan(
    graph: Graph,
    start: int,
    goal: int,
    budget: float = 1.2,
    ends_s: float = 90.0,
    forbid: Array | None = None,
    *,
    routes: int = 12,
    stretch: float = 1.8,
    window_s: float = 0.0,
    step_s: float = 300.0,
    hold_s: float = 1200.0,
    cell_m: float = 400.0,
    grids: int = 4,
    method: str = "auto",
    within_s: float = 20.0,
) -> Mix:
    """The mix of least worst chance whose mean time is at most ``budget`` times the fastest.

    :param stretch: no single route takes longer than so many times the fastest.
    :param forbid: bool[m], edges that are closed or to be avoided.
    :param routes: at most so many; fewer when the bound rises little without the rest.
    :param window_s: departure at any slot, each ``step_s`` seconds, of a window this long.
    :param hold_s: how long the observer can hold a place.
    :param cell_m: width of the cells he picks from; 0 makes each road a place.
    :param method: ``flow`` (the whole net at once), ``columns`` (route by route), ``auto``.
    :raises Refused: for limits that make no sense, and where no road leads.
    """
    check(graph, (start, goal), budget=budget, routes=routes, window_s=window_s, hold_s=hold_s)
    places = Places(graph, cell_m, grids)
    wide = max(stretch, budget)
    net = cut(places, [start], [goal], stretch=wide, ends_s=ends_s, forbid=forbid)
    found, how = ways_through(net, budget, method=method, within_s=within_s)
    ways = [way_of(net, way) for way in short_enough(net, found.ways)]
    few = fewer(Leg(ways, (0.0,), net.best, budget), routes)
    leg = replace(few, slots=slots(window_s, step_s))
    mixed = solve([leg], hold_s)
    return _mix(net, leg, mixed, found.floor, how, hold_s, window_s, ends_s)


def check(graph: Graph, nodes: Sequence[int], *, budget: float, routes: int, window_s: float,
          hold_s: float) -> None:  # fmt: skip
    """Refuse in words what cannot be planned."""
    if not (isfinite(budget) and budget >= 1):
        raise Refused(
            f"A budget of {budget:g} times the fastest way", "budget", "At least 1; 1.2 is usual."
        )
    if routes < 1:
        raise Refused(f"A plan of {routes} routes", "routes", "At least 1.")
    if not (isfinite(window_s) and window_s >= 0):
        raise Refused("A window that ends before it opens", "window", "0 minutes or more.")
    if hold_s < 0 or hold_s != hold_s:
        raise Refused("An observer who stays less than no time", "hold", "0 seconds or more.")
    for node in nodes:
        if not 0 <= node < graph.size[0]:
            raise Refused(f"Node {node} is not in this network", mend="Snap the point first.")


def slots(window_s: float, step_s: float) -> tuple[float, ...]:
    """Even slots from the opening to the end of a window, both included."""
    if not window_s:
        return (0.0,)
    count = min(MOST_SLOTS, max(2, int(window_s // max(step_s, 1.0)) + 1))
    return tuple(np.linspace(0, window_s, count).tolist())


def ways_through(
    net: Net,
    budget: float,
    *,
    known: Sequence[list[int]] = (),
    method: str = "auto",
    within_s: float = 20.0,
) -> tuple[flow.Ways, str]:
    """Ways worth mixing, the proof, and by which method."""
    if method not in ("auto", "flow", "columns"):
        raise Refused("There is no such method", method, "flow, columns or auto.")
    if method == "columns" or (method == "auto" and len(net.edges) > BIG):
        return columns.generate(net, budget, known, within_s=within_s), "columns"
    whole = flow.solve(net, budget)
    more = columns.generate(net, budget, [*known, *whole.ways], within_s=within_s)
    return replace(whole, ways=more.ways), "flow"


def short_enough(net: Net, ways: Sequence[list[int]]) -> list[list[int]]:
    return [way for way in ways if net.seconds[way].sum() <= net.stretch * net.best + 1]


def fewer(leg: Leg, most: int) -> Leg:
    """The same leg with the routes that matter, fastest first; the bound is proved anew later."""
    mixed = solve([leg])
    aim = mixed.value + LOSS
    leg, share = _kept(leg, mixed, 1e-9)
    while len(leg.ways) > 1:
        over = len(leg.ways) > most
        if not over and share.min() >= LEAST:
            break
        tried = replace(leg, ways=_without(leg, share, 0.0 if over else LEAST))
        if not any(way.seconds <= leg.best * max(leg.budget, 1) + 1e-6 for way in tried.ways):
            break
        mixed = solve([tried])
        if not over and mixed.value > min(aim, SURELY):
            break
        leg, share = _kept(tried, mixed, 1e-9)
    return leg


def _without(leg: Leg, share: Array, least: float) -> list[Way]:
    """Without those below ``least``, or without the one of the smallest chance; never the fastest
    that keeps the budget."""
    gone = set(np.flatnonzero(share < least).tolist()) or {int(np.argmin(share))}
    quickest = min(range(len(leg.ways)), key=lambda i: leg.ways[i].seconds)
    if gone == {quickest}:
        gone = {int(np.argsort(share)[1])}
    return [way for i, way in enumerate(leg.ways) if i not in gone or i == quickest]


def _kept(leg: Leg, mixed: Mixed, least: float) -> tuple[Leg, Array]:
    share = mixed.chance[0].sum(axis=1)
    order = [i for i in sorted(range(len(share)), key=lambda i: leg.ways[i].seconds)
             if share[i] > least]  # fmt: skip
    return replace(leg, ways=[leg.ways[i] for i in order]), share[order]


def _mix(
    net: Net, leg: Leg, mixed: Mixed, floor: float, how: str, hold_s: float, window_s: float,
    ends_s: float,
) -> Mix:  # fmt: skip
    graph, places = net.places.graph, net.places
    found = greatest(mixed.table, mixed.flat, hold_s if window_s else inf)
    always = greatest(mixed.table, mixed.flat, inf)
    chance = mixed.chance[0]
    share = chance.sum(axis=1)
    mean = float(share @ [way.seconds for way in leg.ways])
    played = found["played"]
    notes, bound = [], played[0]
    if not bound:
        bound = max(found["forced"][0], found["doors"][0])
        notes.append("No place lies outside the ends and the forced stretches: nothing can vary.")
    if not window_s:
        notes.append("The minute of departure is fixed: timing gives no protection.")
    lat, lon = places.middle(played[1]) if played[0] else (0.0, 0.0)
    return Mix(
        routes=tuple(
            route_of(graph, way, float(p)) for way, p in zip(leg.ways, share, strict=True)
        ),
        departures=tuple(
            Departure(r, leg.slots[s], float(chance[r, s]))
            for r, s in np.argwhere(chance > 0).tolist()
        ),
        bound=bound,
        bound_all_day=max(bound, always["played"][0]),
        bound_unstaffed=max(bound, found["forced"][0]),
        at_ends=found["doors"][0],
        floor=min(floor, max(bound, always["played"][0])),
        time_ratio=mean / net.best,
        budget=budget_of(leg),
        fastest_s=net.best,
        extra_s=mean - net.best,
        forced=forced_stretches(net),
        worst=Spot(lat, lon, played[2], played[0]) if played[0] else None,
        hold_s=hold_s,
        window_s=window_s,
        ends_s=ends_s,
        cell_m=places.cell_m,
        sight_m=places.cell_m / 4 if places.grids == 4 else 0.0,
        method=how,
        source=source_of(graph),
        notes=tuple(notes),
    )


def budget_of(leg: Leg) -> float:
    return max(leg.budget, 1.0)


def source_of(graph: Graph) -> dict[str, str]:
    source = graph.source
    return {"name": source.name, "data_date": source.data_date, "licence": source.licence}


def route_of(
    graph: Graph, way: Way, chance: float, door: Callable[[int], str] = lambda _: ""
) -> Route:
    edges = list(way.edges)
    return Route(
        edges=way.edges,
        seconds=way.seconds,
        metres=float(graph.metres[edges].sum()),
        probability=chance,
        course=tuple((float(lon), float(lat)) for lon, lat in graph.course(edges)),
        places=tuple(int(p) for p in way.places if p >= 0),
        doors=(door(way.doors[0]), door(way.doors[1])),
    )


def forced_stretches(net: Net) -> tuple[Forced, ...]:
    """The forced places, joined to stretches of the fastest way."""
    _, way = net.cheapest(net.seconds)
    until = np.cumsum(net.seconds[way])
    held = np.asarray(net.touch[way] @ net.forced.astype(float)).ravel() > 0
    found, begin = [], None
    for index, inside in enumerate([*held.tolist(), False]):
        if inside and begin is None:
            begin = index
        elif not inside and begin is not None:
            edges = net.edges[way[begin:index]]
            since = float(until[begin] - net.seconds[way[begin]])
            found.append(_forced(net, edges, since, float(until[index - 1])))
            begin = None
    return tuple(found)


def _forced(net: Net, edges: Array, since: float, until: float) -> Forced:
    graph = net.places.graph
    line = graph.course(edges)
    lon, lat = line[len(line) // 2]
    names, count = np.unique(graph.name[edges], return_counts=True)
    road = graph.names[int(names[np.argmax(np.where(names > 0, count, 0))])]
    flags = int(np.bitwise_or.reduce(graph.flags[edges]))
    over = " over a bridge" if flags & BRIDGE else " through a tunnel" if flags & TUNNEL else ""
    return Forced(
        lat=float(lat),
        lon=float(lon),
        road=road,
        metres=float(graph.metres[edges].sum()),
        from_s=since,
        to_s=until,
        edges=tuple(edges.tolist()),
        why=f"Every route within the stretch leads through here{over}.",
    )
