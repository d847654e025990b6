"""``varangian engagement|operation|movement|post ...``"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console
from varangian.principals import queries as principal_queries

from . import queries, services
from .library import posts as standard_posts
from .people import member_by_email
from .shapes import engagement_shape, movement_shape, operation_shape, post_shape

engagement = typer.Typer(help="Assignments.", no_args_is_help=True)
operation = typer.Typer(help="Planned tasks of the detail.", no_args_is_help=True)
movement = typer.Typer(help="Legs and stays.", no_args_is_help=True)
post = typer.Typer(help="Posts of the detail.", no_args_is_help=True)
groups = {"engagement": engagement, "operation": operation, "movement": movement, "post": post}


@engagement.command("list")
def list_engagements(as_json: console.AsJson = False) -> None:
    """List engagements."""
    with console.unit() as actor:
        rows = [engagement_shape(row) for row in queries.engagements(actor)]
    console.emit(rows, as_json, ("slug", "state", "title", "client"))


@engagement.command("create")
def create_engagement(
    title: str, slug: str = "", client: str = "", as_json: console.AsJson = False
) -> None:
    """Open an engagement."""
    with console.unit() as actor:
        row = engagement_shape(
            services.open_engagement(actor=actor, slug=slug, title=title, client=client)
        )
    console.emit(row, as_json)


@engagement.command("close")
def close_engagement(slug: str, as_json: console.AsJson = False) -> None:
    """End an assignment: no operation can be opened under it again, its records stay readable."""
    with console.unit() as actor:
        found = queries.engagement(actor, slug)
        row = engagement_shape(services.close_engagement(actor=actor, engagement=found))
    console.emit(row, as_json)


@operation.command("list")
def list_operations(as_json: console.AsJson = False) -> None:
    """List operations, the latest first."""
    with console.unit() as actor:
        rows = [operation_shape(row) for row in queries.operations(actor)]
    console.emit(rows, as_json, ("slug", "state", "principal", "threat_level", "starts", "title"))


@operation.command("show")
def show_operation(slug: str, as_json: console.AsJson = False) -> None:
    """One operation with its movements and posts."""
    with console.unit() as actor:
        found = queries.operation(actor, slug)
        row = operation_shape(found)
        row["movements"] = [movement_shape(m) for m in queries.movements(actor, found)]
        row["posts"] = [post_shape(p) for p in queries.posts(actor, found)]
    if as_json:
        console.emit(row, True)
        return
    console.emit({k: v for k, v in row.items() if k not in ("movements", "posts")}, False)
    console.emit(row["movements"], False, ("serial", "kind", "state", "starts", "title"))
    console.emit(row["posts"], False, ("title", "call_sign", "holder"))


@operation.command("create")
def create_operation(
    title: str,
    principal: Annotated[str, typer.Option(help="slug of the principal")],
    kind: str = "visit",
    zone: str = "UTC",
    as_json: console.AsJson = False,
) -> None:
    """Open an operation by hand."""
    with console.unit() as actor:
        who = principal_queries.principal(actor, principal)
        above = queries.engagement_above(actor, who.compartment_id)
        row = operation_shape(
            services.open_operation(
                actor=actor, engagement=above, principal=who, title=title, kind=kind, time_zone=zone
            )
        )
    console.emit(row, as_json)


@operation.command("change")
def change_operation(
    slug: str,
    title: Annotated[str | None, typer.Option()] = None,
    intent: Annotated[str | None, typer.Option(help="the mission, in one sentence")] = None,
    kind: Annotated[str | None, typer.Option()] = None,
    zone: Annotated[str | None, typer.Option(help="such as Europe/Helsinki")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Change what the operation is and what for."""
    given = {"title": title, "intent": intent, "kind": kind, "time_zone": zone}
    changes: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
    with console.unit() as actor:
        found = queries.operation(actor, slug)
        row = operation_shape(services.change_operation(actor=actor, operation=found, **changes))
    console.emit(row, as_json)


@operation.command("state")
def set_operation_state(slug: str, state: str, as_json: console.AsJson = False) -> None:
    """Move an operation on: planned, active, closed, cancelled."""
    with console.unit() as actor:
        found = queries.operation(actor, slug)
        row = operation_shape(
            services.set_operation_state(actor=actor, operation=found, state=state)
        )
    console.emit(row, as_json)


@movement.command("list")
def list_movements(slug: str, as_json: console.AsJson = False) -> None:
    """Legs and stays of an operation."""
    with console.unit() as actor:
        found = queries.operation(actor, slug)
        rows = [movement_shape(row) for row in queries.movements(actor, found)]
    console.emit(rows, as_json, ("serial", "id", "kind", "state", "starts", "ends", "title"))


@movement.command("change")
def change_movement(
    pk: UUID,
    starts: Annotated[str, typer.Option(help="2026-11-24T14:30, in the leg's zone")] = "",
    ends: str = "",
    title: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Change times or title; what depends on the leg turns stale."""
    with console.unit() as actor:
        found = queries.movement(actor, pk)
        given = {"starts": _at(starts, found.zone), "ends": _at(ends, found.zone), "title": title}
        fields = {name: value for name, value in given.items() if value}
        row = movement_shape(services.change_movement(actor=actor, movement=found, **fields))
    console.emit(row, as_json)


@movement.command("state")
def set_movement_state(pk: UUID, state: str, as_json: console.AsJson = False) -> None:
    """confirmed, under_way, arrived, complete, cancelled, diverted."""
    with console.unit() as actor:
        found = queries.movement(actor, pk)
        row = movement_shape(services.set_movement_state(actor=actor, movement=found, state=state))
    console.emit(row, as_json)


@post.command("list")
def list_posts(slug: str, as_json: console.AsJson = False) -> None:
    """Posts of an operation and who holds them."""
    with console.unit() as actor:
        rows = [post_shape(p) for p in queries.posts(actor, queries.operation(actor, slug))]
    console.emit(rows, as_json, ("id", "title", "role", "call_sign", "holder"))


@post.command("add")
def add_post(
    slug: str,
    standard: Annotated[str, typer.Argument(help="a standard post, such as ppo")],
    holder: str = "",
    call_sign: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a standard post, held by a member of the operation."""
    with console.unit() as actor:
        found, kind = queries.operation(actor, slug), standard_posts().get(standard)
        row = post_shape(
            services.add_post(
                actor=actor,
                operation=found,
                title=kind.title,
                role=kind.role,
                edition=kind.edition,
                call_sign=call_sign,
                holder=member_by_email(actor, found, holder) if holder else None,
            )
        )
    console.emit(row, as_json)


def _at(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("This is no time", where=text, mend="Write 2026-11-24T14:30.") from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
