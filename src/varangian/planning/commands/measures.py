"""``varangian measure ...``"""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console
from varangian.threats import queries as threats

from .. import queries, services
from ..shapes.measures import measure_shape

measure = typer.Typer(help="Measures against risks.", no_args_is_help=True)
groups = {"measure": measure}

Option = Annotated[str | None, typer.Option()]
Time = Annotated[datetime | None, typer.Option(help="in the operation's time zone")]
Lowers = Annotated[
    list[str] | None, typer.Option(metavar="RISK:LIKELIHOOD,IMPACT", help="steps, such as R3:1,0")
]
Post = Annotated[str | None, typer.Option(help="title of the post")]
Email = Annotated[str | None, typer.Option(metavar="EMAIL")]
COLUMNS = ("serial", "state", "post", "owner", "due", "title")


@measure.command("list")
def list_measures(operation: str, as_json: console.AsJson = False) -> None:
    """Measures of an operation."""
    with console.unit() as actor:
        found = queries.operation_with_measures(actor, operation)
        rows = [measure_shape(row, actor) for row in queries.measures(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@measure.command("add")
def add_measure(
    operation: str,
    from_library: Annotated[list[str] | None, typer.Option()] = None,
    title: Option = None,
    task: Option = None,
    responsibility: Option = None,
    heading: Option = None,
    lowers: Lowers = None,
    post: Post = None,
    owner: Email = None,
    due: Time = None,
    cost: Option = None,
    hours: Option = None,
    people: Annotated[int | None, typer.Option(min=0)] = None,
    discomfort: Annotated[int | None, typer.Option(min=0, max=3)] = None,
    as_json: console.AsJson = False,
) -> None:
    """Propose standard measures by id (repeat --from-library), or an own one with --title."""
    texts = {
        "title": title, "task": task, "responsibility": responsibility, "heading": heading,
        "cost": cost, "hours": hours, "people": people, "discomfort": discomfort,
    }  # fmt: skip
    with console.unit() as actor:
        found = queries.operation_with_measures(actor, operation)
        if from_library:
            added, refused = services.propose_standard(
                actor=actor, operation=found, library_ids=from_library
            )
        else:
            fields = _fields(actor, found, post, owner, due, texts)
            added, refused = [_own(actor, found, lowers, fields)], []
        rows = [measure_shape(queries.measure(actor, row.pk), actor) for row in added]
    for library_id, why in refused:
        console.say(f"{library_id}: {why}")
    if not rows:
        raise Refused("Nothing was added", where=operation)
    console.emit(rows, as_json, COLUMNS)


@measure.command("set")
def set_measure(
    operation: str,
    serial: str,
    state: Annotated[str | None, typer.Option(help="proposed, agreed, in_place or dropped")] = None,
    verified: Annotated[
        str, typer.Option(metavar="TIME", help="for in_place: when it was checked, or now")
    ] = "",
    title: Option = None,
    task: Option = None,
    heading: Option = None,
    lowers: Lowers = None,
    post: Post = None,
    owner: Email = None,
    due: Time = None,
    cost: Option = None,
    hours: Option = None,
    people: Annotated[int | None, typer.Option(min=0)] = None,
    discomfort: Annotated[int | None, typer.Option(min=0, max=3)] = None,
    as_json: console.AsJson = False,
) -> None:
    """Change a measure, or with --state agree it, report it in place or drop it."""
    texts = {
        "title": title, "task": task, "heading": heading,
        "cost": cost, "hours": hours, "people": people, "discomfort": discomfort,
    }  # fmt: skip
    with console.unit() as actor:
        found = queries.operation_with_measures(actor, operation)
        row = queries.measure_numbered(actor, found, console.serial(serial))
        fields = _fields(actor, found, post, owner, due, texts)
        services.change_measure(actor=actor, measure=row, **fields)
        if lowers:
            steps = _steps(actor, found, lowers)
            services.set_effects(actor=actor, measure=row, effects=steps)
        if state:
            at = _moment(verified, found)
            services.set_measure_state(actor=actor, measure=row, state=state, verified_at=at)
        shown = measure_shape(queries.measure(actor, row.pk), actor)
    console.emit(shown, as_json)


def _own(actor: Actor, operation: Any, lowers: list[str] | None, fields: dict[str, Any]) -> Any:
    lacking = {"title", "task", "responsibility"} - set(fields)
    if lacking:
        raise Refused(
            "An own measure needs more",
            where=", ".join(sorted(lacking)),
            mend="Or name a standard measure with --from-library.",
        )
    effects = _steps(actor, operation, lowers or [])
    return services.add_measure(actor=actor, operation=operation, effects=effects, **fields)


def _fields(
    actor: Actor,
    operation: Any,
    post: str | None,
    owner: str | None,
    due: datetime | None,
    texts: dict[str, Any],
) -> dict[str, Any]:
    fields = {name: value for name, value in texts.items() if value is not None}
    for name in {"cost", "hours"} & set(fields):
        fields[name] = _decimal(fields[name], name)
    if post:
        fields["post"] = _post(actor, operation, post)
    if owner:
        fields["owner"] = member_by_email(actor, operation, owner)
    if due:
        fields["due"] = console.in_zone(due, operation.time_zone)
    return fields


def _post(actor: Actor, operation: Any, title: str) -> Any:
    found = [p for p in operations.posts(actor, operation) if p.title.lower() == title.lower()]
    if len(found) != 1:
        raise Refused("No single post has this title", where=title, mend="See varangian post list.")
    return found[0]


def _steps(actor: Actor, operation: Any, lowers: list[str]) -> dict[Any, tuple[int, int]]:
    steps = {}
    for words in lowers:
        match = re.fullmatch(r"(R?\d+):(\d),(\d)", words, re.IGNORECASE)
        if match is None:
            raise Refused("This says no steps", where=words, mend="Such as --lowers R3:1,0.")
        risk = threats.risk_numbered(actor, operation, console.serial(match[1]))
        steps[risk] = (int(match[2]), int(match[3]))
    return steps


def _moment(words: str, operation: Any) -> datetime | None:
    if words in ("", "now"):
        return now() if words else None
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise Refused("This is no time", where=words, mend="Such as 2026-11-24T10:00.") from error
    return console.in_zone(at, operation.time_zone)


def _decimal(words: str, name: str) -> Decimal:
    try:
        return Decimal(words)
    except InvalidOperation as error:
        raise Refused("This is no number", where=f"{name} {words}") from error
