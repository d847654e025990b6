"""``varangian device ...``"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import segno
import typer

from varangian.kernel.clock import now
from varangian.operations import queries as operation_queries
from varangian.operations.people import member_by_email
from varangian.platform.ui import console

from ..enrolment import setup
from ..queries import devices as queries
from ..queries import positions
from ..services import devices as services
from ..services.uploads import upload_track
from ..shapes.devices import device_shape, enrolled_shape, place_shape, refusal_shape

device = typer.Typer(help="Phones and trackers of an operation.", no_args_is_help=True)
groups = {"device": device}
Picture = Annotated[Path | None, typer.Option(help="write the QR code here: .svg or .png")]
Host = Annotated[str, typer.Option(help="name under which devices reach this machine")]


@device.command("list")
def list_devices(operation: str, as_json: console.AsJson = False) -> None:
    """Devices of an operation and when each was last heard."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        rows = [device_shape(row) for row in queries.devices(actor, found)]
    for row in rows if not as_json else ():
        row["heard"] = row["last"]["at"] if row["last"] else None
    console.emit(rows, as_json, ("id", "label", "kind", "person", "share", "state", "heard"))


@device.command("enrol")
def enrol_device(
    operation: str,
    label: str,
    kind: str = "owntracks",
    person: Annotated[str, typer.Option(help="e-mail of who carries it")] = "",
    principal: Annotated[
        bool, typer.Option("--principal", help="carried by the principal")
    ] = False,
    share: Annotated[str, typer.Option(help="off, duty, movement or emergency")] = "duty",
    period: Annotated[int, typer.Option(help="seconds between positions")] = 60,
    days: int = 30,
    node: Annotated[str, typer.Option(help="what it calls itself, such as !a1b2c3d4")] = "",
    host: Host = "",
    qr: Picture = None,
    as_json: console.AsJson = False,
) -> None:
    """Enrol a device and print its address, once."""
    with console.unit("enrol a device") as actor:
        found = operation_queries.operation(actor, operation)
        made, secret = services.enrol(
            actor=actor,
            operation=found,
            kind=kind,
            label=label,
            person=member_by_email(actor, found, person) if person else None,
            carried_by_principal=principal,
            share=share,
            period_s=period,
            days=days,
            outside_id=node,
        )
        row = enrolled_shape(made, setup(made, secret, host))
    _give(row, qr, as_json)


@device.command("show")
def show_device(pk: UUID, as_json: console.AsJson = False) -> None:
    """One device, and what of it was not believed."""
    with console.unit() as actor:
        found = queries.device(actor, pk)
        row = device_shape(found)
        row["refused"] = [refusal_shape(told) for told in queries.refusals(actor, found)]
    if as_json:
        console.emit(row, True)
        return
    told = row.pop("refused")
    console.emit(row, False)
    console.emit(told, False, ("day", "reason", "count", "last_at", "words"))


@device.command("change")
def change_device(
    pk: UUID,
    label: str = "",
    share: str = "",
    period: int = 0,
    as_json: console.AsJson = False,
) -> None:
    """Name, share mode or period."""
    given: dict[str, Any] = {"label": label, "share": share, "period_s": period}
    with console.unit() as actor:
        fields = {name: value for name, value in given.items() if value}
        found = queries.device(actor, pk)
        row = device_shape(services.change_device(actor=actor, device=found, **fields))
    console.emit(row, as_json)


@device.command("token")
def renew_token(
    pk: UUID, days: int = 30, host: Host = "", qr: Picture = None, as_json: console.AsJson = False
) -> None:
    """Print a new address; the one before opens nothing."""
    with console.unit("renew the token of a device") as actor:
        found = queries.device(actor, pk)
        found, secret = services.renew_token(actor=actor, device=found, days=days)
        row = enrolled_shape(found, setup(found, secret, host))
    _give(row, qr, as_json)


@device.command("revoke")
def revoke_device(pk: UUID, as_json: console.AsJson = False) -> None:
    """Lost or handed back: from now nothing of it is believed."""
    with console.unit() as actor:
        row = device_shape(services.revoke(actor=actor, device=queries.device(actor, pk)))
    console.emit(row, as_json)


@device.command("track")
def add_track(pk: UUID, file: Path, as_json: console.AsJson = False) -> None:
    """Add the positions of a GPX file."""
    data = console.read_file(file)
    with console.unit() as actor:
        row = upload_track(actor=actor, device=queries.device(actor, pk), data=data)
    console.emit(row, as_json)


@device.command("trail")
def show_trail(
    pk: UUID,
    hours: Annotated[float, typer.Option(help="so far back")] = 1.0,
    as_json: console.AsJson = False,
) -> None:
    """Where a device was."""
    with console.unit() as actor:
        found = queries.device(actor, pk)
        rows = positions.trail(actor, found, now() - timedelta(hours=hours))
        shown = [place_shape(row) for row in rows]
    console.emit(shown, as_json, ("at", "position", "accuracy", "speed", "course", "battery"))


def _give(row: dict[str, Any], qr: Path | None, as_json: bool) -> None:
    if qr is not None:
        segno.make(row["code"], error="m").save(str(qr), scale=8)
    console.emit(row, as_json)
