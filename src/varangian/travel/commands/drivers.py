"""``varangian driver ...``"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from .. import services
from ..queries import drivers as queries
from ..shapes.drivers import driver_shape, hours_shape, wheel_shape

driver = typer.Typer(help="Drivers: their file and their hours.", no_args_is_help=True)
groups = {"driver": driver}
Email = Annotated[str, typer.Argument(help="e-mail of the driver")]


@driver.command("list")
def list_drivers(as_json: console.AsJson = False) -> None:
    """Who can drive, with the hours that are left."""
    with console.unit() as actor:
        rows = [driver_shape(row) for row in queries.drivers(actor, queries.people(actor))]
    shown = rows if as_json else [{**row, "hours": row["hours"]["words"]} for row in rows]
    console.emit(shown, as_json, ("email", "name", "hours", "over"))


@driver.command()
def show(email: Email, as_json: console.AsJson = False) -> None:
    """One driver's file, and where the roster says something else."""
    with console.unit() as actor:
        person = queries.person(actor, email)
        found = queries.driver(actor, person)
        beside = [one.words for one in queries.disagreements(actor, person, found.facts)]
        row = {**driver_shape(found), "beside_roster": beside}
    console.emit(row, as_json)


@driver.command()
def write(
    email: Email,
    file: Annotated[Path, typer.Argument(help="JSON: licences, courses, medical, ...")],
    as_json: console.AsJson = False,
) -> None:
    """Write what is known of a driver; what the file does not name stays."""
    try:
        facts: Any = json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused("The file holds no JSON", where=str(file)) from error
    if not isinstance(facts, dict):
        raise Refused("The file holds one object", where=str(file))
    with console.unit() as actor:
        person = queries.person(actor, email)
        services.write_driver(actor=actor, person=person, **facts)
        row = driver_shape(queries.driver(actor, person))
    console.emit(row, as_json)


@driver.command()
def hours(email: Email, as_json: console.AsJson = False) -> None:
    """Hours at the wheel that are left, against the policy of the house."""
    with console.unit() as actor:
        row = hours_shape(queries.driver(actor, queries.person(actor, email)).hours)
    console.emit(row, as_json)


@driver.command()
def wheel(
    kind: Annotated[str, typer.Argument(help="driving, waiting, duty, break, off")],
    email: Annotated[str, typer.Option("--driver", help="e-mail; else --as")] = "",
    starts: datetime | None = None,
    ends: datetime | None = None,
    as_json: console.AsJson = False,
) -> None:
    """What the driver does from now on; with both times, a stretch that was (UTC)."""
    with console.unit() as actor:
        who = {"actor": actor, "person": queries.person(actor, email) if email else None}
        if starts and ends:
            times = {"starts": _utc(starts), "ends": _utc(ends)}
            made = services.add_wheel(**who, kind=kind, **times)
        elif kind == "off":
            made = services.leave_wheel(**who, at=_utc(starts))
        else:
            made = services.take_wheel(**who, kind=kind, at=_utc(starts))
        row = wheel_shape(made) if made else {}
    console.emit(row, as_json)


def _utc(at: datetime | None) -> Any:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
