"""``varangian route make, show, approve, draw, release, driven``: routes of legs on record."""

from pathlib import Path
from typing import Annotated

import typer

from varangian.kernel.results import NotFound
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor, require
from varangian.platform.ui import console

from .. import services
from ..models import RoutePlan
from ..queries import drivers, fleet
from ..queries import route_watchers as watching
from ..queries import routes as queries
from ..shapes.routes import bound_words, draw_shape, plan_row, plan_shape, sealed_shape, table
from .route_days import geojson, work_through
from .routes import route

groups = {"route": route}
COLUMNS = ("name", "role", "chance", "minutes", "km")
Leg = Annotated[str, typer.Argument(metavar="MOVEMENT", help="number of the leg")]


@route.command("make")
def make(
    operation: str,
    movement: Leg,
    budget: Annotated[float, typer.Option(help="mean time, in times of the fastest")] = 1.2,
    window: Annotated[float, typer.Option(help="minutes in which to leave")] = 0.0,
    routes: Annotated[int, typer.Option(help="at most so many routes")] = 8,
    avoid: Annotated[Path | None, typer.Option(metavar="FILE.geojson")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Plan the routes of a leg; a new version overtakes the old one. Ctrl-C: nothing is kept."""
    areas = [geojson(avoid)] if avoid else []
    with console.unit() as actor:
        work = services.ask_routes(
            actor=actor, movement=_leg(actor, operation, movement), budget=budget,
            window_s=window * 60, routes=routes, areas=areas,
        )  # fmt: skip
    work_through(work)
    with console.unit() as actor:
        _emit(_plan(actor, operation, movement), as_json)


@route.command("show")
def show(
    operation: str,
    movement: Leg,
    draw: Annotated[bool, typer.Option("--draw", help="open the draw; this is noted")] = False,
    as_json: console.AsJson = False,
) -> None:
    """The newest routes of a leg, or what was drawn from them."""
    with console.unit() as actor:
        plan = _plan(actor, operation, movement)
        if draw:
            console.emit(draw_shape(queries.opened(actor, plan)), as_json)
            return
        _emit(plan, as_json)


@route.command("approve")
def approve(operation: str, movement: Leg, as_json: console.AsJson = False) -> None:
    """Approve the newest routes of a leg; a named person does, with --as."""
    with console.unit() as actor:
        plan = services.approve_routes(actor=actor, plan=_plan(actor, operation, movement))
        console.emit(plan_row(plan), as_json)


@route.command("draw")
def draw(operation: str, movement: Leg, as_json: console.AsJson = False) -> None:
    """Let chance choose, and seal it. The choice is not shown."""
    with console.unit() as actor:
        made = services.draw_route(actor=actor, plan=_plan(actor, operation, movement))
        console.emit(sealed_shape(made), as_json)


@route.command("release")
def release(
    operation: str,
    movement: Leg,
    reason: Annotated[str, typer.Option(help="why so early, or why another vehicle")] = "",
    driver: Annotated[str, typer.Option(metavar="EMAIL", help="who is at the wheel")] = "",
    vehicle: Annotated[str, typer.Option(help="instead of the drawn one")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Let those of the leg read the draw, just in time."""
    with console.unit() as actor:
        plan = _plan(actor, operation, movement)
        made = services.release_route(
            actor=actor, plan=plan, reason=reason,
            driver=drivers.person(actor, driver) if driver else None,
            vehicle=fleet.vehicle_named(actor, vehicle) if vehicle else None,
        )  # fmt: skip
        console.emit(sealed_shape(made), as_json)


@route.command("watch")
def watch(
    operation: str,
    movement: Leg,
    email: Annotated[str, typer.Argument(help="member of the operation; else only list")] = "",
    off: Annotated[bool, typer.Option("--off", help="take this person off the leg")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Name who else reads the draw of a leg once it is released; without a name, say who does."""
    with console.unit() as actor:
        plan = _plan(actor, operation, movement)
        require(actor, "route.draw", plan.compartment_id)
        if email:
            person = watching.member_by_email(actor, plan, email)
            change = services.drop_watcher if off else services.name_watcher
            change(actor=actor, plan=plan, person=person)
        console.emit(watching.readers(actor, plan), as_json, ("person", "why"))


@route.command("driven")
def driven(
    operation: str,
    movement: Leg,
    took: Annotated[str, typer.Option("--route", help="R2, or other; else as drawn")] = "",
    words: Annotated[str, typer.Option(help="what there is to say")] = "",
    minutes: Annotated[float | None, typer.Option(help="how long it took")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Report what was driven; the seal opens and the log says whether it fits."""
    with console.unit() as actor:
        plan = _plan(actor, operation, movement)
        done = services.report_driven(
            actor=actor, plan=plan, route=took, words=words, minutes=minutes
        )
        console.emit(draw_shape(done), as_json)


@route.command("replan")
def replan(
    operation: str,
    movement: Leg,
    closed: Annotated[Path, typer.Option(metavar="FILE.geojson", help="area to keep out of")],
    reason: Annotated[str, typer.Option(help="why")] = "",
    as_json: console.AsJson = False,
) -> None:
    """A new version that keeps out of a closed area."""
    area = geojson(closed)
    with console.unit() as actor:
        plan = _plan(actor, operation, movement)
        work = services.ask_replan(actor=actor, plan=plan, area=area, reason=reason)
    work_through(work)
    with console.unit() as actor:
        _emit(_plan(actor, operation, movement), as_json)


def _leg(actor: Actor, slug: str, number: str) -> Movement:
    operation = operation_queries.operation(actor, slug)
    serial = console.serial(number)
    found = operation_queries.movements(actor, operation).filter(serial=serial).first()
    if found is None:
        raise NotFound("There is no such leg", f"{slug} {number}", "See varangian movement list.")
    return found


def _plan(actor: Actor, slug: str, number: str) -> RoutePlan:
    return queries.plan_of(actor, _leg(actor, slug, number))


def _emit(plan: RoutePlan, as_json: bool) -> None:
    if as_json:
        console.emit(plan_shape(plan), True)
        return
    console.emit(table(plan), False, COLUMNS)
    console.say(f"{plan.get_state_display()}, version {plan.version}. {bound_words(plan)}")
    for place in plan.payload["forced"]:
        console.say(f"staff: {place['road']}, {place['metres']} m")
    age = plan_row(plan)["data_age"]
    console.say(f"Map: {plan.map_name}, {age}. {plan.licence}")
