"""``varangian mode`` and ``flights``: ways side by side, and what was heard of flights."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.log.rules import typed_time
from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.scope import Actor, require
from varangian.platform.ui import console

from .. import services
from ..models import ModeComparison
from ..queries import modes as queries
from ..shapes.modes import comparison_row, comparison_shape, flight_shape

mode = typer.Typer(help="Ways to make a journey, side by side; a leader decides.")
flights = typer.Typer(help="What was heard of the flights of the plan. It only proposes.")
groups = {"mode": mode, "flights": flights}
Text = Annotated[str, typer.Option()]
Which = Annotated[UUID, typer.Argument(metavar="ID", help="of the comparison, as list shows it")]
COLUMNS = ("line", "way", "words", "basis")


@mode.command()
def compare(
    operation: str,
    leg: Annotated[str, typer.Argument(metavar="[LEG]", help="number of the leg")] = "",
    origin: Annotated[str, typer.Option("--from", help="slug of a place")] = "",
    destination: Annotated[str, typer.Option("--to", help="slug of a place")] = "",
    starts: Annotated[str, typer.Option("--at", help="as the operation's clock has it")] = "",
    party: Annotated[int | None, typer.Option(help="how many travel")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Compare every way to make a journey: a leg, or two places and an hour."""
    with console.unit() as actor:
        found = _operation(actor, operation, "choice.change")
        when = typed_time(starts, found.time_zone, now()) if starts else None
        made = services.begin_comparison(
            actor=actor, operation=found, movement=_leg(actor, found, leg) if leg else None,
            origin=_place(actor, found, origin), destination=_place(actor, found, destination),
            starts=when, party=party,
        )  # fmt: skip
        _emit(actor, queries.comparison(actor, made.pk), as_json)


@mode.command("list")
def list_(operation: str, as_json: console.AsJson = False) -> None:
    """The comparisons of an operation."""
    with console.unit() as actor:
        found = _operation(actor, operation, "choice.view")
        rows = [comparison_row(row) for row in queries.comparisons(actor, found)[:200]]
    console.emit(rows, as_json, ("id", "origin", "destination", "state", "chosen"))


@mode.command()
def show(which: Which, as_json: console.AsJson = False) -> None:
    """One comparison, line by line."""
    with console.unit() as actor:
        _emit(actor, queries.comparison(actor, which), as_json)


@mode.command()
def tell(
    which: Which,
    way: Annotated[str, typer.Argument(help="car, flight, private, helicopter, rail, ...")],
    line: Annotated[str, typer.Argument(help="possible, time, waiting, weapons, ...")],
    text: Annotated[str, typer.Argument(help="in words; empty takes it back")] = "",
    low: Annotated[float | None, typer.Option(help="least minutes")] = None,
    high: Annotated[float | None, typer.Option(help="most minutes")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Write what you know better than the list, of one line of one way."""
    with console.unit() as actor:
        row = queries.comparison(actor, which)
        made = services.tell_line(
            actor=actor, comparison=row, mode=way, line=line, text=text, low=low, high=high
        )
        _emit(actor, made, as_json)


@mode.command()
def choose(which: Which, way: str, reason: str, as_json: console.AsJson = False) -> None:
    """Decide, with a reason; a named leader does, with --as."""
    with console.unit() as actor:
        row = queries.comparison(actor, which)
        made = services.choose_mode(actor=actor, comparison=row, mode=way, reason=reason)
        console.emit(comparison_row(made), as_json)


@mode.command()
def drop(which: Which, reason: str, as_json: console.AsJson = False) -> None:
    """Not compared any more, with a reason; it stays on record."""
    with console.unit() as actor:
        row = queries.comparison(actor, which)
        made = services.drop_comparison(actor=actor, comparison=row, reason=reason)
        console.emit(comparison_row(made), as_json)


@flights.command("read")
def read(operation: str, file: Path, as_json: console.AsJson = False) -> None:
    """Read a file of answers about flights (AeroAPI 4); nobody outside is asked."""
    with console.unit() as actor:
        found = _operation(actor, operation, "itinerary.import")
        said = services.read_status(actor=actor, operation=found, data=console.read_file(file))
        said["proposed"] = [flight_shape(row) for row in said["proposed"]]
    console.emit(said if as_json else said["proposed"], as_json, ("id", "leg", "what", "out"))


@flights.command("news")
def news(operation: str, as_json: console.AsJson = False) -> None:
    """What was heard of the flights of an operation."""
    with console.unit() as actor:
        found = _operation(actor, operation, "movement.view")
        rows = [flight_shape(row) for row in queries.flight_news(actor, found)[:200]]
    console.emit(rows, as_json, ("id", "number", "leg", "what", "state", "out"))


@flights.command("take")
def take(which: Which, as_json: console.AsJson = False) -> None:
    """Give the leg the times that the source expects."""
    with console.unit() as actor:
        row = queries.news(actor, which)
        console.emit(flight_shape(services.take_news(actor=actor, news=row)), as_json)


@flights.command("dismiss")
def dismiss(which: Which, as_json: console.AsJson = False) -> None:
    """Leave the leg as planned."""
    with console.unit() as actor:
        row = queries.news(actor, which)
        console.emit(flight_shape(services.dismiss_news(actor=actor, news=row)), as_json)


@flights.command("switch")
def switch(
    source: str,
    on: Annotated[bool, typer.Option("--on/--off")],
    purpose: Annotated[str, typer.Option(help="for what; needed to switch on")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Let the house ask a source about flights ahead, or stop it. All are off at first."""
    with console.unit() as actor:
        row = services.switch_flights(actor=actor, source=source, on=on, purpose=purpose)
    console.emit({"source": row.name, "on": row.on, "purpose": row.purpose}, as_json)


def _operation(actor: Actor, slug: str, action: str) -> Operation:
    found = operation_queries.operation(actor, slug)
    require(actor, action, found.compartment_id)
    return found


def _leg(actor: Actor, operation: Operation, number: str) -> Any:
    serial = console.serial(number)
    found = operation_queries.movements(actor, operation).filter(serial=serial).first()
    if found is None:
        raise NotFound("There is no such leg", number, "See varangian movement list.")
    return found


def _place(actor: Actor, operation: Operation, slug: str) -> Any:
    if not slug:
        return None
    circles = (operation.compartment_id, operation.engagement.compartment_id)
    found = place_queries.places(actor).filter(slug=slug, compartment_id__in=circles).first()
    if found is None:
        raise Refused("There is no such place here", slug, "See varangian place list.")
    return found


def _emit(actor: Actor, row: ModeComparison, as_json: bool) -> None:
    shape = comparison_shape(row, queries.table(actor, row))
    if as_json:
        console.emit(shape, True)
        return
    titles = {one["id"]: one["title"] for one in shape["lines"]}
    cells = [
        {"line": titles[key], "way": way["title"], "words": cell["words"],
         "basis": cell["basis_words"]}
        for key in titles
        for way in shape["ways"]
        if way["standing"] != "no" and (cell := way["cells"].get(key))
    ]  # fmt: skip
    console.emit(cells, False, COLUMNS)
    for way in shape["ways"]:
        console.say(f"{way['title']}: {way['standing_words']}. {'; '.join(way['why'])}")
    console.say(f"{row.pk}: no total on purpose; a leader decides.")
