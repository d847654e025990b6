"""``varangian tak ...``"""

import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import segno
import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as spine
from varangian.operations.people import member_by_email
from varangian.platform.ui import console

from ..queries import missions as sets
from ..queries import tak as queries
from ..services import tak as services
from ..shapes.tak import beacon_shape, client_shape, mission_row, package_shape
from ..tak import authority, ways_in

tak = typer.Typer(help="ATAK, iTAK, WinTAK and CloudTAK.", no_args_is_help=True)
groups = {"tak": tak}
Host = Annotated[str, typer.Option(help="name under which the clients reach this house")]


@tak.command()
def status(as_json: console.AsJson = False) -> None:
    """Where the endpoint listens, and the fingerprint of the authority."""
    shown = authority.fingerprint(authority.authority().certificate)
    console.emit(ways_in.endpoint_shape() | {"authority": shown}, as_json)


@tak.command("list")
def list_clients(operation: str, as_json: console.AsJson = False) -> None:
    """TAK clients of an operation."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        rows = [client_shape(row) for row in queries.clients(actor, found)]
    console.emit(rows, as_json, ("id", "label", "person", "state", "callsign", "client"))


@tak.command()
def add(
    operation: str,
    person: Annotated[str, typer.Option(help="e-mail of the member who carries it")] = "",
    label: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a client; without a person it belongs to a car or a thing."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        who = member_by_email(actor, found, person) if person else None
        made = services.add_client(actor=actor, operation=found, label=label, person=who)
        row = client_shape(made)
    console.emit(row, as_json)


@tak.command()
def invite(
    client: UUID,
    host: Host = "",
    qr: Annotated[Path | None, typer.Option(help="write the QR code for ATAK here")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Make the link with which the client asks for its certificate; good once, for a day."""
    with console.unit() as actor:
        device = queries.client(actor, client)
        way = ways_in.ways_in(device, services.invite_client(actor=actor, device=device), host)
    if qr is not None:
        segno.make(way.link, error="m").save(str(qr), scale=8)
    console.emit({"link": way.link, "username": way.username, "token": way.secret}, as_json)


@tak.command("sign-in")
def sign_in(client: UUID, host: Host = "", as_json: console.AsJson = False) -> None:
    """User and password for CloudTAK, which signs in each time; good for 90 days."""
    with console.unit() as actor:
        device = queries.client(actor, client)
        secret = services.invite_client(actor=actor, device=device, standing=True)
        row = ways_in.sign_in_shape(ways_in.ways_in(device, secret, host))
    console.emit(row, as_json)


@tak.command()
def package(
    client: UUID,
    out: Annotated[Path, typer.Option(help="FILE.zip, or a folder for PEM files")],
    host: Host = "",
) -> None:
    """Certificate and key in one file, for clients that cannot enrol. Keep it as you keep a key."""
    with console.unit(purpose="TAK package") as actor:
        device = queries.client(actor, client)
        certificate, key = services.issue_keys(actor=actor, device=device)
        name = device.operation.slug
    if out.suffix == ".zip":
        _private(out, ways_in.keys_package(name, certificate, key, host))
    else:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file, content in ways_in.pem_files(certificate, key).items():
            _private(out / file, content)
    console.say(f"Wrote {out}")


def _private(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Refused(f"The file cannot be written: {error.strerror}", where=str(path)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)


@tak.command("shut-out")
def shut_out(client: UUID) -> None:
    """Withdraw its certificate and invitations; it is disconnected within seconds."""
    with console.unit() as actor:
        services.shut_out(actor=actor, device=queries.client(actor, client))
    console.say("Shut out")


@tak.command()
def packages(operation: str, as_json: console.AsJson = False) -> None:
    """Data packages that the members of an operation have shared."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        rows = [package_shape(row) for row in queries.packages(actor, found)]
    console.emit(rows, as_json, ("name", "size", "from", "sent_at"))


@tak.command()
def missions(operation: str, as_json: console.AsJson = False) -> None:
    """Missions (Data Sync): sets of files that the clients of an operation keep alike."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        rows = [mission_row(row) for row in sets.counted(actor, found)]
    console.emit(rows, as_json, ("name", "files", "listeners", "from", "made_at"))


@tak.command()
def beacons(operation: str, as_json: console.AsJson = False) -> None:
    """Calls for help of TAK clients that are open."""
    with console.unit() as actor:
        found = spine.operation(actor, operation)
        rows = [beacon_shape(row) for row in queries.open_beacons(actor, found)]
    console.emit(rows, as_json, ("device", "person", "raised_at", "lat", "lon"))
