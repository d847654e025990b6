"""People through a door, and out of a venue."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.crowdflow.flow import Answer, Incident, Scenario, door_flow, evacuate
from varangian.engines.crowdflow.flow.state import Surge
from varangian.engines.crowdflow.standards import rules_of
from varangian.kernel.results import Refused
from varangian.platform.ui import console

from ..reading import sound_venue
from ..shapes.plain import json_plain

Plan = Annotated[Path, typer.Argument(metavar="VENUE.geojson", help="see crowd schema")]
Blocked = Annotated[list[str] | None, typer.Option(metavar="DOOR", help="shut; may be repeated")]
Pushed = Annotated[str, typer.Option(metavar="GATE:N", help="N people push in at a gate")]
At = Annotated[str, typer.Option(metavar="X,Y", help="a place people keep away from, in metres")]
Start = Annotated[str, typer.Option(metavar="LOW:HIGH", help="seconds until the last walks")]


def door_at(
    width: Annotated[float, typer.Option(help="clear width in metres")],
    as_json: console.AsJson = False,
) -> None:
    """People a second through a door, as bands: as in experiments, and as a crowd at an event."""
    standard = rules_of("uk").exits.sober.level.value
    shape = asdict(door_flow(width, standard))
    if as_json:
        console.emit(shape, True)
        return
    names = ("experiments", "crowd", "both_ways", "standard")
    rows = [
        {"people a second": name.replace("_", " "), "10 / 50 / 90 %": shape[name]} for name in names
    ]
    console.emit(rows, False, ("people a second", "10 / 50 / 90 %"))
    if shape["extrapolated"]:
        console.say("No experiment was as narrow or as wide: the law is drawn out")


def run_crowd(
    file: Plan,
    people: Annotated[int, typer.Option(help="who are inside")],
    runs: Annotated[int, typer.Option(min=1)] = 50,
    block: Blocked = None,
    surge: Pushed = "",
    incident: At = "",
    start: Start = "10:90",
    cell: Annotated[
        float | None, typer.Option(help="metres; else by the size of the venue")
    ] = None,
    seed: int = 1,
    workers: Annotated[int, typer.Option(min=1, max=64, help="processor cores")] = 2,
    as_json: console.AsJson = False,
) -> None:
    """Let everybody leave: times, flows by door, worst places and minutes, maps; all as bands."""
    venue, findings = sound_venue(file)
    low, high = _pair(start)
    happens = Incident(point(incident, "--incident")) if incident else None
    scenario = Scenario(frozenset(block or ()), surge_of(surge), (low, high), happens)
    with console.progress("runs", runs) as advance:
        answer = evacuate(
            venue, people, runs=runs, seed=seed, cell=cell, workers=workers,
            scenario=scenario, tell=advance,
        )  # fmt: skip
    faults = [f.what for f in findings if f.severity == "fault"]
    shape = {**json_plain(asdict(answer)), "faults_of_the_plan": faults, "seed": seed}
    for place in shape["worst"]:
        place["lonlat"] = venue.frame.lonlat(*place["at"])
    _emit(answer, shape, as_json)


def _pair(words: str) -> tuple[float, float]:
    try:
        low, high = map(float, words.split(":"))
    except ValueError as error:
        raise Refused("These are no two numbers", "--start", "Write LOW:HIGH, as 10:90.") from error
    return low, high


def point(words: str, where: str) -> tuple[float, float]:
    """Metres of the plan, as ``varangian crowd check`` tells places."""
    try:
        x, y = map(float, words.split(","))
    except ValueError as error:
        raise Refused("This is no place", where, "Write X,Y in metres, as 12.5,8.") from error
    return x, y


def surge_of(words: str) -> Surge | None:
    if not words:
        return None
    gate, _, count = words.rpartition(":")
    if not gate or not count.isdecimal():
        raise Refused("This is no surge", "--surge", "Write GATE:N, as north:300.")
    return Surge(gate, int(count))


def _emit(answer: Answer, shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    names = {"half": "half are out", "t95": "95 in 100 are out", "out": "all are out"}
    rows = [{"seconds until": words, "10 / 50 / 90 %": shape[key]} for key, words in names.items()]
    console.emit(rows, False, ("seconds until", "10 / 50 / 90 %"))
    for place in answer.worst:
        at = f"{place.at[0]:.0f}, {place.at[1]:.0f}"
        console.say(f"{place.per_m2.p90:.1f} on a square metre at {at} near the {place.near}, "
                    f"minute {place.minute.p50:.0f}: {place.called}")  # fmt: skip
    for note in answer.notes:
        console.say(note)
