"""``varangian debrief ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.log import queries as log
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.places import queries as places
from varangian.platform.ui import console
from varangian.principals import queries as principals

from .. import printing_report, queries, services
from ..queries import cards
from ..queries import debrief as reads
from ..queries import lessons as lesson_reads
from ..queries.programme import programme
from ..shapes.debrief import (
    answer_shape,
    debrief_shape,
    lesson_shape,
    observation_shape,
    programme_shape,
)

debrief = typer.Typer(help="The hot wash, its lessons, and the programme.", no_args_is_help=True)
groups = {"debrief": debrief}
COMPARED = ("what", "phase", "planned", "actual", "minutes", "state", "note")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@debrief.command()
def show(operation: str, as_json: console.AsJson = False) -> None:
    """Planned against actual, what was observed, what is to be done."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        row = debrief_shape(actor, found, reads.debrief(actor, found))
    if as_json:
        console.emit(row, as_json)
        return
    console.emit(row["compared"], as_json, COMPARED)
    console.emit(row["observations"], as_json, ("number", "kind", "text", "action", "due", "owner"))


@debrief.command("open")
def open_debrief(operation: str, as_json: console.AsJson = False) -> None:
    """Open the hot wash: from now on the team may say what they saw."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = services.open_debrief(actor=actor, operation=found)
        row = debrief_shape(actor, found, made)
    console.emit(row, as_json)


@debrief.command("note")
def add_observation(
    operation: str,
    kind: Annotated[str, typer.Argument(help="sustain or improve")],
    text: str,
    about: Annotated[str, typer.Option(metavar="KIND:ID", help="log:12, or alert:ID")] = "",
    near_miss: Annotated[bool, typer.Option("--near-miss")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Say what was seen, and from which record it comes."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = services.add_observation(
            actor=actor,
            debrief=reads.debrief_of(actor, found),
            kind=kind,
            text=text,
            about=_about(actor, found, about) if about else None,
            near_miss=near_miss,
        )
        row = observation_shape(made)
    console.emit(row, as_json)


def _about(actor: Any, operation: Any, words: str) -> tuple[str, UUID]:
    """An entry of the log by its number, anything else by its identifier."""
    kind, _, name = words.partition(":")
    if kind == "log" and name.isdecimal():
        return kind, log.entry(actor, operation, int(name)).pk
    try:
        return kind, UUID(name)
    except ValueError as error:
        raise Refused(
            "This names no record", where=words, mend="log:12, or movement:ID."
        ) from error


@debrief.command()
def confirm(
    operation: str,
    number: int,
    near_miss: Annotated[bool | None, typer.Option("--near-miss/--no-near-miss")] = None,
    client: Annotated[str | None, typer.Option(help="words for the client's report")] = None,
    as_json: console.AsJson = False,
) -> None:
    """The leader stands by an observation, and may say how the client reads it."""
    with console.unit() as actor:
        row = _observation(actor, operation, number)
        if row.debrief.closed_at is None:
            row = services.confirm_observation(actor=actor, observation=row, near_miss=near_miss)
        if client is not None:
            row = services.release_words(actor=actor, observation=row, words=client)
        shape = observation_shape(row)
    console.emit(shape, as_json)


@debrief.command()
def act(
    operation: str,
    number: int,
    action: Annotated[str, typer.Option(help="what is to be done")] = "",
    owner: Annotated[str, typer.Option(metavar="EMAIL")] = "",
    due: Annotated[datetime | None, typer.Option(help="on the operation's clock")] = None,
    done: Annotated[str, typer.Option(help="it is done: how")] = "",
    drop: Annotated[str, typer.Option(help="it is not done: why")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Give an observation an action, its owner and its date; or end it."""
    with console.unit() as actor:
        row = _observation(actor, operation, number)
        if done or drop:
            made = services.end_action(
                actor=actor, observation=row, outcome=done or drop, dropped=bool(drop)
            )
        else:
            found = row.debrief.operation
            made = services.plan_action(
                actor=actor,
                observation=row,
                action=action,
                owner=member_by_email(actor, found, owner) if owner else None,
                due=console.in_zone(due, found.time_zone),
            )
        shape = observation_shape(made)
    console.emit(shape, as_json)


@debrief.command()
def close(
    operation: str,
    summary: Annotated[str, typer.Option(help="the day in a few sentences")],
    as_json: console.AsJson = False,
) -> None:
    """Sign the hot wash. Needs --as with the detail leader."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        held = reads.debrief_of(actor, found)
        made = services.close_debrief(actor=actor, debrief=held, summary=summary)
        row = debrief_shape(actor, found, made)
    console.emit(row, as_json)


@debrief.command()
def teach(
    operation: str,
    number: int,
    text: str,
    place: Annotated[
        UUID | None, typer.Option(help="with --item: a question of its survey")
    ] = None,
    item: str = "",
    measure: Annotated[str, typer.Option(help="such as M4")] = "",
    card: UUID | None = None,
    change: Annotated[list[str] | None, typer.Option(metavar="TEXT=WORDS")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Send a lesson to a place, a measure or a card; --change do_not=... proposes a card's text."""
    with console.unit() as actor:
        row = _observation(actor, operation, number)
        serial = console.serial(measure) if measure else 0
        made = services.send_lesson(
            actor=actor,
            observation=row,
            text=text,
            place=places.place(actor, place) if place else None,
            item=item,
            measure=queries.measure_numbered(actor, row.debrief.operation, serial)
            if measure
            else None,
            card=cards.card(actor, card) if card else None,
            proposal=dict(one.split("=", 1) for one in change or () if "=" in one),
        )
        shape = lesson_shape(lesson_reads.lesson(actor, made.pk))
    console.emit(shape, as_json)


@debrief.command("lessons")
def list_lessons(operation: str, as_json: console.AsJson = False) -> None:
    """Lessons that wait in this operation: at its places, in its measures and its cards."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [lesson_shape(row) for row in lesson_reads.waiting(actor, found)]
    console.emit(rows, as_json, ("title", "target", "text", "id"))


@debrief.command()
def answer(
    lesson: UUID,
    outcome: Annotated[str, typer.Argument(help="taken or declined")],
    reason: str = "",
    operation: Annotated[str, typer.Option(help="empty for a place")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Take a lesson, or decline it for a reason."""
    with console.unit() as actor:
        made = services.answer_lesson(
            actor=actor,
            lesson=lesson_reads.lesson(actor, lesson),
            outcome=outcome,
            reason=reason,
            operation=operations.operation(actor, operation) if operation else None,
        )
        row = answer_shape(made)
    console.emit(row, as_json)


@debrief.command("indicators")
def show_indicators(
    engagement: str,
    start: Day = None,
    end: Day = None,
    principal: str = "",
    as_json: console.AsJson = False,
) -> None:
    """The programme in numbers over a period, with trends. Twelve weeks unless told otherwise."""
    with console.unit() as actor:
        found = programme(actor, operations.engagement(actor, engagement),
                          **_period(actor, start, end, principal))  # fmt: skip
        row = programme_shape(found)
    if as_json:
        console.emit(row, as_json)
        return
    console.emit(row["indicators"], as_json, ("title", "words", "trend", "inputs"))


@debrief.command("report")
def print_report(
    engagement: str,
    out: Annotated[Path, typer.Option()],
    start: Day = None,
    end: Day = None,
    principal: str = "",
    part: Annotated[list[str] | None, typer.Option(help="leave out: all parts")] = None,
    summary: str = "",
    as_json: console.AsJson = False,
) -> None:
    """The client's report as a PDF: no names, no sources, nothing medical."""
    with console.unit("print the client's report") as actor:
        body = printing_report.report_pdf(
            actor,
            operations.engagement(actor, engagement),
            parts=part or (),
            summary=summary,
            **_period(actor, start, end, principal),
        )
        out.write_bytes(body)
    console.emit({"written": str(out), "bytes": len(body)}, as_json)


def _period(
    actor: Any, start: datetime | None, end: datetime | None, principal: str
) -> dict[str, Any]:
    return {
        "start": start.date() if start else None,
        "end": end.date() if end else None,
        "principal": principals.principal(actor, principal) if principal else None,
    }


def _observation(actor: Any, operation: str, number: int) -> Any:
    found = operations.operation(actor, operation)
    held = reads.debrief_of(actor, found)
    row = reads.observations(actor, held).filter(number=number).first()
    if row is None:
        raise NotFound("There is no such observation", where=str(number))
    return row
