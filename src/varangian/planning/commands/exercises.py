"""``varangian exercise ...``: what is inside of one needs ``varangian --exercise``."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from .. import services
from ..library import exercise_scripts
from ..queries import exercises
from ..shapes.exercises import (
    delivery_shape,
    exercise_shape,
    inject_shape,
    report_shape,
    script_shape,
)

exercise = typer.Typer(
    help="Exercises; begin, show, ack and end need varangian --exercise.", no_args_is_help=True
)
groups = {"exercise": exercise}


@exercise.command("scripts")
def list_scripts(as_json: console.AsJson = False) -> None:
    """What can be injected."""
    rows = [script_shape(row) for row in exercise_scripts().scripts]
    console.emit(rows, as_json, ("id", "title", "injects", "minutes"))


@exercise.command("list")
def list_exercises(operation: str, as_json: console.AsJson = False) -> None:
    """Reports of an operation, and the exercise of it that runs."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "exercise.view", found.compartment_id)
        rows = [report_shape(row) for row in exercises.reports(actor, found)]
    console.emit(rows, as_json, ("title", "exercise", "started_at", "ended_at"))


@exercise.command("start")
def start(
    operation: str,
    script: str,
    moment: Annotated[datetime | None, typer.Option(help="of the plan, to fall on now")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Copy the operation; its members may enter."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        at = moment.astimezone() if moment else None
        made = services.start_exercise(actor=actor, operation=found, script=script, moment=at)
        row = report_shape(made)
    console.emit(row, as_json)


@exercise.command("begin")
def begin(name: str, as_json: console.AsJson = False) -> None:
    """Start the clock of the script."""
    with console.unit() as actor:
        found = exercises.exercise(actor, name)
        row = exercise_shape(services.begin_exercise(actor=actor, exercise=found))
    console.emit(row, as_json)


@exercise.command("show")
def show(name: str, as_json: console.AsJson = False) -> None:
    """For the director: every inject and who has answered."""
    with console.unit() as actor:
        found = exercises.exercise(actor, name)
        require(actor, "exercise.run", found.compartment_id)
        rows = exercises.injects(actor, found)
        both = zip(rows, exercises.outcomes(actor, rows), strict=True)
        shown = [inject_shape(*pair) for pair in both]
    console.emit(shown, as_json, ("serial", "title", "delivered_at", "words"))


@exercise.command("deliver")
def deliver(inject: UUID, as_json: console.AsJson = False) -> None:
    """Inject now, without waiting for the clock."""
    with console.unit() as actor:
        row = services.deliver_now(actor=actor, inject=exercises.inject(actor, inject))
        shape = {"id": row.pk, "delivered_at": row.delivered_at}
    console.emit(shape, as_json)


@exercise.command("mine")
def list_mine(as_json: console.AsJson = False) -> None:
    """What has reached your posts."""
    with console.unit() as actor:
        rows = [delivery_shape(row) for row in exercises.mine(actor)]
    console.emit(rows, as_json, ("id", "post", "title", "delivered_at", "acknowledged_at"))


@exercise.command("ack")
def acknowledge(
    delivery: UUID, answer: Annotated[str, typer.Option()] = "", as_json: console.AsJson = False
) -> None:
    """Answer for your post."""
    with console.unit() as actor:
        row = exercises.delivery(actor, delivery)
        services.acknowledge_inject(actor=actor, delivery=row, answer=answer)
        shape = delivery_shape(exercises.delivery(actor, delivery))
    console.emit(shape, as_json)


@exercise.command("end")
def end(
    name: str, findings: Annotated[str, typer.Option()] = "", as_json: console.AsJson = False
) -> None:
    """End it for everybody; what was measured goes to the report of the operation."""
    with console.unit() as actor:
        found = exercises.exercise(actor, name)
        row = report_shape(services.end_exercise(actor=actor, exercise=found, findings=findings))
    console.emit(row, as_json)
