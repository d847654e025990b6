"""``varangian near``"""

from typing import Annotated

import typer

from varangian.operations import queries as operation_queries
from varangian.platform.ui import console

from ..services.nearness import report_near


def near(
    operation: str,
    what: Annotated[str, typer.Argument(help="who or what was seen")],
    at: Annotated[tuple[float, float], typer.Option(help="latitude and longitude")],
    confirmed: Annotated[bool, typer.Option("--confirmed", help="a person is sure")] = False,
    kind: Annotated[str, typer.Option(help="person, vehicle, group; else by the plate")] = "",
    plate: Annotated[str, typer.Option(help="of a vehicle, as read")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Report a sighting: how far on foot from the principal, and an alert when that is short.

    It is weighed with the others for patterns, when a person says it (--as)."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        row = report_near(
            actor=actor, operation=found, what=what, position=list(at), confirmed=confirmed,
            kind=kind, plate=plate,
        )  # fmt: skip
    console.emit(row, as_json)


groups = {"near": near}
