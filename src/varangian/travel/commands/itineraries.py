"""``varangian operation import``, ``varangian itinerary ...``"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.operations.commands import operation
from varangian.platform.ui import console
from varangian.principals import queries as principal_queries

from .. import services
from ..models import ItineraryDraft
from ..queries import itineraries as queries
from ..shapes.itineraries import draft_shape, intake_shape, parsed_shape, refused_shape

itinerary = typer.Typer(help="Imported itineraries.", no_args_is_help=True)
groups = {"itinerary": itinerary}
COLUMNS = ("number", "kind", "starts", "ends", "title")


@operation.command("import")
def import_itinerary(
    files: list[Path],
    principal: Annotated[str, typer.Option(help="slug of the principal")],
    into: Annotated[str, typer.Option(help="slug of an operation; else found or opened")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="accept the differences at once")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Read calendars, mails, passes or tables into an operation, as drafts to be accepted.

    What cannot be read is kept with the reason, and the next file goes on.
    """
    rows = [_take(file, principal, into, accept) for file in files]
    drafts = [row for row in rows if "id" in row]
    for row in rows:
        for one in ([row] if "id" in row else []) + row["others"]:
            _report(one)
        if row["refused"]:
            _say_refused(row["refused"])
    if as_json:
        console.emit(rows[0] if len(rows) == 1 else rows, True)
    else:
        console.emit([leg for row in drafts for leg in row["legs"]], False, COLUMNS)
    if not drafts:
        raise typer.Exit(1)


def _take(file: Path, principal: str, into: str, accept: bool) -> dict:
    data = console.read_file(file)
    with console.unit() as actor:
        taken = services.take_in(
            actor=actor,
            principal=principal_queries.principal(actor, principal),
            data=data,
            name=file.name,
            operation=operation_queries.operation(actor, into) if into else None,
        )
        for number, draft in enumerate(taken.drafts if accept else ()):
            taken.drafts[number] = services.accept_draft(actor=actor, draft=draft)
        return intake_shape(taken)


def _say_refused(row: dict) -> None:
    console.say(f"{row['name']}: {row['what']}. {row['mend']}")
    for problem in row["problems"]:
        console.say(f"{problem['where']}: {problem['what']} {problem['mend']}")
    console.say("The original is kept, see: varangian itinerary refused")


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


@itinerary.command("parse")
def parse(
    file: Path,
    zone: Annotated[str, typer.Option(help="zone of times that carry none")] = "UTC",
    as_json: console.AsJson = False,
) -> None:
    """What a file says, and what of it was not understood. Nothing is kept."""
    from ..itineraries.reading import read_journeys

    row = parsed_shape(read_journeys(console.read_file(file), now=now(), zone=zone))
    for problem in row["problems"]:
        console.say(f"{problem['where']}: {problem['what']} {problem['mend']}")
    journeys = f", {row['journeys']} journeys" if row["journeys"] > 1 else ""
    found = f"{plural(len(row['legs']), 'leg')}, {plural(len(row['problems']), 'problem')}"
    console.say(f"{row['kind'].capitalize()}: {found}{journeys}")
    console.emit(row if as_json else row["legs"], as_json, COLUMNS)


@itinerary.command("refused")
def refused(
    put_away: Annotated[UUID | None, typer.Option(help="id of one that is dealt with")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Files that could not be read, and why. Their originals are kept."""
    with console.unit() as actor:
        if put_away:
            one = queries.refused_file(actor, put_away)
            services.put_away_refused(actor=actor, refused=one)
        rows = [refused_shape(one) for one in queries.refused_files(actor)[:500]]
    console.emit(rows, as_json, ("id", "name", "what", "imported_at"))


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
