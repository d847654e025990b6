"""``varangian fence ...``"""

from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.operations import queries as operation_queries
from varangian.platform.ui import console

from ..forms_fences import points
from ..queries import fences as queries
from ..services import fences as services
from ..shapes.fences import fence_shape

fence = typer.Typer(help="Lines on the map that tell who crosses them.", no_args_is_help=True)
groups = {"fence": fence}
At = Annotated[tuple[float, float] | None, typer.Option(help="latitude and longitude")]
Corners = Annotated[list[str] | None, typer.Option(help="latitude,longitude; again for each")]
Tells = Annotated[str, typer.Option(help="enter, exit or both")]
TellsOr = Annotated[str | None, typer.Option(help="enter, exit or both")]
About = Annotated[str, typer.Option(help="all, team or principal")]
AboutOr = Annotated[str | None, typer.Option(help="all, team or principal")]
Urgency = Annotated[str, typer.Option(help="now, attention, inform; empty for the log alone")]
UrgencyOr = Annotated[str | None, typer.Option(help="now, attention, inform; empty for the log")]
Purpose = Annotated[str, typer.Option(help="what a crossing means")]
PurposeOr = Annotated[str | None, typer.Option(help="what a crossing means")]
Margin = Annotated[int, typer.Option(help="left only when so many metres outside")]
MarginOr = Annotated[int | None, typer.Option(help="left only when so many metres outside")]


@fence.command("list")
def list_fences(operation: str, as_json: console.AsJson = False) -> None:
    """Fences of an operation."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        rows = [fence_shape(row) for row in queries.fences(actor, found)]
    console.emit(rows, as_json, ("id", "name", "kind", "position", "radius_m", "tells", "about"))


@fence.command("show")
def show_fence(pk: UUID, as_json: console.AsJson = False) -> None:
    """One fence with its line."""
    with console.unit() as actor:
        row = fence_shape(queries.fence(actor, pk))
    console.emit(row, as_json)


@fence.command("add")
def add_fence(
    operation: str,
    name: str,
    at: At = None,
    radius: Annotated[int, typer.Option(help="metres")] = 200,
    corner: Corners = None,
    leash: Annotated[bool, typer.Option("--leash", help="somebody near the principal")] = False,
    tells: Tells = "both",
    about: About = "all",
    urgency: Urgency = "attention",
    purpose: Purpose = "",
    margin: Margin = 0,
    as_json: console.AsJson = False,
) -> None:
    """Draw a circle (--at), an outline (--corner, three times or more), or a leash."""
    with console.unit() as actor:
        made = services.add_fence(
            actor=actor,
            operation=operation_queries.operation(actor, operation),
            name=name,
            kind="leash" if leash else "outline" if corner else "circle",
            position=list(at) if at else None,
            radius_m=radius,
            ring=points(corner or []),
            tells=tells,
            about=about,
            urgency=urgency,
            purpose=purpose,
            margin_m=margin,
        )
        row = fence_shape(made)
    console.emit(row, as_json)


@fence.command("change")
def change_fence(
    pk: UUID,
    name: Annotated[str | None, typer.Option()] = None,
    at: At = None,
    radius: Annotated[int | None, typer.Option(help="metres")] = None,
    corner: Corners = None,
    tells: TellsOr = None,
    about: AboutOr = None,
    urgency: UrgencyOr = None,
    purpose: PurposeOr = None,
    margin: MarginOr = None,
    as_json: console.AsJson = False,
) -> None:
    """Move it or tell of it otherwise. --at makes it a circle, --corner an outline."""
    given: dict[str, Any] = {
        "name": name, "radius_m": radius, "tells": tells, "about": about, "urgency": urgency,
        "purpose": purpose, "margin_m": margin,
    }  # fmt: skip
    fields = {key: value for key, value in given.items() if value is not None}
    if at:
        fields |= {"kind": "circle", "position": list(at)}
    elif corner:
        fields |= {"kind": "outline", "ring": points(corner)}
    with console.unit() as actor:
        fence = queries.fence(actor, pk)
        row = fence_shape(services.change_fence(actor=actor, fence=fence, **fields))
    console.emit(row, as_json)


@fence.command("remove")
def remove_fence(pk: UUID) -> None:
    """Take a fence away."""
    with console.unit() as actor:
        services.remove_fence(actor=actor, fence=queries.fence(actor, pk))
