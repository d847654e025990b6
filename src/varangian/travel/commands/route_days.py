"""``varangian route day``: all legs of a day as one game, and again when a road closes."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operation_queries
from varangian.platform.ui import console

from .. import areas, services
from ..models import RouteDay, RouteWork
from ..queries import route_days as queries
from ..shapes.route_days import day_shape
from .routes import route

groups = {"route": route}
COLUMNS = ("leg", "state", "leaves", "routes", "minutes", "doors", "cars")
On = Annotated[str, typer.Option("--on", metavar="DATE", help="else today there")]


@route.command("day")
def day(
    operation: str,
    on: On = "",
    budget: Annotated[float, typer.Option(help="mean time, in times of the fastest")] = 1.2,
    window: Annotated[float, typer.Option(help="minutes in which each leg may leave")] = 30.0,
    hold: Annotated[float, typer.Option(help="minutes that an observer can stay")] = 20.0,
    vehicle: Annotated[list[str] | None, typer.Option(help="only these; more than once")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Plan all legs of a day together: routes, minutes, doors and cars. Ctrl-C keeps nothing."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        work = services.ask_day(
            actor=actor, operation=found, on=_date(on, found.time_zone), budget=budget,
            window_s=window * 60, hold_s=hold * 60, vehicles=vehicle or [],
        )  # fmt: skip
    made = work_through(work)
    with console.unit() as actor:
        assert made.day_id is not None  # pyright: ignore[reportAttributeAccessIssue]
        _emit(actor, queries.day(actor, made.day_id), as_json)  # pyright: ignore


@route.command("day-show")
def show_day(operation: str, on: On = "", as_json: console.AsJson = False) -> None:
    """The newest plan of a day, with its legs."""
    with console.unit() as actor:
        _emit(actor, _day(actor, operation, on), as_json)


@route.command("day-approve")
def approve_day(operation: str, on: On = "", as_json: console.AsJson = False) -> None:
    """Approve every leg of a day; a named person does, with --as."""
    with console.unit() as actor:
        found = services.approve_day(actor=actor, day=_day(actor, operation, on))
        _emit(actor, found, as_json)


@route.command("day-draw")
def draw_day(operation: str, on: On = "", as_json: console.AsJson = False) -> None:
    """Draw and seal every approved leg. Each is released by itself, just before it leaves."""
    with console.unit() as actor:
        found = services.draw_day(actor=actor, day=_day(actor, operation, on))
        _emit(actor, found, as_json)


@route.command("day-close")
def close_day(
    operation: str,
    reason: Annotated[str, typer.Argument(help="what is closed, and who says so")],
    at: Annotated[str, typer.Option(metavar="LAT,LON", help="where the road is closed")] = "",
    radius: Annotated[float, typer.Option(help="metres around it")] = 60.0,
    area: Annotated[Path | None, typer.Option(metavar="FILE.geojson", help="instead")] = None,
    on: On = "",
    as_json: console.AsJson = False,
) -> None:
    """A road is closed: plan the rest of the day anew as one game. Ctrl-C keeps nothing."""
    if bool(at) == bool(area):
        raise Refused("Say where", "--at, --area", "Give one of them.")
    closed = geojson(area) if area else areas.circle(areas.position(at, "--at"), radius)
    with console.unit() as actor:
        found = _day(actor, operation, on)
        work = services.ask_closure(actor=actor, day=found, area=closed, reason=reason)
    made = work_through(work)
    with console.unit() as actor:
        fresh = queries.day(actor, made.day_id)  # pyright: ignore
        _emit(actor, fresh, as_json)
        for row in fresh.payload["changes"] if not as_json else ():
            console.say(f"{row['leg']}: {row['words']}")


def work_through(work: RouteWork) -> RouteWork:
    """Here and now, with a bar; a plan that is refused ends the command in words."""
    with console.shares("Planning") as tell:
        services.plan_now(work.pk, tell)
    with console.unit() as actor:
        made = queries.work(actor, work.pk)
    if made.state != RouteWork.State.DONE:
        raise Refused(made.words or "Not planned")
    return made


def geojson(file: Path) -> Any:
    try:
        return json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused("This is no GeoJSON", str(file), "Give polygons of the areas.") from error


def _date(on: str, zone: str) -> date:
    if not on:
        return now().astimezone(ZoneInfo(zone)).date()
    try:
        return datetime.strptime(on, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise Refused("This is no date", on, "Such as 2027-05-04.") from None


def _day(actor: Any, slug: str, on: str) -> RouteDay:
    operation = operation_queries.operation(actor, slug)
    when = _date(on, operation.time_zone)
    found = queries.days(actor, operation).filter(on=when).first()
    if found is None:
        raise NotFound("This day was not planned", f"{slug} {when}", "varangian route day does.")
    return found


def _emit(actor: Any, day: RouteDay, as_json: bool) -> None:
    shape = day_shape(day, list(queries.plans_of(actor, day)))
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["legs"], False, COLUMNS)
    for words in (shape["words"], *shape["notes"]):
        console.say(words)
