"""``varangian log ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as spine
from varangian.platform.ui import console

from . import exports, queries, services
from .rules import typed_time
from .shapes import shape

log = typer.Typer(help="The operations log.", no_args_is_help=True)
groups = {"log": log}


@log.command("list")
def list_entries(
    operation: str,
    as_json: console.AsJson = False,
    kind: str = "",
    topic: str = "",
    text: str = "",
    limit: int = 50,
) -> None:
    """The newest entries of an operation."""
    with console.unit() as actor:
        found = queries.entries(actor, spine.operation(actor, operation))
        chosen = queries.filtered(found, kind=kind, topic=topic, text=text)[:limit]
        rows = [shape(row) for row in chosen]
    console.emit(rows, as_json, ("serial", "at", "author", "from", "to", "event", "action"))


@log.command()
def write(
    operation: str,
    text: str,
    as_json: console.AsJson = False,
    from_: Annotated[str, typer.Option("--from")] = "",
    to: str = "",
    action: str = "",
    at: Annotated[str, typer.Option(help="14:05 or 2026-11-24 14:05, operation's zone")] = "",
    corrects: Annotated[int, typer.Option(help="serial that this entry corrects")] = 0,
) -> None:
    """Write one entry."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        when: datetime | None = typed_time(at, found.time_zone, now())
        given = {"event": text, "from_": from_, "to": to, "action": action, "at": when}
        if corrects:
            entry = services.correct_entry(actor=actor, operation=found, serial=corrects, **given)
        else:
            entry = services.write_entry(actor=actor, operation=found, **given)
        row = shape(entry)
    console.emit(row, as_json)


@log.command()
def export(operation: str, out: Annotated[Path, typer.Option(help="FILE.zip or FILE.pdf")]) -> None:
    """A bundle for ``varangian audit verify``, or a PDF to print."""
    if out.suffix not in (".zip", ".pdf"):
        raise Refused("The log goes out as .zip or .pdf", where=str(out))
    with console.unit(purpose="export the log") as actor:
        found = spine.operation(actor, operation)
        if out.suffix == ".pdf":
            out.write_bytes(exports.export_pdf(actor=actor, operation=found))
        else:
            exports.export_bundle(actor=actor, operation=found, out=out)
    console.say(f"Wrote {out}")
