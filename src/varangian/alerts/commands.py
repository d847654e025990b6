"""``varangian alert ...``"""

from typing import Annotated, Literal
from uuid import UUID

import typer

from varangian.platform.ui import console

from . import queries, services
from .shapes import shape

alert = typer.Typer(help="What waits for a person.", no_args_is_help=True)
groups = {"alert": alert}


@alert.command("list")
def list_alerts(
    as_json: console.AsJson = False,
    view: Literal["open", "mine", "closed", "all"] = "open",
    operation: str = "",
) -> None:
    """Alerts, the most urgent first."""
    with console.unit() as actor:
        rows = [shape(row) for row in queries.alerts(actor, view=view, operation=operation)]
    console.emit(rows, as_json, ("id", "urgency", "state", "operation", "title", "raised_at"))


@alert.command()
def ack(pk: UUID, as_json: console.AsJson = False) -> None:
    """Acknowledge: a person has seen it."""
    with console.unit() as actor:
        found = queries.alert(actor, pk)
        row = shape(services.acknowledge(actor=actor, alert=found))
    console.emit(row, as_json)


@alert.command()
def dismiss(
    pk: UUID,
    reason: Annotated[str, typer.Option(help="why it needs nobody")],
    as_json: console.AsJson = False,
) -> None:
    """It needs nobody; the same cause does not ask again."""
    with console.unit() as actor:
        found = queries.alert(actor, pk)
        row = shape(services.dismiss(actor=actor, alert=found, reason=reason))
    console.emit(row, as_json)
