"""``varangian movement board, track, begin, report, arrived, divert, reroute, simulate``."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operation_queries
from varangian.operations.commands import movement
from varangian.operations.models import Movement
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import services
from ..queries import movement_board as queries
from ..queries import movement_holds as hold_queries
from ..queries import movement_ways as way_queries
from ..services import movement_simulation as simulation
from ..shapes.movement_board import hold_shape, leg_row, proposal_shape

groups: dict[str, typer.Typer] = {}
"""The verbs hang on ``varangian movement``, which the spine owns."""
COLUMNS = ("serial", "title", "state", "departs", "chance", "leave_by", "percent", "arrives")
HOLDS = ("key", "name", "why", "km", "wait_min", "until")
HAVENS = ("key", "name", "words", "minutes", "km", "verified")
Leg = Annotated[str, typer.Argument(metavar="LEG", help="number of the leg")]


@movement.command("board")
def board(
    operation: str,
    day: Annotated[str, typer.Option(metavar="DAY", help="2027-01-10; else today")] = "",
    as_json: console.AsJson = False,
) -> None:
    """The legs of a day against their plan: times, chances, progress, alarms."""
    with console.unit() as actor:
        found = operation_queries.operation(actor, operation)
        shown = queries.day_shown(actor, found, day)
        rows = [leg_row(actor, leg) for leg in queries.legs_of_day(actor, found, shown)]
    if as_json:
        console.emit({"day": shown, "legs": rows}, True)
        return
    console.emit([_short(row) for row in rows], False, COLUMNS)
    for row in rows:
        _wrong(row)


def _wrong(row: dict[str, Any]) -> None:
    for words in (*(one["words"] for one in row["alarms"]), *row["notes"]):
        console.say(f"leg {row['serial']}: {words}")


def _short(row: dict[str, Any]) -> dict[str, Any]:
    at = {
        name: console.in_zone(row[key], row["zone"])
        for name, key in (("departs", "departs_at"), ("leave_by", "latest_departure"))
    }
    progress = row["progress"]
    return row | {
        "departs": _clock(at["departs"], row), "leave_by": _clock(at["leave_by"], row),
        "arrives": _clock(row["eta"], row),
        "percent": "" if progress is None else f"{progress:.0%}",
    }  # fmt: skip


def _clock(at: Any, row: dict[str, Any]) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(row['zone'])):%H:%M}" if at else "unknown"


@movement.command("track")
def track(
    operation: str,
    leg: Leg,
    make: Annotated[bool, typer.Option("--make", help="a new version of the plan")] = False,
    route: Annotated[str, typer.Option(help="R2; else as released, or the primary")] = "",
    marks: Annotated[Path | None, typer.Option(metavar="FILE.json", help="list of marks")] = None,
    corridor: Annotated[int | None, typer.Option(help="metres to each side")] = None,
    silence: Annotated[int | None, typer.Option(help="seconds")] = None,
    stop: Annotated[int | None, typer.Option(help="seconds")] = None,
    late: Annotated[int | None, typer.Option(help="seconds after a report line is due")] = None,
    loading: Annotated[int | None, typer.Option(help="seconds before it rolls")] = None,
    spread: Annotated[float | None, typer.Option(help="uncertainty of driving, 0.2")] = None,
    device: Annotated[UUID | None, typer.Option(help="tells the position")] = None,
    person: Annotated[str, typer.Option(help="e-mail; their device tells the position")] = "",
    watcher: Annotated[str, typer.Option(help="e-mail of who watches")] = "",
    ready: Annotated[str, typer.Option(help="not before, 2027-01-10T14:00; any")] = "",
    reason: str = "",
    as_json: console.AsJson = False,
) -> None:
    """How a leg is followed and how it goes; with --make its tracking plan is made anew."""
    limits: dict[str, Any] = {
        "corridor_m": corridor,
        "silence_s": silence,
        "stop_s": stop,
        "late_s": late,
        "loading_s": loading,
    }
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        if make:
            who = lambda email: member_by_email(actor, found.operation, email).pk  # noqa: E731
            services.make_tracking_plan(
                actor=actor, movement=found, route=route, marks=_read(marks), spread=spread,
                device=device, person=who(person) if person else None, reason=reason,
                watcher=who(watcher) if watcher else None, any_time=ready == "any",
                not_before=_moment(ready) if ready not in ("", "any") else None,
                **{name: value for name, value in limits.items() if value is not None},
            )  # fmt: skip
        plan, run = queries.tracking_plan_of(actor, found), queries.run_of(actor, found)
        row = leg_row(actor, found)
        row["proposals"] = [proposal_shape(r) for r in way_queries.proposals(actor, plan, run)]
    _tell(row, as_json)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused("This is no time", text, "Such as 2027-01-10T14:00, or any.") from None


@movement.command("hold")
def hold(
    operation: str,
    leg: Leg,
    take: Annotated[str, typer.Option(help="key or name: wait there")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Where a leg can wait that would come before its destination is ready."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        if take:
            services.take_hold(actor=actor, movement=found, key=take)
            row = leg_row(actor, found)
        else:
            plan = queries.tracking_plan_of(actor, found)
            rows = [hold_shape(one) for one in hold_queries.proposals(actor, plan)]
            console.emit(rows, as_json, HOLDS)
            return
    _tell(row, as_json)


def _read(file: Path | None) -> list[dict[str, Any]] | None:
    if file is None:
        return None
    try:
        rows = json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused("This is no JSON", str(file)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused("Marks are a list", str(file), 'Such as [{"name": "Bridge", "km": 2.4}].')
    return rows


def _tell(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(row, True)
        return
    console.emit([_short(row)], False, COLUMNS)
    _wrong(row)
    for mark in row["marks"]:
        due = _clock(mark["expected_at"], row)
        done = f"passed {_clock(mark['passed_at'], row)}" if mark["passed_at"] else f"due {due}"
        wait = f", until {_clock(mark['until'], row)}" if mark["until"] else ""
        console.say(f"{mark['words']} {mark['name']} {mark['code']}, km {mark['km']}: {done}{wait}")
    if row["early_words"]:
        console.say(f"{row['early_words']}. varangian movement hold says where to wait.")
    for one in row.get("proposals", ()):
        console.say(f"{one['title']}: {one['words']}")


@movement.command("begin")
def begin(operation: str, leg: Leg, as_json: console.AsJson = False) -> None:
    """The leg leaves: it is followed from now on."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        services.begin_leg(actor=actor, movement=found)
        row = leg_row(actor, found)
    _tell(row, as_json)


@movement.command("report")
def report(
    operation: str,
    leg: Leg,
    mark: Annotated[str, typer.Argument(metavar="MARK", help="code word or name")],
    words: Annotated[str, typer.Option(help="what was said")] = "",
    as_json: console.AsJson = False,
) -> None:
    """A report line or hold point was passed, as heard on the radio."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        services.report_line(actor=actor, movement=found, mark=mark, words=words)
        row = leg_row(actor, found)
    _tell(row, as_json)


@movement.command("arrived")
def arrived(operation: str, leg: Leg, as_json: console.AsJson = False) -> None:
    """The leg has arrived, as heard on the radio."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        services.arrive(actor=actor, movement=found)
        row = leg_row(actor, found)
    _tell(row, as_json)


@movement.command("divert")
def divert(
    operation: str,
    leg: Leg,
    to: Annotated[str, typer.Option(help="key or name; else the nearest verified")] = "",
    show: Annotated[bool, typer.Option("--show", help="only where it could go")] = False,
    reason: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Divert a leg to a haven or hospital; the team is told and the board follows."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        if show:
            plan, run = queries.tracking_plan_of(actor, found), queries.run_of(actor, found)
            here = way_queries.where(actor, plan, run)
            rows = way_queries.havens(actor, plan, here) if here else []
            console.emit([row.shape() for row in rows], as_json, HAVENS)
            return
        services.divert(actor=actor, movement=found, to=to, reason=reason)
        row = leg_row(actor, found)
    _tell(row, as_json)
    for cue in row["plan"]["cues"] if not as_json else ():
        console.say(f"{cue['words']}, {cue['metres']:.0f} m")


@movement.command("reroute")
def reroute(
    operation: str,
    leg: Leg,
    route: Annotated[str, typer.Option(help="R2 of the plan")] = "",
    alert: Annotated[UUID | None, typer.Option(help="keep out of the area of this alert")] = None,
    reason: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Take another route of the plan from where the car is, or a way around an alert."""
    with console.unit() as actor:
        found = _leg(actor, operation, leg)
        services.take_route(actor=actor, movement=found, route=route, alert=alert, reason=reason)
        row = leg_row(actor, found)
    _tell(row, as_json)


@movement.command("simulate")
def simulate(
    operation: str,
    leg: Leg,
    speed: Annotated[float, typer.Option(help="in times of the planned")] = 1.0,
    stray: Annotated[float, typer.Option(help="metres aside, in the middle of the way")] = 0.0,
    stop: Annotated[float, typer.Option(help="seconds it stands at half of the way")] = 0.0,
    as_json: console.AsJson = False,
) -> None:
    """Drive a leg with invented positions, through the normal ingest; in an exercise only."""
    drive = simulation.Drive(speed, stray, stop)
    with console.unit("simulate a leg") as actor:
        found = _leg(actor, operation, leg)
        device, address = simulation.prepare(actor=actor, movement=found, drive=drive)

    def follow() -> tuple[Any, str]:
        with console.unit("simulate a leg") as actor:
            state = queries.leg(actor, found.pk)
            return queries.tracking_plan(actor, state), state.state

    try:
        sent = services.simulate_leg(address=address, drive=drive, follow=follow)
    finally:
        with console.unit("end of a simulation"):
            simulation.put_away(device)
    with console.unit() as actor:
        row = leg_row(actor, queries.leg(actor, found.pk))
    console.say(f"{sent} positions sent")
    _tell(row, as_json)


def _leg(actor: Actor, slug: str, number: str) -> Movement:
    operation = operation_queries.operation(actor, slug)
    serial = console.serial(number)
    found = operation_queries.movements(actor, operation).filter(serial=serial).first()
    if found is None:
        raise NotFound("There is no such leg", f"{slug} {number}", "See varangian movement list.")
    return queries.leg(actor, found.pk)
