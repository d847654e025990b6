"""``varangian judgements ...``"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from ..models import Judgement, Person
from ..queries import judgement as queries
from ..queries import persons as people
from ..services import judgements as services
from ..services import persons as person_services
from ..shapes import judgement as shapes

judgements = typer.Typer(help="Structured professional judgement of persons.", no_args_is_help=True)
groups = {"judgements": judgements}
COLUMNS = ("label", "seat", "state", "rater", "level_words", "confidence", "changed", "signed_at")
Purpose = Annotated[str, typer.Option(help="why you look; it stands in the audit")]
Version = Annotated[int, typer.Option(help="the newest when left out")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@judgements.command("catalogue")
def catalogue(as_json: console.AsJson = False) -> None:
    """What is looked at, and the publication it rests on."""
    with console.unit():
        found = shapes.catalogue_shape()
    rows = [one | {"sources": "; ".join(one["sources"])} for one in found["indicators"]]
    console.emit(found if as_json else rows, as_json, ("id", "group", "title", "sources"))


@judgements.command("due")
def due(as_json: console.AsJson = False) -> None:
    """Reviews, second ratings and tasks that wait for somebody."""
    with console.unit() as actor:
        found = queries.due(actor)
        persons = list({row.person.pk: row.person for row in found}.values())
        person_services.listed(actor=actor, persons=persons, how="listed as due at the console")
        rows = [shapes.due_shape(row) for row in found]
    console.emit(rows, as_json, ("person", "what", "at", "late", "who"))


@judgements.command("show")
def show(
    engagement: str,
    serial: str,
    version: Version = 0,
    purpose: Purpose = "",
    as_json: console.AsJson = False,
) -> None:
    """The versions of a person, or one of them whole with --version."""
    with console.unit() as actor:
        person = _read(actor, engagement, serial, purpose)
        if version:
            row: Any = shapes.judgement_shape(queries.version(actor, person, version))
        else:
            row = [shapes.judgement_row(one) for one in queries.of_person(actor, person)]
    console.emit(row, as_json, COLUMNS)


@judgements.command("rate")
def rate(
    engagement: str,
    serial: str,
    file: Annotated[Path, typer.Argument(help="JSON: answers, formulation, scenarios, level, ...")],
    as_json: console.AsJson = False,
) -> None:
    """Write into your draft; begins one when there is none. Needs --as."""
    given = _json(file)
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        row = queries.open_draft(actor, person)
        row = row or services.begin_judgement(actor=actor, person=person)
        shown = shapes.judgement_shape(services.rate(actor=actor, judgement=row, **given))
    console.emit(shown, as_json)


@judgements.command("sign")
def sign(
    engagement: str, serial: str, next_review: Day = None, as_json: console.AsJson = False
) -> None:
    """Sign your draft: it is not changed any more. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        row = queries.open_draft(actor, person)
        if row is None:
            raise Refused("You have no draft for this person", where=serial)
        at = console.in_zone(next_review, "UTC")
        done = services.sign_judgement(actor=actor, judgement=row, next_review=at)
        shown = shapes.judgement_row(done)
    console.emit(shown, as_json)


@judgements.command("second")
def second(engagement: str, serial: str, rater: str, as_json: console.AsJson = False) -> None:
    """Ask for a second rater, who sees nothing of the first before signing. Needs --as."""
    with console.unit() as actor:
        first = _first(actor, _person(actor, engagement, serial), 0)
        who = member_by_email(actor, first.person.engagement, rater)
        made = services.ask_second(actor=actor, judgement=first, rater=who)
        row = {"of": first.label, "rater": str(made.rater), "asked": made.begun_at}
    console.emit(row, as_json)


@judgements.command("compare")
def compare(
    engagement: str,
    serial: str,
    version: Version = 0,
    purpose: Purpose = "",
    as_json: console.AsJson = False,
) -> None:
    """Two raters side by side."""
    with console.unit() as actor:
        first = _first(actor, _read(actor, engagement, serial, purpose), version)
        other = queries.second_of(actor, first)
        if other is None:
            raise Refused("There are no two signed ratings to compare", where=first.label)
        found = shapes.comparison_shape(first, other, queries.settled_of(actor, first))
    if as_json:
        return console.emit(found, True)
    levels = {"title": "Level of concern", "relation": ""}
    levels |= {name: found[name]["level_words"] for name in ("first", "second")}
    rows = [
        row | {side: row[side]["state"] for side in ("first", "second")} for row in found["rows"]
    ]
    known = [row for row in rows if row["relation"] != "unknown"]
    return console.emit([levels, *known], False, ("title", "relation", "first", "second"))


@judgements.command("settle")
def settle(
    engagement: str,
    serial: str,
    level: str,
    confidence: Annotated[str, typer.Option()],
    reasons: Annotated[str, typer.Option(help="needed where the raters differ")] = "",
    choose: Annotated[list[str] | None, typer.Option(help="such as wb_leakage=second")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Say what holds where two raters differ, and why. Needs --as."""
    parts = [one.partition("=") for one in choose or []]
    choices = {item: rater for item, _, rater in parts}
    with console.unit() as actor:
        first = _first(actor, _person(actor, engagement, serial), 0)
        made = services.settle(
            actor=actor,
            judgement=first,
            level=level,
            confidence=confidence,
            reasons=reasons,
            choices=choices,
        )
        row = shapes.judgement_row(made)
    console.emit(row, as_json)


@judgements.command("strategy")
def strategy(
    engagement: str,
    serial: str,
    way: Annotated[list[str] | None, typer.Option(help="choose anew; repeat for more")] = None,
    reasons: str = "",
    watch_for: str = "",
    purpose: Purpose = "",
    as_json: console.AsJson = False,
) -> None:
    """How the case is worked, with its tasks; with --way it is chosen anew (needs --as)."""
    with console.unit() as actor:
        person = _read(actor, engagement, serial, purpose)
        if way:
            services.choose_strategy(
                actor=actor, person=person, ways=way, reasons=reasons, watch_for=watch_for
            )
        found = queries.strategy(actor, person)
        row: Any = {"strategy": shapes.strategy_shape(found) if found else None}
        row["tasks"] = [shapes.task_shape(one) for one in queries.tasks(actor, person)]
    console.emit(row, as_json)


@judgements.command("task")
def task(
    engagement: str,
    serial: str,
    words: str,
    owner: Annotated[str, typer.Option(metavar="EMAIL")],
    due: Annotated[datetime, typer.Option(help="UTC")],
    as_json: console.AsJson = False,
) -> None:
    """Give somebody a task of the strategy. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        made = services.add_task(
            actor=actor,
            person=person,
            words=words,
            owner=member_by_email(actor, person.engagement, owner),
            due=console.in_zone(due, "UTC"),  # pyright: ignore
        )
        row = shapes.task_shape(made)
    console.emit(row, as_json)


@judgements.command("done")
def done(
    engagement: str,
    serial: str,
    number: Annotated[int, typer.Argument(help="of the task")],
    effect: str,
    dropped: bool = False,
    as_json: console.AsJson = False,
) -> None:
    """End a task with the effect that was seen, or drop it with the reason. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        found = queries.tasks(actor, person).filter(serial=number).first()
        if found is None:
            raise Refused("There is no such task", where=str(number))
        ended = services.end_task(actor=actor, task=found, effect=effect, dropped=dropped)
        row = shapes.task_shape(ended)
    console.emit(row, as_json)


def _first(actor: Actor, person: Person, version: int) -> Judgement:
    if version:
        return queries.version(actor, person, version)
    row = queries.standing(actor, person)
    if row is None:
        raise Refused("Nobody has judged this person yet", where=person.label)
    return row.of or row  # pyright: ignore


def _person(actor: Actor, engagement: str, serial: str) -> Person:
    found = people.engagement_with_persons(actor, engagement)
    person = people.person_numbered(actor, found, console.serial(serial))
    return people.check_readable(person)


def _read(actor: Actor, engagement: str, serial: str, purpose: str) -> Person:
    person = _person(actor, engagement, serial)
    why = f"assessment at the console: {purpose or 'no purpose given'}"
    person_services.looked(actor=actor, person=person, purpose=why)
    return person


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused(f"This is not JSON: {error}", where=str(file)) from error
    if not isinstance(found, dict):
        raise Refused("The file holds one judgement as an object", where=str(file))
    return found
