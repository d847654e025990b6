"""``varangian muster ...`` and ``varangian party ...``"""

from typing import Annotated, Any

import typer

from varangian.kernel.results import NotFound
from varangian.platform.ui import console

from ..queries import incidents
from ..queries import muster as queries
from ..services import muster as services
from ..shapes.incidents import muster_address, muster_shape, party_shape, person_shape

muster = typer.Typer(help="Roll calls of the whole party.", no_args_is_help=True)
party = typer.Typer(help="Who is counted besides the team.", no_args_is_help=True)
groups = {"muster": muster, "party": party}
PEOPLE = ("serial", "name", "group", "state", "source", "where", "answered_at")
Text = Annotated[str, typer.Option()]


def _running(actor: Any, operation: str) -> Any:
    found = incidents.operation_for(actor, operation, "muster.view")
    row = queries.running(actor).filter(operation=found).first()
    if row is None:
        raise NotFound("No roll call runs", where=operation)
    return row


@muster.command("call")
def call(
    operation: str,
    reason: str,
    rally: Annotated[str, typer.Option(help="where to go")] = "",
    drill: Annotated[bool, typer.Option("--drill")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Ask everybody where they are."""
    with console.unit("call the roll") as actor:
        found = incidents.operation_for(actor, operation, "muster.call")
        made = services.call_muster(
            actor=actor, operation=found, reason=reason, rally=rally, drill=drill
        )
        row = muster_shape(actor, made)
    _emit(row, as_json)


@muster.command("show")
def show(operation: str, as_json: console.AsJson = False) -> None:
    """The roll call that runs: who is not accounted for first."""
    with console.unit() as actor:
        row = muster_shape(actor, _running(actor, operation))
    _emit(row, as_json)


@muster.command("answer")
def answer(
    operation: str, state: str = "safe", where: Text = "", as_json: console.AsJson = False
) -> None:
    """For yourself: safe, help or away."""
    with console.unit("answer a roll call") as actor:
        found = _running(actor, operation)
        line = services.answer_own(actor=actor, muster=found, state=state, where=where)
        row = person_shape(line)
    console.emit(row, as_json)


@muster.command("enter")
def enter(
    operation: str,
    number: Annotated[int, typer.Argument(help="number on the roll")],
    state: Annotated[str, typer.Argument(help="safe, help, missing, away or unknown")],
    seen: Annotated[bool, typer.Option("--seen", help="seen, not heard on the radio")] = False,
    where: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """For somebody else, by radio or by sight."""
    with console.unit("enter a roll call by radio") as actor:
        found = _running(actor, operation)
        line = queries.lines(actor, found).filter(serial=number).first()
        if line is None:
            raise NotFound("There is no such number on the roll", where=str(number))
        source = "eyes" if seen else "radio"
        done = services.enter(actor=actor, line=line, state=state, source=source, where=where)
        row = person_shape(done)
    console.emit(row, as_json)


@muster.command("links")
def links(operation: str, as_json: console.AsJson = False) -> None:
    """Links for those without an account, shown once."""
    with console.unit("make links for a roll call") as actor:
        found = services.hang_links(actor=actor, muster=_running(actor, operation))
        rows = [
            {
                "name": line.name,
                "phone": line.traveller.phone if line.traveller else "",
                "link": muster_address(secret),
            }
            for line, secret in found
        ]
    console.emit(rows, as_json, ("name", "phone", "link"))


@muster.command("close")
def close(operation: str, note: Text = "", as_json: console.AsJson = False) -> None:
    """End it; with somebody still open only with --note."""
    with console.unit("end a roll call") as actor:
        done = services.close_muster(actor=actor, muster=_running(actor, operation), note=note)
        row = muster_shape(actor, done)
    _emit(row, as_json)


def _emit(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(row, True)
        return
    console.emit(row["people"], False, PEOPLE)


@party.command("list")
def list_party(operation: str, as_json: console.AsJson = False) -> None:
    """People without an account who travel along."""
    with console.unit() as actor:
        found = incidents.operation_for(actor, operation, "muster.view")
        rows = [party_shape(row) for row in queries.party(actor, found)]
    console.emit(rows, as_json, ("name", "relation", "phone"))


@party.command("add")
def add(
    operation: str,
    name: str,
    relation: Text = "",
    phone: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """Count somebody more when the roll is called."""
    with console.unit("add to the party") as actor:
        found = incidents.operation_for(actor, operation, "party.change")
        made = services.add_to_party(
            actor=actor, operation=found, name=name, relation=relation, phone=phone
        )
        row = party_shape(made)
    console.emit(row, as_json)
