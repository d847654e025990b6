"""``varangian readiness``"""

from typing import Annotated

import typer

from varangian.operations import queries as operations
from varangian.platform.ui import console

from .. import services
from ..queries.readiness import readiness as lights_of
from ..shapes.readiness import light_shape


def readiness(
    operation: str,
    confirm: Annotated[str, typer.Option(metavar="ARTEFACT")] = "",
    waive: Annotated[str, typer.Option(metavar="ARTEFACT")] = "",
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """What an operation needs before it moves, and how each of it stands; the worst first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        for artefact, waived in ((confirm, False), (waive, True)):
            if artefact:
                services.confirm_artefact(
                    actor=actor, operation=found, artefact=artefact, note=note, waive=waived
                )
        rows = [light_shape(row) for row in lights_of(actor, found)]
    console.emit(rows, as_json, ("state", "artefact", "why", "at"))


groups = {"readiness": readiness}
