"""``varangian thread ...``"""

from typing import Annotated

import typer

from varangian.operations import queries as operations
from varangian.platform.thread.expiry import expire_due
from varangian.platform.ui import console

from ..queries.thread import drawn, thread_shape

thread = typer.Typer(help="What rests on what, and what is stale.", no_args_is_help=True)
groups = {"thread": thread}


@thread.command("show")
def show_thread(
    operation: str,
    stale: Annotated[bool, typer.Option("--stale", help="only what is stale")] = False,
    as_json: console.AsJson = False,
) -> None:
    """The records of an operation's thread; with --json their ties and circles too."""
    with console.unit() as actor:
        found = thread_shape(drawn(actor, operations.operation(actor, operation), only_stale=stale))
    for words in found["circles"]:
        console.say(f"Circle: {words}")
    rows = [{**row, "stale": "; ".join(row["stale"])} for row in found["nodes"]]
    console.emit(found if as_json else rows, as_json, ("kind", "caption", "stale"))


@thread.command("expire")
def expire(as_json: console.AsJson = False) -> None:
    """Mark now what has run out; the worker does so every five minutes."""
    with console.unit("mark what has run out"):
        told = expire_due()
    console.emit({"told": told}, as_json)
