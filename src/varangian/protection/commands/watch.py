"""``varangian centre ...``"""

from typing import Annotated
from uuid import UUID

import typer

from varangian.alerts import queries as alerts
from varangian.platform.ui import console

from ..queries import watch
from ..services import watch as services
from ..shapes.watch import handover_shape, queued_shape, wall_shape

centre = typer.Typer(help="The operations centre.", no_args_is_help=True)
groups = {"centre": centre}


@centre.command("wall")
def wall(as_json: console.AsJson = False) -> None:
    """Every running detail, what is overdue on top."""
    with console.unit() as actor:
        found = wall_shape(actor)
    if as_json:
        console.emit(found, True)
        return
    console.emit(found["overdue"], False, ("kind", "title", "operation", "since"))
    rows = [{**row, "operation": row["operation"]["title"]} for row in found["details"]]
    console.emit(rows, False, ("operation", "tone", "on_duty", "alerts", "overdue"))


@centre.command("queue")
def queue(as_json: console.AsJson = False) -> None:
    """What asks for an operator, each with its next step."""
    with console.unit() as actor:
        rows = [queued_shape(row) for row in watch.queue(actor)]
    if as_json:
        console.emit(rows, True)
        return
    shown = [
        {
            "title": row["alert"]["title"],
            "with": row["with"],
            "next": next((s["do"] for s in row["steps"] if not s["done_at"]), ""),
            "alert": row["alert"]["id"],
        }
        for row in rows
    ]
    console.emit(shown, False, ("title", "with", "next", "alert"))


@centre.command("take")
def take(alert: str, as_json: console.AsJson = False) -> None:
    """Take an alert in hand."""
    with console.unit("take an alert in hand") as actor:
        found = alerts.alert(actor, UUID(alert))
        services.take(actor=actor, alert=found)
        row = queued_shape(watch.queued(actor, found.pk))
    console.emit(row, as_json)


@centre.command("step")
def step(
    alert: str,
    step: str,
    note: Annotated[str, typer.Option()] = "",
    skip: Annotated[bool, typer.Option("--skip", help="left out, with --note")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Mark a step of its procedure."""
    with console.unit("mark a step of a procedure") as actor:
        found = watch.queued(actor, UUID(alert))
        handling = found["handling"] or services.take(actor=actor, alert=found["alert"])
        services.mark_step(actor=actor, handling=handling, step=step, note=note, skipped=skip)
        row = queued_shape(watch.queued(actor, UUID(alert)))
    console.emit(row, as_json)


@centre.command("handover")
def hand_over(
    words: Annotated[str, typer.Option(help="what no record says")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Write down what is open in every operation you watch, for the next watch."""
    with console.unit("hand over the watch") as actor:
        change = services.hand_over_watch(actor=actor, words=words)
        rows = [handover_shape(row) for row in watch.change_of_watch(actor, change)]
    console.emit(rows, as_json, ("operation", "made_by", "change", "digest"))


@centre.command("take-watch")
def take_watch(change: str, as_json: console.AsJson = False) -> None:
    """You have the watch."""
    with console.unit("take over the watch") as actor:
        done = services.take_watch(actor=actor, change=UUID(change))
        rows = [handover_shape(row) for row in done]
    console.emit(rows, as_json, ("operation", "made_by", "taken_by", "taken_at"))
