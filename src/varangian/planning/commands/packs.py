"""``varangian pack ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import segno
import typer

from varangian.kernel.results import NotFound
from varangian.platform.ui import console

from .. import services
from ..queries import packs
from ..services.packs import choices
from ..shapes.packs import pack_address, pack_shape

pack = typer.Typer(help="One page for a contractor.", no_args_is_help=True)
groups = {"pack": pack}
COLUMNS = ("serial", "recipient", "kind", "state", "expires_at", "first_opened_at")
Text = Annotated[str, typer.Option()]
Lines = Annotated[list[str] | None, typer.Option(help="repeat for more")]


@pack.command("list")
def list_packs(operation: str, as_json: console.AsJson = False) -> None:
    """Packs of an operation: opened, read, over."""
    with console.unit() as actor:
        found = packs.operation_with_packs(actor, operation)
        rows = [pack_shape(row) for row in packs.shown(actor, list(packs.packs(actor, found)))]
    console.emit(rows, as_json, COLUMNS)


@pack.command("make")
def make_pack(
    operation: str,
    recipient: str,
    kind: Annotated[str, typer.Option(help="driver, steward or other")] = "driver",
    hours: Annotated[int, typer.Option(help="valid for, 1 to 72")] = 6,
    phone: Text = "",
    meet: Text = "",
    call_sign: Text = "",
    where: Text = "",
    when: Annotated[datetime | None, typer.Option(help="in the operation's time zone")] = None,
    do: Lines = None,
    dont: Lines = None,
    leg: Annotated[int | None, typer.Option(help="number of the leg that gives the time")] = None,
    place: Annotated[str, typer.Option(help="name of a place of the operation")] = "",
    post: Annotated[str, typer.Option(help="title of the post that they meet")] = "",
    point: Annotated[bool, typer.Option("--point", help="show the place on a map")] = False,
    name_principal: Annotated[bool, typer.Option("--name-principal")] = False,
    qr: Annotated[Path | None, typer.Option(help="write the QR code here: .svg or .png")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Make a page and print its link, once."""
    with console.unit("make a contractor pack") as actor:
        found = packs.operation_with_packs(actor, operation)
        made, secret = services.make_pack(
            actor=actor,
            operation=found,
            recipient=recipient,
            kind=kind,
            hours=hours,
            when=console.in_zone(when, found.time_zone),
            point=point,
            name_principal=name_principal,
            **_rows(actor, found, leg, place, post),
            phone=phone,
            meet=meet,
            call_sign=call_sign,
            where=where,
            do=do or (),
            dont=dont or (),
        )
        row = {**pack_shape(packs.shown(actor, [made])[0]), "link": pack_address(secret)}
    if qr is not None:
        segno.make(row["link"], error="m").save(str(qr), scale=8)
    console.emit(row, as_json)


def _rows(actor: Any, operation: Any, leg: int | None, place: str, post: str) -> dict[str, Any]:
    wanted = {"movement": leg, "place": place.casefold(), "post": post.casefold()}
    chosen: dict[str, Any] = {}
    for name, rows in choices(actor, operation).items():
        if wanted[name] in (None, ""):
            continue
        chosen[name] = next((row for row in rows if wanted[name] in _words(row)), None)
        if chosen[name] is None:
            raise NotFound(f"There is no such {name} in this operation", where=str(wanted[name]))
    return chosen


def _words(row: Any) -> tuple[Any, ...]:
    if hasattr(row, "name"):
        return row.name.casefold(), row.slug
    return row.serial if hasattr(row, "implied") else None, row.title.casefold()


@pack.command("show")
def show_pack(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """One pack: its lines, who opened it and who confirmed."""
    with console.unit() as actor:
        row = pack_shape(packs.shown(actor, [_pack(actor, operation, serial)])[0])
    console.emit(row, as_json)


@pack.command("link")
def renew_link(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Print a new link to the same page; the one before opens nothing."""
    with console.unit("renew a contractor's link") as actor:
        found = _pack(actor, operation, serial)
        secret = services.renew_link(actor=actor, pack=found)
        row = {**pack_shape(packs.shown(actor, [found])[0]), "link": pack_address(secret)}
    console.emit(row, as_json)


@pack.command("revoke")
def revoke_pack(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Close the page at once."""
    with console.unit("revoke a contractor pack") as actor:
        made = services.revoke_pack(actor=actor, pack=_pack(actor, operation, serial))
        row = pack_shape(packs.shown(actor, [made])[0])
    console.emit(row, as_json)


def _pack(actor: Any, operation: str, serial: str) -> Any:
    found = packs.operation_with_packs(actor, operation)
    return packs.pack_numbered(actor, found, console.serial(serial))
