"""``varangian vehicle ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.ui import console

from .. import services
from ..queries import allotments, drivers
from ..queries import fleet as queries
from ..shapes.drivers import advice_shape, allotment_shape
from ..shapes.fleet import custody_shape, defect_shape, vehicle_file, vehicle_shape

vehicle = typer.Typer(help="The fleet: what it is, carries and needs.", no_args_is_help=True)
groups = {"vehicle": vehicle}
COLUMNS = ("slug", "name", "state", "custody", "search_due", "seats", "profile", "drive")
Name = Annotated[str, typer.Argument(help="short name or id of the vehicle")]
Leg = Annotated[str, typer.Argument(help="id of the leg")]


@vehicle.command("list")
def list_vehicles(as_json: console.AsJson = False, retired: bool = False) -> None:
    """Vehicles, and whether they are ready."""
    with console.unit() as actor:
        rows = queries.fleet(actor, retired=retired)
        shown = [vehicle_shape(queries.stand(row)) for row in rows]
    console.emit(shown, as_json, COLUMNS)


@vehicle.command()
def show(name: Name, as_json: console.AsJson = False) -> None:
    """One vehicle with all that must be so."""
    with console.unit() as actor:
        row = vehicle_file(queries.stand(queries.vehicle_named(actor, name)))
    columns = ("state", "title", "words", "ends")
    console.emit(row if as_json else row["lines"], as_json, columns)


@vehicle.command()
def add(
    name: str,
    plate: str,
    engagement: Annotated[str, typer.Option(help="slug of the engagement")],
    seats: Annotated[int, typer.Option(help="with the driver's")],
    kind: str = "saloon",
    make_model: str = "",
    profile: str = "ordinary",
    drive: str = "petrol",
    range_km: int | None = None,
    terrain: list[str] | None = None,
    feature: list[str] | None = None,
    odometer_km: int | None = None,
    service_due_km: int | None = None,
    service_due_on: datetime | None = None,
    as_json: console.AsJson = False,
) -> None:
    """Take a vehicle into the fleet of an engagement."""
    given: dict[str, Any] = {
        "kind": kind,
        "make_model": make_model,
        "profile": profile,
        "drive": drive,
        "range_km": range_km,
        "terrain": terrain or [],
        "features": feature or [],
        "odometer_km": odometer_km,
        "service_due_km": service_due_km,
        "service_due_on": service_due_on.date() if service_due_on else None,
    }
    with console.unit() as actor:
        contract = operation_queries.engagement(actor, engagement)
        made = services.add_vehicle(
            actor=actor, engagement=contract, name=name, plate=plate, seats=seats, **given
        )
        row = vehicle_shape(queries.stand(queries.vehicle(actor, made.pk)))
    console.emit(row, as_json)


@vehicle.command()
def equip(
    name: Name,
    sort: Annotated[str, typer.Argument(help="kit or paper")],
    what: str,
    until: datetime | None = None,
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Note a piece of kit or a paper as seen and good."""
    ends = until.date() if until else None
    with console.unit() as actor:
        car = queries.vehicle_named(actor, name)
        services.note_equipment(
            actor=actor, vehicle=car, sort=sort, name=what, ends=ends, note=note
        )
        row = vehicle_shape(queries.stand(queries.vehicle(actor, car.pk)))
    console.emit(row, as_json)


@vehicle.command()
def armour(
    name: Name,
    standard: str,
    edition: str,
    number: str = "",
    body: str = "",
    glass: str = "",
    roof: str = "",
    floor: str = "",
    door_gaps: str = "",
    until: datetime | None = None,
    as_json: console.AsJson = False,
) -> None:
    """Write a certificate of armour, word for word."""
    parts = {"body": body, "glass": glass, "roof": roof, "floor": floor, "door_gaps": door_gaps}
    with console.unit() as actor:
        car = queries.vehicle_named(actor, name)
        services.add_armour(
            actor=actor,
            vehicle=car,
            standard=standard,
            edition=edition,
            number=number,
            ends=until.date() if until else None,
            **parts,
        )
        row = vehicle_file(queries.stand(queries.vehicle(actor, car.pk)))
    console.emit(row if as_json else row["armour"], as_json, ("words", "ends"))


@vehicle.command()
def custody(
    name: Name,
    state: Annotated[str, typer.Argument(help="guarded, locked, cctv, public, unknown")] = "",
    where: str = "",
    keeper: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Write who has it in sight from now on; without a state, the log."""
    with console.unit() as actor:
        car = queries.vehicle_named(actor, name)
        if state:
            services.hand_over(actor=actor, vehicle=car, state=state, where=where, keeper=keeper)
        rows = [custody_shape(row) for row in queries.custody_log(actor, car)[:50]]
    console.emit(rows, as_json, ("state", "where", "keeper", "starts", "ends"))


@vehicle.command()
def defect(name: Name, words: str, block: bool = False, as_json: console.AsJson = False) -> None:
    """Something is wrong; --block keeps it off the road."""
    with console.unit() as actor:
        car = queries.vehicle_named(actor, name)
        row = defect_shape(
            services.raise_defect(actor=actor, vehicle=car, words=words, blocking=block)
        )
    console.emit(row, as_json)


@vehicle.command()
def clear(
    defect: Annotated[str, typer.Argument(help="id of the defect")],
    words: Annotated[str, typer.Argument(help="what was done")],
    as_json: console.AsJson = False,
) -> None:
    """Clear a defect, by name."""
    with console.unit() as actor:
        found = queries.defect(actor, console_id(defect))
        row = defect_shape(services.clear_defect(actor=actor, defect=found, words=words))
    console.emit(row, as_json)


@vehicle.command()
def advise(
    leg: Leg,
    seats: int | None = None,
    distance_km: float | None = None,
    cold: bool | None = None,
    profile: str = "",
    terrain: list[str] | None = None,
    as_json: console.AsJson = False,
) -> None:
    """What speaks for and against each vehicle on a leg."""
    asked = {"seats": seats, "distance_km": distance_km, "cold": cold, "profile": profile}
    with console.unit() as actor:
        movement = operation_queries.movement(actor, console_id(leg))
        need = allotments.need_of(movement, {**asked, "terrain": terrain})
        rows = [advice_shape(row) for row in allotments.advise(actor, movement, need)]
    console.emit(rows, as_json, ("slug", "verdict", "cannot", "for", "against", "unknown"))


@vehicle.command()
def assign(
    leg: Leg,
    name: Name,
    driver: Annotated[str, typer.Option(help="e-mail of the driver")] = "",
    part: str = "principal_car",
    reason: str = "",
    cues: Annotated[Path | None, typer.Option(help="JSON file of turns for the card")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Give a leg its vehicle and driver."""
    with console.unit() as actor:
        movement = operation_queries.movement(actor, console_id(leg))
        made = services.assign_vehicle(
            actor=actor,
            movement=movement,
            vehicle=queries.vehicle_named(actor, name),
            driver=drivers.member_named(actor, movement.operation, driver),
            part=part,
            reason=reason,
        )
        if cues:
            services.write_cues(actor=actor, allotment=made, cues=_turns(cues))
        row = allotment_shape(made)
    console.emit(row, as_json)


@vehicle.command()
def legs(leg: Leg, as_json: console.AsJson = False) -> None:
    """What is assigned to a leg, and whether it is ready."""
    with console.unit() as actor:
        movement = operation_queries.movement(actor, console_id(leg))
        rows = allotments.vehicles_ready(actor, movement)
    console.emit(rows, as_json, ("vehicle", "part", "ready", "why"))


def console_id(text: str) -> Any:
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("This is no id", where=text) from error


def _turns(path: Path) -> list[dict[str, Any]]:
    import json

    try:
        found = json.loads(console.read_file(path))
    except ValueError as error:
        raise Refused("The file holds no JSON", where=str(path)) from error
    if not isinstance(found, list):
        raise Refused("The file holds a list of turns", where=str(path))
    return found
