"""``varangian operation import``, ``varangian itinerary ...``"""

from pathlib import Path
from typing import Annotated

import typer

from varangian.kernel.results import NotFound
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.operations.commands import operation
from varangian.platform.ui import console
from varangian.principals import queries as principal_queries

from . import queries, services
from .models import ItineraryDraft
from .shapes import draft_shape

itinerary = typer.Typer(help="Imported itineraries.", no_args_is_help=True)
groups = {"itinerary": itinerary}
COLUMNS = ("number", "kind", "starts", "ends", "title")


@operation.command("import")
def import_itinerary(
    file: Path,
    principal: Annotated[str, typer.Option(help="slug of the principal")],
    into: Annotated[str, typer.Option(help="slug of an operation; else found or opened")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="accept the differences at once")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Read an iCalendar file into an operation, as a draft that a person accepts."""
    data = console.read_file(file)
    with console.unit() as actor:
        draft = services.import_itinerary(
            actor=actor,
            principal=principal_queries.principal(actor, principal),
            data=data,
            name=file.name,
            operation=operation_queries.operation(actor, into) if into else None,
        )
        if accept:
            draft = services.accept_draft(actor=actor, draft=draft)
        row = draft_shape(draft)
    _report(row)
    console.emit(row if as_json else row["legs"], as_json, COLUMNS)


def _report(row: dict) -> None:
    for problem in row["problems"]:
        console.say(f"{problem['where']}: {problem['what']} {problem['mend']}")
    if row["unlocated"]:
        console.say(f"Unlocated, put them on the map: {', '.join(row['unlocated'])}")
    found = row["diff"]
    console.say(
        f"Operation {row['operation']}, version {row['version']} {row['state']}: "
        f"{plural(len(row['legs']), 'leg')}; {len(found['added'])} added, "
        f"{len(found['changed'])} changed, {len(found['removed'])} removed"
    )
    if row["state"] == "proposed":
        console.say(f"Accept it with: varangian itinerary accept {row['operation']}")


@itinerary.command("show")
def show(slug: str, as_json: console.AsJson = False) -> None:
    """The newest draft of an operation."""
    with console.unit() as actor:
        row = draft_shape(_latest(actor, slug))
    _report(row)
    console.emit(row if as_json else row["legs"], as_json, COLUMNS)


@itinerary.command("accept")
def accept(slug: str, as_json: console.AsJson = False) -> None:
    """Accept the differences of the newest draft of an operation."""
    with console.unit() as actor:
        draft = services.accept_draft(actor=actor, draft=_latest(actor, slug))
        row = draft_shape(draft)
    _report(row)
    if as_json:
        console.emit(row, True)


@itinerary.command("reject")
def reject(slug: str, as_json: console.AsJson = False) -> None:
    """Leave the plan as it is."""
    with console.unit() as actor:
        row = draft_shape(services.reject_draft(actor=actor, draft=_latest(actor, slug)))
    if as_json:
        console.emit(row, True)


def _latest(actor: object, slug: str) -> ItineraryDraft:
    found = queries.latest_draft(actor, operation_queries.operation(actor, slug))
    if found is None:
        raise NotFound("Nothing was imported for this operation", where=slug)
    return found
