"""``varangian walk ...``: one walk behind the principal at several cameras."""

from typing import Annotated
from uuid import UUID

import typer

from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from ..queries import walks as queries
from ..services import behind as services
from ..shapes.walks import walk_shape

walk = typer.Typer(help="Walks behind the principal at several cameras.", no_args_is_help=True)
groups = {"walk": walk}
COLUMNS = ("id", "last_at", "state", "words", "decided_by", "expires_at")


@walk.command("list")
def list_walks(operation: str, as_json: console.AsJson = False) -> None:
    """What waits to be looked at and what was decided; says whether ways are compared now."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "walk.view", found.compartment_id)
        rows = [walk_shape(row) for row in queries.walks(actor, found)[:200]]
        compared, words = queries.compared(actor, found)
    console.emit(rows, as_json, COLUMNS)
    console.say(f"Ways are compared at: {words}" if compared else f"Not compared now: {words}")


@walk.command("show")
def show_walk(pk: UUID, as_json: console.AsJson = False) -> None:
    """One walk with its tracks."""
    with console.unit() as actor:
        row = walk_shape(queries.walk(actor, pk), whole=True)
    console.emit(row, as_json)


@walk.command("decide")
def decide_walk(
    pk: UUID,
    followed: Annotated[bool, typer.Option("--followed/--not-followed")],
    words: Annotated[str, typer.Option(help="what you go by")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Say whether somebody followed. A person decides: say who with --as."""
    with console.unit() as actor:
        found = queries.walk(actor, pk)
        row = services.decide_walk(actor=actor, walk=found, confirmed=followed, words=words)
        shape = walk_shape(row)
    console.emit(shape, as_json)
