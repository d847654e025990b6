"""``varangian stay``: the choice of a hotel or a restaurant."""

from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import Actor, require
from varangian.platform.ui import console

from .. import services
from ..models import StayChoice
from ..queries import stays as queries
from ..shapes.stays import choice_row, choice_shape

stay = typer.Typer(help="Choose a hotel or a restaurant: ruled out, weighed, decided.")
groups = {"stay": stay}
Which = Annotated[UUID, typer.Argument(metavar="ID", help="of the choice, as list shows it")]
COLUMNS = ("place", "name", "standing", "known", "at_most", "why")


@stay.command()
def begin(
    operation: str,
    title: Annotated[str, typer.Argument(help="for what, such as 'Two nights in Helsinki'")],
    kind: Annotated[str, typer.Option(help="hotel or restaurant")] = "hotel",
    house: Annotated[list[str] | None, typer.Option(help="slug of a place, or a name")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Begin a choice, with its first candidates."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        require(actor, "choice.change", found.compartment_id)
        made = services.begin_choice(actor=actor, operation=found, kind=kind, title=title)
        for name in house or []:
            made = _add(actor, made, name)
        _emit(actor, made, as_json)


@stay.command("list")
def list_(operation: str, as_json: console.AsJson = False) -> None:
    """The choices of an operation."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        require(actor, "choice.view", found.compartment_id)
        rows = [choice_row(row) for row in queries.choices(actor, found)[:200]]
    console.emit(rows, as_json, ("id", "kind", "title", "state", "chosen"))


@stay.command()
def compare(which: Which, as_json: console.AsJson = False) -> None:
    """The order, what rules out, and what the order rests on."""
    with console.unit() as actor:
        _emit(actor, _choice(actor, which), as_json)


@stay.command()
def add(
    which: Which,
    house: Annotated[str, typer.Argument(help="slug of a place with its survey, or a name")],
    as_json: console.AsJson = False,
) -> None:
    """Add a house."""
    with console.unit() as actor:
        _emit(actor, _add(actor, _choice(actor, which), house), as_json)


@stay.command()
def answer(
    which: Which,
    house: str,
    item: Annotated[str, typer.Argument(help="a line of the list, or a wish")],
    value: Annotated[str, typer.Argument(help="level, number, yes or no; empty: unknown")] = "",
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Write what is known of a house."""
    with console.unit() as actor:
        made = services.answer_item(
            actor=actor, choice=_choice(actor, which), house=house, item=item, value=value,
            note=note,
        )  # fmt: skip
        _emit(actor, made, as_json)


@stay.command()
def weigh(
    which: Which,
    weights: Annotated[list[str], typer.Argument(metavar="ITEM=WEIGHT...")],
    as_json: console.AsJson = False,
) -> None:
    """Move weights, 0 to 10."""
    given = dict(_pair(text) for text in weights)
    with console.unit() as actor:
        made = services.weigh(actor=actor, choice=_choice(actor, which), weights=given)
        _emit(actor, made, as_json)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise Refused("This is no weight", text, "Such as exits=6.")
    return name, value


@stay.command()
def wish(
    which: Which,
    words: str,
    must: Annotated[bool, typer.Option(help="without it a house is out")] = False,
    weight: float = 3.0,
    as_json: console.AsJson = False,
) -> None:
    """Write a wish of the principal."""
    with console.unit() as actor:
        made = services.add_wish(
            actor=actor, choice=_choice(actor, which), words=words, must=must, weight=weight
        )
        _emit(actor, made, as_json)


@stay.command("take-out")
def take_out(
    which: Which,
    what: Annotated[str, typer.Argument(help="key of a house or of a wish")],
    as_json: console.AsJson = False,
) -> None:
    """Take a house or a wish out of a choice."""
    with console.unit() as actor:
        row = _choice(actor, which)
        if any(wish["key"] == what for wish in row.content["wishes"]):
            made = services.drop_wish(actor=actor, choice=row, wish=what)
        else:
            made = services.drop_house(actor=actor, choice=row, house=what)
        _emit(actor, made, as_json)


@stay.command()
def drop(which: Which, reason: str, as_json: console.AsJson = False) -> None:
    """Nothing is chosen any more, with a reason; it stays on record."""
    with console.unit() as actor:
        made = services.drop_choice(actor=actor, choice=_choice(actor, which), reason=reason)
        console.emit(choice_row(made), as_json)


@stay.command()
def choose(which: Which, house: str, reason: str, as_json: console.AsJson = False) -> None:
    """Decide, with a reason; a named leader does, with --as."""
    with console.unit() as actor:
        made = services.choose_house(
            actor=actor, choice=_choice(actor, which), house=house, reason=reason
        )
        console.emit(choice_row(made), as_json)


def _choice(actor: Actor, which: UUID) -> StayChoice:
    return queries.choice(actor, which)


def _add(actor: Actor, choice: StayChoice, house: str) -> StayChoice:
    """A slug of a place of this kind, else a name."""
    rows = queries.candidates_from(actor, choice)
    place: Any = next((row for row in rows if row.slug == house), None)
    name = "" if place else house
    return services.add_house(actor=actor, choice=choice, name=name, place=place)


def _emit(actor: Actor, choice: StayChoice, as_json: bool) -> None:
    shape = choice_shape(queries.matrix(actor, choice))
    if as_json:
        console.emit(shape, True)
        return
    rows = [
        {
            "place": number, "name": row["name"], "standing": row["words"],
            "known": f"{row['known']:.0%}", "at_most": f"{row['at_most']:.0%}",
            "why": "; ".join(row["out"] or row["open"][:3]),
        }
        for number, row in enumerate(shape["rows"], start=1)
    ]  # fmt: skip
    console.emit(rows, False, COLUMNS)
    for one in shape["sensitivity"]:
        for flip in one["flips"]:
            console.say(f"weight of {one['title']}: {flip['words']}")
    if len(rows) > 1 and all(one["robust"] for one in shape["sensitivity"]):
        console.say("robust: no single weight, halved or raised by half, changes the order")
    for one in shape["rests_on"]:
        console.say(f"{one['rival']} could be first; find out: {', '.join(one['unknown'])}")
    console.say(f"{choice.pk}, {choice.title}")
