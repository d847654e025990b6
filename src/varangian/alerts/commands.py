"""``varangian alert ...``"""

from typing import Annotated, Literal
from uuid import UUID

import typer

from varangian.kernel.results import Refused
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
def ack(pks: list[UUID], as_json: console.AsJson = False) -> None:
    """Acknowledge one or several: a person has seen them."""
    _handle(pks, as_json)


@alert.command()
def dismiss(
    pks: list[UUID],
    reason: Annotated[str, typer.Option(help="why it needs nobody")],
    as_json: console.AsJson = False,
) -> None:
    """They need nobody; the same cause does not ask again."""
    _handle(pks, as_json, reason)


def _handle(pks: list[UUID], as_json: bool, reason: str | None = None) -> None:
    with console.unit() as actor:
        found = queries.alerts_by_id(actor, pks)
        done, refused = services.handle_many(actor=actor, alerts=found, dismiss_reason=reason)
        rows = [shape(alert) for alert in done]
    if refused:
        raise Refused("; ".join(f"{alert.title}: {why}" for alert, why in refused))
    console.emit(rows if len(pks) > 1 else rows[0], as_json)
