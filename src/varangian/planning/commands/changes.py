"""``varangian change ...``"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import services
from ..change import Wish
from ..models import Change
from ..queries import changes, orders
from ..shapes.changes import change_shape, preview_shape, whole_shape

change = typer.Typer(help="Changes of plan and who has read them.", no_args_is_help=True)
groups = {"change": change}
Leg = Annotated[str, typer.Option(help="serial or id; the next journey when left out")]
Place = Annotated[str, typer.Option(help="name or id of a place")]
Which = Annotated[str, typer.Argument(help="label such as C1, or id; the latest draft or change")]


@change.command("draft")
def draft_change(
    operation: str,
    leg: Leg = "",
    earlier: Annotated[int, typer.Option(help="minutes")] = 0,
    later: Annotated[int, typer.Option(help="minutes")] = 0,
    at: Annotated[str, typer.Option(help="2026-11-24T14:30, in the leg's zone")] = "",
    exit_: Annotated[str, typer.Option("--exit", help="door by which the principal leaves")] = "",
    entrance: str = "",
    to: Place = "",
    origin: Annotated[str, typer.Option("--from", help="name or id of a place")] = "",
    mode: Annotated[str, typer.Option(help="road, foot, flight, train ...")] = "",
    vehicle: str = "",
    cancel: Annotated[bool, typer.Option("--cancel")] = False,
    stop: Place = "",
    stop_after: Annotated[int | None, typer.Option(help="minutes after leaving")] = None,
    stop_for: Annotated[int | None, typer.Option(help="minutes there")] = None,
    words: str = "",
    why: str = "",
    still: Annotated[bool, typer.Option("--still", help="move no other leg")] = False,
    within: Annotated[int | None, typer.Option(help="minutes to acknowledge")] = None,
    look: Annotated[bool, typer.Option("--look", help="only show; keep nothing")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Say what changes; see what it touches. Nobody is told yet."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        movement = _leg(actor, found, leg)
        wish = Wish(
            minutes=later - earlier or None,
            starts=_time(at, movement.zone),
            exit=exit_,
            entrance=entrance,
            origin=_place(actor, found, origin),
            destination=_place(actor, found, to),
            mode=mode,
            vehicle=vehicle,
            cancelled=cancel,
            stop=_place(actor, found, stop),
            stop_after=stop_after,
            stop_minutes=stop_for,
            words=words,
            follow=not still,
        )
        if look:
            row = preview_shape(changes.preview(actor, movement, wish))
        else:
            made = services.draft_change(
                actor=actor, movement=movement, wish=wish, reason=why, minutes=within
            )
            row = whole_shape(made, [])
    _show(row, as_json)


@change.command("send")
def send_change(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Amend the programme, sign and issue the fragmentary order. Needs --as with a leader."""
    with console.unit() as actor:
        found = _one(actor, operation, which, draft=True)
        sent = services.send_change(actor=actor, change=found)
        row = whole_shape(sent, _acks(actor, sent))
    _show(row, as_json)


@change.command("drop")
def drop_change(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Put a draft away; it stays on record."""
    with console.unit() as actor:
        found = _one(actor, operation, which, draft=True)
        row = change_shape(services.drop_change(actor=actor, change=found))
    console.emit(row, as_json)


@change.command("list")
def list_changes(operation: str, as_json: console.AsJson = False) -> None:
    """All changes of an operation, the latest first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [change_shape(row) for row in changes.changes(actor, found)]
    console.emit(rows, as_json, ("label", "state", "order", "sent_at", "summary"))


@change.command("show")
def show_change(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """What it touches, and who has acknowledged."""
    with console.unit() as actor:
        found = _one(actor, operation, which)
        row = whole_shape(found, _acks(actor, found))
    _show(row, as_json)


def _show(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(row, True)
        return
    console.say(row["summary"])
    console.emit(row["touches"], False, ("group", "title", "why"))
    if row.get("acknowledgements"):
        columns = ("post", "call_sign", "acknowledged_at", "acknowledged_by")
        console.emit(row["acknowledgements"], False, columns)


def _acks(actor: Actor, row: Change) -> list[Any]:
    return list(orders.acknowledgements(actor, row.order)) if row.order else []


def _one(actor: Actor, slug: str, which: str, *, draft: bool = False) -> Change:
    rows = changes.changes(actor, operations.operation(actor, slug))
    if draft and not which:
        rows = rows.filter(state=Change.State.DRAFT)
    wanted = which.strip().lower()
    for row in rows:
        if not wanted or wanted in (row.label.lower(), str(row.pk)):
            return row
    raise NotFound("There is no such change", where=which or slug, mend="See change list.")


def _leg(actor: Actor, operation: Any, which: str) -> Any:
    if not which:
        found = changes.next_leg(actor, operation)
    else:
        rows = operations.movements(actor, operation)
        found = next((m for m in rows if which in (str(m.serial), str(m.pk))), None)
    if found is None:
        raise NotFound("There is no such leg", where=which or operation.slug)
    return found


def _place(actor: Actor, operation: Any, which: str) -> UUID | None:
    if not which:
        return None
    near = changes.nearby(actor, operation)
    wanted = which.strip().lower()
    found = [pk for pk, place in near.items() if wanted in (str(pk), place.name.lower())]
    if len(found) != 1:
        names = ", ".join(sorted(place.name for place in near.values())[:12])
        raise Refused("Name one place of this operation", where=which, mend=f"There is: {names}.")
    return found[0]


def _time(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("This is no time", where=text, mend="Write 2026-11-24T14:30.") from error
    return console.in_zone(at, zone)
