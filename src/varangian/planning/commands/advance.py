"""``varangian advance ...``"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.places import queries as places
from varangian.places.shapes import shape
from varangian.platform.ui import console

from .. import services
from ..queries import advance as reads
from ..shapes.advance import place_shape, task_shape

advance = typer.Typer(help="What the advance must look at.", no_args_is_help=True)
groups = {"advance": advance}
Email = Annotated[str, typer.Option("--assignee", metavar="EMAIL")]
TASKS = ("state", "why", "item", "due", "assignee", "id")


@advance.command()
def show(operation: str, as_json: console.AsJson = False) -> None:
    """Each place of the programme: what holds, and what to look at before the leg."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [place_shape(row) for row in reads.board(actor, found)]
    console.emit(rows, as_json, ("slug", "name", "words", "untasked", "first_leg"))


@advance.command()
def plan(operation: str, assignee: Email = "", as_json: console.AsJson = False) -> None:
    """Make the tasks; again after the programme changed."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        who = member_by_email(actor, found, assignee) if assignee else None
        made = services.plan_advance(actor=actor, operation=found, assignee=who)
        rows = [task_shape(row) for row in made]
    console.emit(rows, as_json, TASKS)


@advance.command("add-place")
def add_place(
    operation: str,
    name: str,
    kind: str,
    address: str = "",
    begins: Annotated[UUID | None, typer.Option("--from", help="where a route begins")] = None,
    ends: Annotated[UUID | None, typer.Option("--to", help="where it ends")] = None,
    as_json: console.AsJson = False,
) -> None:
    """A place or a route for the library: every later operation may reuse it."""
    with console.unit() as actor:
        made = services.add_stop(
            actor=actor,
            operation=operations.operation(actor, operation),
            name=name,
            kind=kind,
            address=address,
            begins_at=places.place(actor, begins) if begins else None,
            ends_at=places.place(actor, ends) if ends else None,
        )
        row = shape(made)
    console.emit(row, as_json)


@advance.command()
def assign(
    task: UUID,
    assignee: Email = "",
    due: Annotated[datetime | None, typer.Option(help="on the operation's clock")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Give a task to a member, or another time."""
    if not assignee and due is None:
        raise Refused("Say who or when", mend="--assignee EMAIL or --due TIME.")
    with console.unit() as actor:
        found = reads.task(actor, task)
        who = member_by_email(actor, found.operation, assignee) if assignee else None
        services.assign_tasks(
            actor=actor,
            operation=found.operation,
            tasks=[found],
            assignee=who,
            due=console.in_zone(due, found.operation.time_zone),
        )
        row = task_shape(reads.task(actor, task))
    console.emit(row, as_json)


@advance.command("still-so")
def still_so(task: UUID, as_json: console.AsJson = False) -> None:
    """Looked at again, and it holds. Needs --as with the person who looked."""
    with console.unit() as actor:
        services.verify_task(actor=actor, task=reads.task(actor, task))
        row = task_shape(reads.task(actor, task))
    console.emit(row, as_json)
