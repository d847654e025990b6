"""``varangian presence ...``"""

from datetime import datetime
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from ..queries import presence as queries
from ..queries.presence import Line
from ..services import presence as services
from ..shapes.presence import fact_shape, line_shape, traveller_shape

presence = typer.Typer(help="Where everybody of a party is.", no_args_is_help=True)
groups = {"presence": presence}
COLUMNS = ("name", "where", "place", "since", "until", "known by", "safe", "operation")
Text = Annotated[str, typer.Option()]


def _operation(actor: Any, slug: str, action: str = "presence.view") -> Operation:
    found = operation_queries.operation(actor, slug)
    require(actor, action, found.compartment_id)
    return found


def _moment(words: str, zone: str = "UTC") -> datetime | None:
    if not words:
        return None
    try:
        return console.in_zone(datetime.fromisoformat(words), zone)
    except ValueError as error:
        raise Refused("This is no time", where=words, mend="Write 2026-11-24T14:05.") from error


def _row(line: Line) -> dict[str, Any]:
    one = line.interval
    row: dict[str, Any] = {"name": line.name, "operation": line.operation.slug}
    if one is None:
        row |= {"where": "not begun"}
    else:
        towards = f" to {one.towards.words}" if one.towards else ""
        end = f"{one.until:%d %b %H:%M} UTC" if one.until and one.until_known else "end unknown"
        row |= {
            "where": one.where.words,
            "place": f"{one.spot.words or 'unknown'}{towards}",
            "since": f"{one.since:%d %b %H:%M} UTC",
            "until": end,
            "known by": "; ".join(dict.fromkeys(e.how for e in one.evidence)),
        }
    said = f"{line.confirmed_at:%d %b %H:%M} UTC" if line.confirmed_at else "never confirmed"
    return row | {"safe": f"OVERDUE, {said}" if line.overdue else said}


@presence.command("show")
def show(operation: str, at: Text = "", as_json: console.AsJson = False) -> None:
    """Everybody of one operation, now or at a moment."""
    with console.unit() as actor:
        found = _operation(actor, operation)
        lines = queries.present(actor, found, _moment(at, found.time_zone))
        shown = [line_shape(line, whole=True) if as_json else _row(line) for line in lines]
        for name in queries.named_on_bookings(actor, found):
            console.say(f"Named on a booking and not in the party: {name}")
    console.emit(shown, as_json, COLUMNS)


@presence.command("who")
def who(
    place: Annotated[str, typer.Argument(help="a country or a place; empty is everywhere")] = "",
    at: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """Who is in a country or place, over all operations."""
    with console.unit() as actor:
        lines = queries.who_is_in(actor, place, _moment(at))
        shown = [line_shape(line) if as_json else _row(line) for line in lines]
    console.emit(shown, as_json, COLUMNS)


@presence.command("confirm")
def confirm(
    operation: str,
    name: Annotated[str, typer.Argument(help="of the party, or principal")],
    how: Annotated[str, typer.Option(help="call, message, check_in, seen, position, roll_call")],
    place: Text = "",
    at: Text = "",
    until: Text = "",
    note: Text = "",
    safe: Annotated[bool, typer.Option("--safe")] = False,
    over: Annotated[bool, typer.Option("--over", help="the journey is over for them")] = False,
    as_json: console.AsJson = False,
) -> None:
    """What was heard of a person: where they are, that they are safe, that it is over."""
    with console.unit("confirm where somebody is") as actor:
        found = _operation(actor, operation, "presence.confirm")
        fact = services.confirm(
            actor=actor,
            operation=found,
            person=queries.person_named(actor, found, name),
            how=how,
            at=_moment(at, found.time_zone),
            until=_moment(until, found.time_zone),
            words=place,
            note=note,
            safe=safe,
            over=over,
        )
        row = fact_shape(fact)
    console.emit(row, as_json)


@presence.command("add")
def add(
    operation: str,
    name: str,
    relation: Text = "",
    phone: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """Somebody travels along."""
    with console.unit("add to a party") as actor:
        found = _operation(actor, operation, "presence.change")
        made = services.add_person(
            actor=actor, operation=found, name=name, relation=relation, phone=phone
        )
        row = traveller_shape(made)
    console.emit(row, as_json)


@presence.command("remove")
def remove(operation: str, name: str, as_json: console.AsJson = False) -> None:
    """Somebody does not travel along any more."""
    with console.unit("take somebody off a party") as actor:
        found = _operation(actor, operation, "presence.change")
        person = queries.person_named(actor, found, name)
        if person is None:
            raise Refused("The principal is part of every operation", where=name)
        row = traveller_shape(services.take_off(actor=actor, person=person))
    console.emit(row, as_json)


@presence.command("clock")
def clock(
    operation: str,
    name: Annotated[str, typer.Argument(help="of the party, principal, or everybody")],
    minutes: Annotated[int, typer.Argument(help="0 stops the clock")],
    as_json: console.AsJson = False,
) -> None:
    """Within how many minutes somebody must be confirmed safe again."""
    with console.unit("set a clock") as actor:
        found = _operation(actor, operation, "presence.change")
        everybody = name == "everybody"
        count = services.set_clock(
            actor=actor,
            operation=found,
            minutes=minutes or None,
            person=None if everybody else queries.person_named(actor, found, name),
            everybody=everybody,
        )
    console.emit({"clocks": count}, as_json)
