"""``varangian map ...``"""

from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.platform.ui import console

from .. import services
from ..models import RoadMap
from ..queries import maps as queries
from ..shapes.maps import map_shape, size_words

app = typer.Typer(help="Maps made of OpenStreetMap extracts.", no_args_is_help=True)
groups = {"map": app}
COLUMNS = ("slug", "name", "state", "data_date", "data_age", "size", "problems")


@app.command("build")
def build(
    file: Path,
    name: Annotated[str, typer.Option(help="else after the file")] = "",
    licence: Annotated[str, typer.Option(help="else that of OpenStreetMap")] = "",
    again: Annotated[bool, typer.Option("--again", help="also when it is here already")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Make road network, routing tiles and map tiles of an .osm.pbf. Ctrl-C stops it."""
    with console.unit() as actor:
        record, new = services.add_map(
            actor=actor, path=file, name=name, licence=licence, again=again
        )
    if new or record.under_way:
        _build(record)
    with console.unit() as actor:
        found = queries.road_map(actor, record.pk)
        row = map_shape(found, list(queries.files(actor, found)))
    if not new:
        console.say("This extract is here already; --again builds it anew.")
    _report(row)
    console.emit(row if as_json else _short(row), as_json)
    if row["state"] == RoadMap.State.FAILED:
        raise typer.Exit(1)


def _build(record: RoadMap) -> None:
    with console.shares(record.name) as tell:
        services.build_now(record.pk, tell)


def _report(row: dict[str, Any]) -> None:
    if row["words"]:
        console.say(row["words"])
    for problem in row["problems"]:
        console.say(problem)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    counts = row["counts"]
    taken = sum(row["seconds"].values())
    return {
        "map": f"{row['name']} ({row['slug']})",
        "state": row["state"],
        "data of": f"{row['data_date'] or 'unknown'}, {row['data_age']}",
        "licence": row["licence"],
        "roads": f"{counts.get('km', 0)} km, {counts.get('sites', 0)} sites",
        "files": ", ".join(
            f"{kind} {size_words(kept['bytes'])}" for kind, kept in row["files"].items()
        ),
        "built in": f"{taken:.1f} s",
    }


@app.command("list")
def list_(as_json: console.AsJson = False) -> None:
    """Maps of the house, with the age of their data."""
    with console.unit() as actor:
        rows = [map_shape(row) for row in queries.maps(actor)]
    table = [
        {**row, "size": size_words(row["bytes"]), "problems": len(row["problems"])} for row in rows
    ]
    console.emit(rows if as_json else table, as_json, COLUMNS)


@app.command("show")
def show(slug: str, as_json: console.AsJson = False) -> None:
    """What a map holds, and what of the extract was not understood."""
    with console.unit() as actor:
        found = queries.map_named(actor, slug)
        row = map_shape(found, list(queries.files(actor, found)))
    _report(row)
    console.emit(row if as_json else _short(row), as_json)


@app.command("stop")
def stop(slug: str, as_json: console.AsJson = False) -> None:
    """End a build that a worker does."""
    with console.unit() as actor:
        record = services.stop_map(actor=actor, road_map=queries.map_named(actor, slug))
        row = map_shape(record)
    console.emit(row if as_json else {"state": row["state"]}, as_json)


@app.command("drop")
def drop(slug: str, as_json: console.AsJson = False) -> None:
    """Remove a map with its extract and all that was made of it."""
    with console.unit() as actor:
        found = queries.map_named(actor, slug)
        name = found.name
        services.drop_map(actor=actor, road_map=found)
    console.emit({"dropped": slug, "name": name}, as_json)
