"""``varangian inspection ...``"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.ui import console

from .. import services
from ..fleet.library import inspections
from ..queries import fleet
from ..queries import inspections as queries
from ..shapes.fleet import check_file, check_shape, find_shape
from .fleet import Name, console_id

inspection = typer.Typer(help="Checks of vehicles before a journey.", no_args_is_help=True)
groups = {"inspection": inspection}
STEPS = ("id", "zone", "ask", "photo", "state", "note")
Check = Annotated[str, typer.Argument(help="id of the check")]


@inspection.command("lists")
def checklists(as_json: console.AsJson = False) -> None:
    """The checklists there are."""
    rows = [
        {"id": one.id, "title": one.title, "steps": len(one.items), "second": one.second}
        for one in inspections().checklists
    ]
    console.emit(rows, as_json, ("id", "title", "steps", "second"))


@inspection.command("list")
def list_checks(name: Name, as_json: console.AsJson = False) -> None:
    """Checks of a vehicle, the latest first."""
    with console.unit() as actor:
        car = fleet.vehicle_named(actor, name)
        rows = [check_shape(row) for row in queries.checks(actor, car)[:50]]
    console.emit(rows, as_json, ("id", "checklist", "state", "by", "began_at", "expires_at"))


@inspection.command()
def show(check: Check, as_json: console.AsJson = False) -> None:
    """One check with its steps."""
    with console.unit() as actor:
        row = check_file(queries.check(actor, console_id(check)))
    console.emit(row if as_json else row["steps"], as_json, STEPS)


@inspection.command()
def begin(
    name: Name,
    checklist: Annotated[str, typer.Option(help="else the search that custody asks for")] = "",
    leg: Annotated[str, typer.Option(help="id of the leg it is for")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Begin a check; its time runs from now."""
    with console.unit() as actor:
        car = fleet.vehicle_named(actor, name)
        movement = operation_queries.movement(actor, console_id(leg)) if leg else None
        begun = services.begin_check(
            actor=actor, vehicle=car, checklist=checklist, movement=movement
        )
        row = check_file(begun)
    console.emit(row if as_json else row["steps"], as_json, STEPS)
    console.say(f"Check {row['id']}: {row['checklist']}")


@inspection.command()
def photo(check: Check, item: str, file: Path, as_json: console.AsJson = False) -> None:
    """A picture for one step."""
    data = console.read_file(file)
    with console.unit() as actor:
        made = services.add_check_photo(
            actor=actor,
            inspection=queries.check(actor, console_id(check)),
            item=item,
            data=data,
            name=file.name,
        )
        row = {"id": str(made.pk), "item": made.item}
    console.emit(row, as_json)


@inspection.command()
def finish(
    check: Check,
    answers: Annotated[Path, typer.Argument(help="JSON: step to ok, fault, find or an object")],
    seal: Annotated[list[str] | None, typer.Option(help="where=number")] = None,
    as_json: console.AsJson = False,
) -> None:
    """End a check with its answers."""
    try:
        given: Any = json.loads(console.read_file(answers))
    except ValueError as error:
        raise Refused("The file holds no JSON", where=str(answers)) from error
    pairs = [text.partition("=") for text in seal or []]
    seals = [{"where": where, "number": number} for where, _, number in pairs]
    with console.unit() as actor:
        done = services.finish_check(
            actor=actor,
            inspection=queries.check(actor, console_id(check)),
            answers=given,
            seals=seals,
        )
        row = check_shape(done)
    console.emit(row, as_json)


@inspection.command()
def sign(check: Check, as_json: console.AsJson = False) -> None:
    """The second signature, by another person."""
    with console.unit() as actor:
        found = queries.check(actor, console_id(check))
        row = check_shape(services.sign_second(actor=actor, inspection=found))
    console.emit(row, as_json)


@inspection.command()
def find(check: Check, item: str = "", words: str = "", as_json: console.AsJson = False) -> None:
    """Report a find: the leg stops. Do not touch, clear, cordon, call."""
    with console.unit() as actor:
        found = queries.check(actor, console_id(check))
        row = find_shape(
            services.report_find(actor=actor, inspection=found, item=item, words=words)
        )
    console.emit(row, as_json)


@inspection.command()
def release(
    find: Annotated[str, typer.Argument(help="id of the find")],
    reason: str,
    as_json: console.AsJson = False,
) -> None:
    """The detail leader releases a find, with the reason."""
    with console.unit() as actor:
        found = queries.find(actor, console_id(find))
        row = find_shape(services.release_find(actor=actor, find=found, reason=reason))
    console.emit(row, as_json)
