"""``varangian readiness`` and ``varangian go ...``"""

from datetime import datetime
from typing import Annotated

import typer

from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from .. import services
from ..queries import decisions
from ..queries.readiness import readiness as lights_of
from ..shapes.readiness import decision_shape, light_shape, standing_shape

go = typer.Typer(help="Go or no go, signed.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="why, in one sentence")]
COLUMNS = ("serial", "kind", "by", "at", "until", "reason")


def readiness(
    operation: str,
    confirm: Annotated[str, typer.Option(metavar="ARTEFACT")] = "",
    waive: Annotated[str, typer.Option(metavar="ARTEFACT")] = "",
    withdraw: Annotated[str, typer.Option(metavar="ARTEFACT", help="end its waiver")] = "",
    note: str = "",
    until: Annotated[
        datetime | None, typer.Option(help="end of the waiver, in the operation's time zone")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """What an operation needs before it moves, and how each of it stands; the worst first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        about = {"actor": actor, "operation": found, "note": note}
        if confirm:
            services.confirm_artefact(artefact=confirm, **about)
        if waive:
            services.confirm_artefact(artefact=waive, waive=True, until=until, **about)
        if withdraw:
            services.withdraw_waiver(artefact=withdraw, **about)
        rows = [light_shape(row) for row in lights_of(actor, found)]
    console.emit(rows, as_json, ("state", "artefact", "why", "at", "until"))


def _decide(operation: str, kind: str, reason: str, as_json: bool) -> None:
    with console.unit("go or no go") as actor:
        found = operations.operation(actor, operation)
        made = services.decide(actor=actor, operation=found, kind=kind, reason=reason)
        row = decision_shape(made)
    console.emit(row, as_json)


@go.command("sign")
def sign_go(operation: str, reason: Reason = "", as_json: console.AsJson = False) -> None:
    """Sign the go; what is not ready is recorded and asks for a reason."""
    _decide(operation, "go", reason, as_json)


@go.command("refuse")
def refuse_go(operation: str, reason: Reason = "", as_json: console.AsJson = False) -> None:
    """Say no go, and why."""
    _decide(operation, "no_go", reason, as_json)


@go.command("override")
def override(operation: str, reason: Reason = "", as_json: console.AsJson = False) -> None:
    """Start without a go; the reason and what was missing stay on record."""
    _decide(operation, "override", reason, as_json)


@go.command("show")
def show_standing(operation: str, as_json: console.AsJson = False) -> None:
    """The last word, whether it still stands, and what has turned since."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        row = standing_shape(decisions.standing(actor, found, lights_of(actor, found)))
    console.emit(row, as_json)


@go.command("list")
def list_decisions(operation: str, as_json: console.AsJson = False) -> None:
    """Every go, no go and start without a go of an operation."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "readiness.view", found.compartment_id)
        rows = [decision_shape(row) for row in decisions.decisions(actor, found)]
    console.emit(rows, as_json, COLUMNS)


groups = {"readiness": readiness, "go": go}
