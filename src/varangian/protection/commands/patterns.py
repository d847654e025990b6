"""``varangian sighting``: what was met too often to be chance."""

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from varangian.engines.sightings import Limits, Track, correlate, read
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.ui import console

from ..queries import patterns as queries
from ..services import patterns as services
from ..shapes.patterns import pattern_shape, verdict_shape

sighting = typer.Typer(help="Patterns in what the team has seen.", no_args_is_help=True)
groups = {"sighting": sighting}
COLUMNS = ("name", "state", "by_chance", "days", "span_km", "told")


@sighting.command("patterns")
def list_patterns(operation: str, as_json: console.AsJson = False) -> None:
    """Vehicles and people met too often to be chance, over all operations of the principal."""
    with console.unit("weigh sightings together") as actor:
        found = queries.patterns(actor, operations.operation(actor, operation))
        rows = [pattern_shape(found, one) for one in found.report.patterns]
    console.emit(rows, as_json, COLUMNS)


@sighting.command("judge")
def judge(
    operation: str, name: str, verdict: str, words: str, as_json: console.AsJson = False
) -> None:
    """Say what a pattern is: confirmed or denied, and why."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        row = services.judge(actor=actor, operation=found, name=name, verdict=verdict, words=words)
        shape = verdict_shape(row)
    console.emit(shape, as_json)


@sighting.command("correlate")
def correlate_file(
    file: Annotated[Path, typer.Argument(help="JSON lines: at, lat, lon, kind, plate, looks, odd")],
    track: Annotated[
        Path | None, typer.Option(help="JSON lines of the principal's way: at, lat, lon")
    ] = None,
    by_chance: Annotated[
        float, typer.Option(help="how many innocent patterns may be among those shown")
    ] = 1.0,
    as_json: console.AsJson = False,
) -> None:
    """Weigh the sightings of a file together; needs no database."""
    seen, unread = read(_lines(file))
    report = correlate(seen, track=_track(track), limits=Limits(by_chance=by_chance))
    shape = report.shape() | {"unread": [one.__dict__ for one in unread]}
    for one in unread:
        typer.echo(f"line {one.row}: {one.what}. {one.mend}", err=True)
    rows = [one | {"state": "open"} for one in shape["patterns"]]
    console.emit(shape if as_json else rows, as_json, COLUMNS)


def _lines(file: Path) -> list[dict[str, Any]]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("This file cannot be read", str(file), "JSON lines in UTF-8.") from error
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            where = f"{file.name}, line {number}"
            raise Refused("This line is not a JSON object", where, "One sighting a line.")
        rows.append(row)
    return rows


def _track(file: Path | None) -> Track | None:
    if file is None:
        return None
    rows = [one | {"kind": "person", "looks": {"the": "principal"}} for one in _lines(file)]
    seen, unread = read(rows)
    if unread:
        first = unread[0]
        raise Refused(first.what, f"{file.name}, fix {first.row}", first.mend)
    order = np.argsort(seen.at, kind="stable")
    return Track(seen.at[order], seen.lat[order], seen.lon[order])
