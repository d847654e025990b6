"""The principal's way out of a crowd, and a rope line."""

from dataclasses import asdict
from typing import Annotated

import typer

from varangian.engines.crowdflow.flow import Incident, Scenario, filmed
from varangian.engines.crowdflow.principal import advise, rope_line, way_maps
from varangian.platform.ui import console

from ..reading import sound_venue
from ..shapes.plain import json_plain
from .flow import At, Blocked, Plan, point

COLUMNS = ("what", "name", "leave", "moving", "arrive", "in_crowd", "most_per_m2", "metres")


def way_out(
    file: Plan,
    at: Annotated[str, typer.Option(metavar="X,Y", help="where the principal is, in metres")],
    people: Annotated[int, typer.Option(min=1, help="who are leaving")] = 500,
    leave: Annotated[float, typer.Option(min=0, help="seconds after the call")] = 0.0,
    level: int = 0,
    block: Blocked = None,
    incident: At = "",
    runs: Annotated[int, typer.Option(min=1)] = 10,
    brisk: Annotated[float, typer.Option(min=0.5, help="the detail alone, metres a second")] = 2.0,
    slowest: Annotated[float, typer.Option(min=0.05, help="the detail in a crush")] = 0.25,
    seed: int = 1,
    as_json: console.AsJson = False,
) -> None:
    """Go now, hold, other vehicle or safe room, while a crowd leaves: each with what it costs."""
    where = point(at, "--at")
    venue, _ = sound_venue(file)
    happens = Incident(point(incident, "--incident")) if incident else None
    scenario = Scenario(frozenset(block or ()), incident=happens)
    with console.progress("runs", runs) as advance:
        _, film = filmed(venue, people, runs=runs, seed=seed, scenario=scenario, tell=advance)
    maps = way_maps(venue, film, shut=scenario.blocked, brisk=brisk, slowest=slowest)
    found = advise(maps, level=level, at=where, leave=leave)
    shape = json_plain(asdict(found))
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["options"], False, COLUMNS)
    console.say(f"{found.trade} The leader decides.")


def rope(
    length: Annotated[float, typer.Option(help="metres")],
    people: Annotated[int, typer.Option(help="along the line")],
    stand_off: Annotated[float, typer.Option(help="metres from rope to principal")] = 0.6,
    as_json: console.AsJson = False,
) -> None:
    """Plan a rope line: pens, gaps for extraction, minutes exposed."""
    shape = asdict(rope_line(length, people, stand_off=stand_off))
    if as_json:
        console.emit(shape, True)
        return
    rows = [{"what": key.replace("_", " "), "value": value} for key, value in shape.items()]
    console.emit(rows, False, ("what", "value"))
