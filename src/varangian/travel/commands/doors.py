"""``varangian door``: the entrances of places where a car can stop."""

from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.places.models import Place
from varangian.places.queries import places
from varangian.platform.ui import console

from .. import services
from ..areas import position
from ..queries import route_days as queries
from ..shapes.route_days import door_row

door = typer.Typer(help="Entrances of places where a car can stop.", no_args_is_help=True)
groups = {"door": door}
COLUMNS = ("id", "name", "lat", "lon", "waits", "at")
Name = Annotated[str, typer.Argument(metavar="PLACE", help="short name of the place")]


@door.command("list")
def list_doors(place: Name, as_json: console.AsJson = False) -> None:
    """Doors of a place that are in use."""
    with console.unit() as actor:
        found = queries.doors(actor).filter(place=_place(actor, place))
        console.emit([door_row(row) for row in found], as_json, COLUMNS)


@door.command("add")
def add_door(
    place: Name,
    name: str,
    at: Annotated[str, typer.Argument(metavar="LAT,LON")],
    waits: Annotated[bool, typer.Option("--waits", help="a car may wait there")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Note an entrance; the day is drawn over them."""
    where = position(at)
    with console.unit() as actor:
        made = services.add_door(
            actor=actor, place=_place(actor, place), name=name, position=where, waits=waits
        )
        console.emit(door_row(made), as_json)


@door.command("move")
def move_door(
    pk: UUID,
    at: Annotated[str, typer.Option(metavar="LAT,LON")] = "",
    name: Annotated[str | None, typer.Option(help="a new name")] = None,
    waits: Annotated[bool | None, typer.Option(help="whether a car may wait there")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Move a door, rename it, or both."""
    if not at and name is None and waits is None:
        raise Refused("Nothing is changed", "--at, --name, --waits", "Give one of them.")
    where = position(at, "--at") if at else None
    with console.unit() as actor:
        made = services.change_door(
            actor=actor, door=queries.door(actor, pk), name=name, position=where, waits=waits
        )
        console.emit(door_row(made), as_json)


@door.command("retire")
def retire_door(pk: UUID) -> None:
    """No day is drawn over it any more."""
    with console.unit() as actor:
        made = services.retire_door(actor=actor, door=queries.door(actor, pk))
    console.say(f"{made.name} is retired")


def _place(actor: Any, slug: str) -> Place:
    found = places(actor).filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such place", slug, "See varangian place list.")
    return found
