"""``varangian evidence ...``: events that are kept past the days of their camera."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from ..queries import events as event_queries
from ..queries import kept as queries
from ..services import kept as services
from ..services import kept_export
from ..shapes.kept import kept_shape, kept_use_shape

evidence = typer.Typer(help="Pictures and clips of events kept as evidence.", no_args_is_help=True)
groups = {"evidence": evidence}
COLUMNS = ("id", "label", "at", "words", "reference", "kept_by", "ends_at")
Purpose = Annotated[str, typer.Option(help="why; it is put on record")]


@evidence.command("list")
def list_kept(operation: str, as_json: console.AsJson = False) -> None:
    """Events of an operation that were kept."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "kept_event.view", found.compartment_id)
        rows = [kept_shape(row) for row in queries.kept_events(actor, found)[:200]]
    console.emit(rows, as_json, COLUMNS)


@evidence.command("keep")
def keep(
    event: UUID,
    reason: Annotated[str, typer.Option(help="why it is kept")],
    reference: Annotated[str, typer.Option(help="of the case, such as file 77/26")],
    days: Annotated[int, typer.Option(help="from now; it can be moved")] = 365,
    clip: Annotated[list[UUID] | None, typer.Option(help="that shows it; may be repeated")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Keep an event with its picture and clips. A person keeps: say who with --as."""
    with console.unit() as actor:
        found = event_queries.event(actor, event)
        clips = queries.chosen_clips(actor, found, clip or [])
        row = services.keep_event(
            actor=actor, event=found, reason=reason, reference=reference, days=days, clips=clips
        )
        shape = kept_shape(row)
    console.emit(shape, as_json)


@evidence.command("end")
def end(
    pk: UUID,
    days: Annotated[int, typer.Option(help="from now, later or sooner")],
    purpose: Purpose,
    as_json: console.AsJson = False,
) -> None:
    """Move the end date."""
    with console.unit() as actor:
        found = queries.kept_event(actor, pk)
        row = services.move_end(actor=actor, kept=found, days=days, purpose=purpose)
        shape = kept_shape(row)
    console.emit(shape, as_json)


@evidence.command("export")
def export(
    pk: UUID,
    purpose: Purpose,
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="where it is put")],
    as_json: console.AsJson = False,
) -> None:
    """Take it out as a zip that ``audit verify`` checks offline. Needs --as."""
    with console.unit() as actor:
        found = queries.kept_event(actor, pk)
        taken = kept_export.export_kept(actor=actor, kept=found, purpose=purpose)
        row = kept_use_shape(taken.record)
        try:
            out.touch(mode=0o600)
            out.write_bytes(taken.data)
        except OSError as error:
            raise Refused("The zip cannot be written there", where=str(out)) from error
    console.emit({**row, "file": str(out)}, as_json)


@evidence.command("uses")
def list_uses(operation: str, as_json: console.AsJson = False) -> None:
    """Who kept, looked and took out, and why: for the leader."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [kept_use_shape(row) for row in queries.uses(actor, found)[:500]]
    console.emit(rows, as_json, ("at", "label", "what", "person", "purpose", "sha256"))
