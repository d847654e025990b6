"""Queues at an entrance."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.crowdflow.queues import Arrivals, Lanes
from varangian.kernel.results import Refused
from varangian.platform.ui import console

from ..computing import DEFAULT_RATE, OfPlan, entry_of, queue_shape
from ..reading import sound_venue

Plan = Annotated[Path | None, typer.Option(help="take lanes and queue area of this plan")]
Profile = Annotated[Path | None, typer.Option(help="JSON: [[minute, people], ...], 0 the start")]


def queue_at(
    people: Annotated[int, typer.Option(help="who come")],
    lanes: Annotated[int | None, typer.Option(min=1, help="else found by --longest-wait")] = None,
    rate: Annotated[float | None, typer.Option(help="people an hour and lane")] = None,
    longest_wait: Annotated[float, typer.Option(help="minutes nobody shall wait above")] = 10.0,
    peak_before: Annotated[float, typer.Option(help="minutes from peak to start")] = 45.0,
    spread: Annotated[float, typer.Option(help="standard deviation in minutes")] = 20.0,
    profile: Profile = None,
    opens_before: Annotated[float, typer.Option(help="minutes from doors to start")] = 120.0,
    second_share: Annotated[float, typer.Option(help="share searched again")] = 0.0,
    second_desks: int = 0,
    second_rate: Annotated[float, typer.Option(help="people an hour and desk")] = 40.0,
    patience: Annotated[float | None, typer.Option(help="minutes until people leave")] = None,
    area: Annotated[float | None, typer.Option(min=1, help="square metres to queue on")] = None,
    venue: Plan = None,
    runs: int = 200,
    seed: int = 1,
    as_json: console.AsJson = False,
) -> None:
    """How long people wait at an entrance, or how many lanes are needed, as bands."""
    plan = entry_of(sound_venue(venue)[0]) if venue else OfPlan()
    count = lanes or plan.lanes
    asked = Lanes(
        count or 1, rate or plan.rate or DEFAULT_RATE, second_share, second_desks, second_rate,
        opens_before, patience,
    )  # fmt: skip
    coming = Arrivals(people, peak_before, spread, _profile(profile))
    shape = queue_shape(
        coming, asked, given=bool(count), longest_wait=longest_wait, area=area or plan.area,
        runs=runs, seed=seed,
    )  # fmt: skip
    _emit(shape, as_json)


def _profile(file: Path | None) -> tuple[tuple[float, float], ...]:
    if file is None:
        return ()
    try:
        return tuple((float(a), float(b)) for a, b in json.loads(console.read_file(file)))
    except (ValueError, TypeError) as error:
        mend = "Write [[-60, 20], [-30, 90], [0, 10]]: minutes before 0 are negative."
        raise Refused("This is no profile of arrivals", str(file), mend) from error


def _emit(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    keys = ("lanes", "longest_queue", "longest_wait", "mean_wait", "at_start", "turned_away")
    rows = [{"what": key.replace("_", " "), "10 / 50 / 90 %": shape[key]} for key in keys]
    console.emit(rows, False, ("what", "10 / 50 / 90 %"))
    needed = shape["lanes_needed"]
    console.say(
        f"{needed['lanes']} lanes so that nobody waits {needed['longest_wait_minutes']:g} min"
    )
