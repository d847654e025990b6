"""``varangian routine ...``"""

from typing import Annotated

import typer

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.ui import console

from ..queries import routine as queries
from ..services.ways import looked_at_routine, record_way
from ..shapes.routine import routine_shape

routine = typer.Typer(help="How guessable a principal's routine is.", no_args_is_help=True)
groups = {"routine": routine}


@routine.command("show")
def show_routine(principal: str, weeks: int = 8, as_json: console.AsJson = False) -> None:
    """Index, most frequent cell and what to vary, with the legs it rests on."""
    with console.unit("principal's routine") as actor:
        found = queries.principal_to_judge(actor, principal)
        looked_at_routine(actor=actor, principal=found)
        shape = routine_shape(queries.routine(actor, found, weeks=weeks))
    if as_json:
        console.emit(shape, True)
        return
    console.say(f"{shape['journeys']} journeys in {weeks} weeks; left out: {shape['left_out']}")
    rows = [{"aspect": name, **row} for name, row in shape["aspects"].items()]
    columns = ("aspect", "state", "index", "most_frequent", "share", "seen", "choices")
    console.emit(rows, False, columns)
    for line in shape["vary"]:
        console.say(line["words"])


@routine.command("record")
def record(
    operation: str,
    leg: int,
    route: Annotated[str | None, typer.Option(help="the route that was driven")] = None,
    entrance: Annotated[str | None, typer.Option(help="the entrance that was used")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Say which route and entrance a leg really had."""
    with console.unit("way taken") as actor:
        found = operations.operation(actor, operation)
        movement = operations.movements(actor, found).filter(serial=leg).first()
        if movement is None:
            raise NotFound("The operation has no such leg", where=str(leg))
        row = record_way(actor=actor, movement=movement, route=route, entrance=entrance)
        shape = {"operation": operation, "leg": leg, "route": row.route, "entrance": row.entrance}
    console.emit(shape, as_json)
