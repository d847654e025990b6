"""Check a plan; print its schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from varangian.engines.crowdflow.drawings import read_drawing
from varangian.engines.crowdflow.venue import schema
from varangian.kernel.words import plural
from varangian.platform.ui import console

from ..reading import looked_over
from ..shapes.findings import finding_shape

File = Annotated[Path, typer.Argument(metavar="VENUE.geojson", help="see crowd schema")]


def check_venue(file: File, as_json: console.AsJson = False) -> None:
    """Find what is wrong with a plan: each finding with its place and how to mend it.

    Exit code 1 when there is a fault; warnings alone leave it 0.
    """
    venue, findings = looked_over(file)
    rows = [finding_shape(finding, venue) for finding in findings]
    faults = sum(finding.severity == "fault" for finding in findings)
    if as_json:
        console.emit({"venue": venue.name, "faults": faults, "findings": rows}, True)
    else:
        console.emit(rows, False, ("severity", "what", "where", "at", "mend"))
    warnings = plural(len(findings) - faults, "warning")
    console.say(f"{plural(faults, 'fault')}, {warnings}")
    if faults:
        raise typer.Exit(1)


def import_drawing(
    drawing: Annotated[Path, typer.Argument(help="DXF, SVG, IMDF zip or GeoJSON")],
    units: Annotated[str, typer.Option(help="over what the drawing says")] = "",
) -> None:
    """Print the venue plan of a drawing, and what was guessed or left out."""
    drawn = read_drawing(console.read_file(drawing), drawing.name, units=units)
    typer.echo(json.dumps(drawn.document, indent=1))
    for note in drawn.notes:
        console.say(f"{note.what}. {note.mend}")


def show_schema() -> None:
    """The JSON Schema of a venue plan."""
    typer.echo(json.dumps(schema(), indent=2))
