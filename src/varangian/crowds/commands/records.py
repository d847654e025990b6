"""``varangian venue ...``: venue plans on record."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.places import queries as place_queries
from varangian.platform.ui import console

from .. import services
from ..models import CrowdRun
from ..queries import venues as queries
from ..shapes.venues import plan_row, run_row, version_row

venue = typer.Typer(help="Venue plans on record.", no_args_is_help=True)
groups = {"venue": venue}
Id = Annotated[UUID, typer.Argument(help="as venue list tells")]
COLUMNS = ("id", "name", "operation", "place", "in_force")
VERSION = ("version", "source", "faults", "note", "made_by", "made_at")


@venue.command("list")
def list_venues(as_json: console.AsJson = False) -> None:
    """Venues that you may see."""
    with console.unit() as actor:
        console.emit([plan_row(p) for p in queries.plans(actor)[:500]], as_json, COLUMNS)


@venue.command("import")
def import_venue(
    drawing: Annotated[Path, typer.Argument(help="GeoJSON, DXF, SVG, IMDF zip or picture")],
    operation: str = "",
    place: Annotated[UUID | None, typer.Option(help="as place list tells")] = None,
    venue_id: Annotated[UUID | None, typer.Option("--venue", help="a further version of")] = None,
    name: str = "",
    units: str = "",
    metres_wide: Annotated[float | None, typer.Option(help="of a picture")] = None,
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Keep a drawing as a venue, or as a further version of one; it is a draft."""
    data = console.read_file(drawing)
    how = {"data": data, "file_name": drawing.name, "units": units, "metres_wide": metres_wide,
           "note": note}  # fmt: skip
    with console.unit() as actor:
        if venue_id:
            plan = queries.plan(actor, venue_id)
            made = services.import_version(actor=actor, plan=plan, **how)
        else:
            plan = services.new_plan(
                actor=actor, name=name,
                operation=operation_queries.operation(actor, operation) if operation else None,
                place=place_queries.place(actor, place) if place else None, **how,
            )  # fmt: skip
            made = queries.newest(actor, plan)
        console.emit({"id": str(plan.pk), "name": plan.name, **version_row(made)}, as_json)


@venue.command("show")
def show_venue(venue_id: Id, as_json: console.AsJson = False) -> None:
    """The versions of a venue."""
    with console.unit() as actor:
        found = queries.plan(actor, venue_id)
        rows = [version_row(v) for v in queries.versions(actor, found)]
        console.emit({**plan_row(found), "versions": rows} if as_json else rows, as_json, VERSION)


@venue.command("plan")
def print_plan(venue_id: Id, version: int | None = None) -> None:
    """Print the GeoJSON of the version in force, else of the newest."""
    with console.unit(purpose="plan of a venue") as actor:
        found = queries.version(actor, queries.plan(actor, venue_id), version)
        typer.echo(json.dumps(found.document, indent=1))


@venue.command("in-force")
def put_in_force(venue_id: Id, version: int, as_json: console.AsJson = False) -> None:
    """Put a version in force; a named leader does, with --as."""
    with console.unit() as actor:
        found = queries.version(actor, queries.plan(actor, venue_id), version)
        plan = services.put_in_force(actor=actor, version=found)
        console.emit(plan_row(plan), as_json, COLUMNS)


@venue.command("run")
def run_venue(
    venue_id: Id,
    people: Annotated[int, typer.Option(min=1)],
    runs: int = 30,
    block: Annotated[list[str] | None, typer.Option(metavar="DOOR")] = None,
    surge: Annotated[str, typer.Option(metavar="GATE:N")] = "",
    incident: Annotated[str, typer.Option(metavar="X,Y")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Let people leave a venue on record, and keep the result. Ctrl-C keeps nothing."""
    from .flow import point, surge_of

    pushed = surge_of(surge)
    with console.unit() as actor:
        version = queries.version(actor, queries.plan(actor, venue_id))
        run = services.ask_run(
            actor=actor, version=version, people=people, runs=runs, blocked=block or [],
            surge_gate=pushed.gate if pushed else "",
            surge_people=int(pushed.people) if pushed else 0,
            incident=list(point(incident, "--incident")) if incident else [],
        )  # fmt: skip
    with console.shares("Computing") as tell:
        services.run_now(run.pk, tell)
    with console.unit() as actor:
        made = queries.run(actor, run.pk)
        if made.state != CrowdRun.State.DONE:
            raise Refused(made.words or "Not computed")
        _emit_run(made, as_json)


def _emit_run(made: CrowdRun, as_json: bool) -> None:
    shape = run_row(made)
    if as_json:
        console.emit(shape, True)
        return
    result = shape["result"]
    for side in ("before", "after"):
        if side in result:
            t95 = result[side]["t95"]
            console.say(f"{side}: 95 in 100 are out after {t95} s (10 / 50 / 90 %)")
    for move in result.get("moves", []):
        console.say(f"{move['what']} ({move['where']}): {move['bought']:.0f} s bought")
