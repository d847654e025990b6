"""``varangian place ...``"""

from uuid import UUID

import typer

from varangian.platform.ui import console

from .. import queries, services
from ..shapes import shape

place = typer.Typer(help="Places on the team's map.", no_args_is_help=True)
groups = {"place": place}


@place.command("list")
def list_places(as_json: console.AsJson = False, kind: str = "", unlocated: bool = False) -> None:
    """List places."""
    with console.unit() as actor:
        rows = [shape(row) for row in queries.places(actor, kind=kind, unlocated=unlocated)]
    console.emit(rows, as_json, ("id", "kind", "slug", "name", "precision"))


@place.command()
def locate(pk: UUID, latitude: float, longitude: float, as_json: console.AsJson = False) -> None:
    """Put a place on the map."""
    with console.unit() as actor:
        found = queries.place(actor, pk)
        found = services.locate_place(
            actor=actor, place=found, latitude=latitude, longitude=longitude
        )
        row = shape(found)
    console.emit(row, as_json)


@place.command()
def kind(pk: UUID, kind: str, as_json: console.AsJson = False) -> None:
    """Say what a place is; its survey follows from it."""
    with console.unit() as actor:
        found = queries.place(actor, pk)
        row = shape(services.change_place(actor=actor, place=found, kind=kind))
    console.emit(row, as_json)
