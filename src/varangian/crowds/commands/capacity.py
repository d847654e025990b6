"""Capacity of a plan by the standards of a jurisdiction."""

from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.platform.ui import console

from ..computing import capacity_shape
from ..reading import sound_venue

Plan = Annotated[Path, typer.Argument(metavar="VENUE.geojson", help="see crowd schema")]
Law = Annotated[str, typer.Option(help="uk, us, house; else as the plan says, else house")]
Risk = Annotated[str, typer.Option(help="risk of fire: low, medium, high")]


def capacity_of(
    file: Plan,
    jurisdiction: Law = "",
    risk: Risk = "medium",
    people: Annotated[int | None, typer.Option(min=0, help="expected; else the capacity")] = None,
    static_posts: Annotated[int | None, typer.Option(min=0, help="else the posts drawn")] = None,
    alcohol: Annotated[bool, typer.Option("--alcohol", help="alcohol is sold")] = False,
    high_risk: Annotated[bool, typer.Option("--high-risk", help="1 steward in 100")] = False,
    simulated: Annotated[int | None, typer.Option(min=0, help="a lower limit found")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Entry, holding, exit and emergency capacity, staff and duties, each figure with source."""
    if risk not in ("low", "medium", "high"):
        raise typer.BadParameter("low, medium or high", param_hint="--risk")
    venue, findings = sound_venue(file)
    faults = [f.what for f in findings if f.severity == "fault"]
    shape = capacity_shape(
        venue, jurisdiction=jurisdiction, risk=risk, people=people, static_posts=static_posts,
        alcohol=alcohol, high_risk=high_risk, simulated=simulated, faults=faults,
    )  # fmt: skip
    _emit(shape, as_json)


def _emit(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["capacities"], False, ("name", "people", "how"))
    console.say(f"Capacity: {shape['people']} ({shape['least']}, {shape['jurisdiction']})")
    for wrong in shape["contradictions"]:
        console.say(
            f"{wrong['what']}: {wrong['claimed']} claimed, {wrong['computed']}: {wrong['why']}"
        )
    for note in shape["notes"]:
        console.say(note)
