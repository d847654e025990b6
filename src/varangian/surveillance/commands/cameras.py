"""``varangian camera ...``"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.ui import console

from ..queries import cameras as queries
from ..services import behaviours as rule_services
from ..services import cameras as services
from ..services import devices
from ..shapes import asked_shape, camera_shape, device_shape, event_shape, view_shape

camera = typer.Typer(help="Cameras and who looked through them.", no_args_is_help=True)
groups = {"camera": camera}
COLUMNS = ("id", "name", "operation", "state", "reason", "source")
Password = Annotated[
    str, typer.Option(envvar="VARANGIAN_CAMERA_PASSWORD", help="better in the environment")
]
At = Annotated[tuple[float, float] | None, typer.Option(help="latitude and longitude")]


@camera.command("list")
def list_cameras(
    operation: Annotated[str, typer.Argument(help="empty: all that you may see")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Cameras and how they are."""
    with console.unit() as actor:
        found = operations.operation(actor, operation) if operation else None
        rows = [camera_shape(row) for row in queries.cameras(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@camera.command("show")
def show_camera(pk: UUID, as_json: console.AsJson = False) -> None:
    """One camera; of its address only what is no secret."""
    with console.unit() as actor:
        row = camera_shape(queries.camera(actor, pk))
    console.emit(row, as_json)


@camera.command("add")
def add_camera(
    name: str,
    purpose: Annotated[str, typer.Option(help="what it is watched for")],
    legal_basis: Annotated[str, typer.Option(help="on what ground it may be watched")],
    operation: Annotated[str, typer.Option(help="whose members see it")] = "",
    engagement: Annotated[str, typer.Option(help="instead of an operation")] = "",
    source: Annotated[
        str, typer.Option(envvar="VARANGIAN_CAMERA_SOURCE", help="- reads one line of input")
    ] = "-",
    onvif: Annotated[str, typer.Option(help="address of its ONVIF service")] = "",
    user: Annotated[str, typer.Option(help="of ONVIF")] = "",
    password: Password = "",
    profile: Annotated[str, typer.Option(help="of ONVIF: which of its streams")] = "",
    signage: Annotated[str, typer.Option(help="where a sign tells of it")] = "",
    at: At = None,
    bearing: Annotated[int, typer.Option(help="degrees from north")] = 0,
    width: Annotated[int, typer.Option(help="degrees")] = 70,
    reach: Annotated[int, typer.Option(help="metres")] = 40,
    keep_days: Annotated[int, typer.Option(help="days that its events are kept")] = 3,
    keep_looks: Annotated[
        bool, typer.Option(help="keep how people and vehicles looked, for camera find")
    ] = False,
    place: Annotated[
        UUID | None, typer.Option(help="of the engagement; it stands there without --at")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Register a camera. The address is better not an argument: others see those.

    With --onvif the camera itself is asked for its stream, and tells its own events from then on.
    """
    if bool(operation) == bool(engagement):
        raise Refused("A camera belongs to one operation or one engagement", where="--operation")
    access = {"address": onvif, "user": user, "password": password} if onvif else {}
    address = source
    if source == "-":
        address = "" if onvif else sys.stdin.readline().strip()
    with console.unit() as actor:
        owner: Any = (
            operations.operation(actor, operation)
            if operation
            else operations.engagement(actor, engagement)
        )
        if access and not address:
            told = devices.ask_device(actor=actor, **access)
            address = devices.stream_of(told, profile)
        made = services.add_camera(
            actor=actor, owner=owner, name=name, source=address, onvif=access, purpose=purpose,
            legal_basis=legal_basis, signage=signage, position=list(at) if at else None,
            bearing=bearing, width_deg=width, reach_m=reach, retention_days=keep_days,
            keeps_looks=keep_looks, place=places.place(actor, place) if place else None,
        )  # fmt: skip
        row = camera_shape(made)
    console.emit(row, as_json)


@camera.command("network")
def find_devices(
    seconds: Annotated[float, typer.Option(help="how long answers are waited for")] = 3.0,
    as_json: console.AsJson = False,
) -> None:
    """Ask the local network which cameras are there (ONVIF)."""
    with console.unit() as actor:
        rows = [device_shape(one) for one in devices.find_devices(actor=actor, seconds=seconds)]
    console.emit(rows, as_json, ("name", "maker", "hardware", "address"))


@camera.command("streams")
def ask_device(
    address: Annotated[str, typer.Argument(help="such as 192.168.1.20")],
    user: Annotated[str, typer.Option(help="of the camera")] = "",
    password: Password = "",
    as_json: console.AsJson = False,
) -> None:
    """Ask one camera what it is and which streams it offers (ONVIF)."""
    with console.unit() as actor:
        told = devices.ask_device(actor=actor, address=address, user=user, password=password)
        shape = asked_shape(told)
    columns = ("token", "name", "width", "height", "codec", "source")
    console.emit(shape if as_json else shape["profiles"], as_json, columns)


@camera.command("onvif")
def hear_camera(
    pk: UUID,
    address: Annotated[str, typer.Argument(help="empty: it tells no events of its own")] = "",
    user: Annotated[str, typer.Option(help="of the camera")] = "",
    password: Password = "",
    as_json: console.AsJson = False,
) -> None:
    """Pull a camera's own events from its ONVIF service, or no more."""
    access = {"address": address, "user": user, "password": password}
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        made = services.change_camera(actor=actor, camera=found, onvif=access)
        row = camera_shape(made)
    console.emit(row, as_json)


@camera.command("mask")
def mask_camera(
    pk: UUID,
    file: Annotated[Path, typer.Argument(help="JSON: outlines of [x, y] from 0 to 1")],
    as_json: console.AsJson = False,
) -> None:
    """Cover private areas; an empty list uncovers all."""
    try:
        given = json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused("This is no JSON", where=str(file)) from error
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        row = camera_shape(services.mask_camera(actor=actor, camera=found, masks=given))
    console.emit(row, as_json)


@camera.command("rules")
def rule_camera(
    pk: UUID,
    file: Annotated[Path | None, typer.Argument(help="YAML; empty: show those in force")] = None,
    clear: Annotated[bool, typer.Option(help="end all rules")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Rules of behaviour of a camera: shown, set from a file, or ended."""
    text = "" if clear else console.read_file(file).decode(errors="replace") if file else None
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        if text is not None:
            found = rule_services.rule_camera(actor=actor, camera=found, text=text)
        row = camera_shape(found)
    if as_json:
        console.emit(row, as_json)
    else:
        typer.echo(row["behaviours"] or "No rules.")


@camera.command("plates")
def read_plates(
    pk: UUID,
    on: Annotated[bool, typer.Option("--on/--off")] = True,
    basis: Annotated[str, typer.Option(help="legal basis; empty keeps the one on record")] = "",
    countries: Annotated[
        str | None, typer.Option(help='such as "GB, FR"; "" for all that are known')
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Read number plates and hold them against the BOLO cards of the operation, or stop it."""
    changes: dict[str, Any] = {"reads_plates": on}
    if basis:
        changes["plates_basis"] = basis
    if countries is not None:
        changes["plate_countries"] = countries
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        row = camera_shape(services.change_camera(actor=actor, camera=found, **changes))
    console.emit(row, as_json)


@camera.command("ways")
def compare_ways(
    pk: UUID,
    on: Annotated[bool, typer.Option("--on/--off")] = True,
    basis: Annotated[str, typer.Option(help="legal basis; empty keeps the one on record")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Compare ways with the principal's while the operation is under way, or stop it."""
    changes: dict[str, Any] = {"keeps_tracks": on, **({"tracks_basis": basis} if basis else {})}
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        row = camera_shape(services.change_camera(actor=actor, camera=found, **changes))
    console.emit(row, as_json)


@camera.command("switch")
def switch_camera(
    pk: UUID,
    on: Annotated[bool, typer.Option("--on/--off")] = True,
    as_json: console.AsJson = False,
) -> None:
    """Let workers open its stream, or not."""
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        row = camera_shape(services.switch_camera(actor=actor, camera=found, running=on))
    console.emit(row, as_json)


@camera.command("retire")
def retire_camera(pk: UUID, as_json: console.AsJson = False) -> None:
    """No worker opens it again and its address is forgotten."""
    with console.unit() as actor:
        found = queries.camera(actor, pk)
        row = camera_shape(services.retire_camera(actor=actor, camera=found))
    console.emit(row, as_json)


@camera.command("watched")
def watched(pk: UUID, as_json: console.AsJson = False) -> None:
    """Who looked through it, why and for how long."""
    with console.unit() as actor:
        rows = [view_shape(row) for row in queries.views(actor, queries.camera(actor, pk))[:200]]
    console.emit(rows, as_json, ("began_at", "person", "seconds", "purpose"))


@camera.command("events")
def events(
    operation: str,
    name: Annotated[str, typer.Option(help="an event, or its beginning")] = "",
    as_json: console.AsJson = False,
) -> None:
    """The newest things that cameras and sensors told."""
    from ..queries.events import events as told

    with console.unit() as actor:
        found = told(actor, operations.operation(actor, operation), name=name)[:200]
        rows = [event_shape(row) for row in found]
    console.emit(rows, as_json, ("id", "at", "words", "camera", "sensor"))
