"""``varangian destination ...``, ``varangian advisory ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.places import queries as place_queries
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import services
from ..advisories.notice import AUTHORITIES
from ..models import Destination
from ..printing import dossier_pdf
from ..queries import destinations as queries
from ..queries import dossiers
from ..shapes import destinations as shapes

destination = typer.Typer(help="Destinations, their dossiers and approvals.", no_args_is_help=True)
advisory = typer.Typer(help="What governments say of countries.", no_args_is_help=True)
groups = {"destination": destination, "advisory": advisory}
COLUMNS = ("label", "country", "place", "starts", "ends", "state")
Number = Annotated[int, typer.Argument(help="number of the destination in the operation")]


@destination.command("import")
def import_file(
    file: Path,
    source: Annotated[str, typer.Option(help=f"auto, {', '.join(AUTHORITIES)}")] = "auto",
    as_json: console.AsJson = False,
) -> None:
    """Read a file of advisories or hazards; works without any network."""
    data = console.read_file(file)
    with console.unit() as actor:
        record = services.import_advisories(actor=actor, data=data, source=source, name=file.name)
        row = shapes.advisory_import_shape(record)
    for problem in row["problems"]:
        console.say(f"{problem['where']}: {problem['what']}. {problem['mend']}")
    counted = ", ".join(f"{count} {word}" for word, count in row["counts"].items())
    console.say(f"{AUTHORITIES[row['source']]}: {counted}")
    if as_json:
        console.emit(row, True)


@destination.command("list")
def list_destinations(
    operation: Annotated[str, typer.Argument(help="slug; without it all of yours")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Destinations, and whether their dossiers are approved."""
    with console.unit() as actor:
        which = operation_queries.operation(actor, operation) if operation else None
        found = list(queries.destinations(actor, which))
        standings = queries.standings(actor, found)
        rows = [shapes.destination_shape(row, standings[row.pk]) for row in found]
    console.emit(rows, as_json, COLUMNS)


@destination.command("add")
def add(
    operation: str,
    country: Annotated[str, typer.Argument(help="two letters, such as FI")],
    place: Annotated[str, typer.Option(help="id of a place")] = "",
    starts: Annotated[datetime | None, typer.Option()] = None,
    ends: Annotated[datetime | None, typer.Option()] = None,
    as_json: console.AsJson = False,
) -> None:
    """Open a dossier; without dates those of the operation."""
    with console.unit() as actor:
        which = operation_queries.operation(actor, operation)
        made = services.add_destination(
            actor=actor,
            operation=which,
            country=country,
            place=place_queries.place(actor, _uuid(place)) if place else None,
            starts=console.in_zone(starts, which.time_zone),
            ends=console.in_zone(ends, which.time_zone),
        )
        row = _row(actor, made)
    console.emit(row if as_json else [row], as_json, COLUMNS)


@destination.command("show")
def show(operation: str, number: Number = 1, as_json: console.AsJson = False) -> None:
    """The whole dossier: levels by source, hazards, facts with age, and what has changed."""
    with console.unit() as actor:
        found = dossiers.dossier(actor, _find(actor, operation, number))
        row = shapes.dossier_shape(found, dossiers.comparisons(actor, found))
    if as_json:
        console.emit(row, True)
        return
    _tell(row)


def _tell(row: dict[str, Any]) -> None:
    score = row["score"]
    console.say(f"{row['label']} {row['country_name']}: {row['state']}")
    console.say(f"Level {score['words']}; worst part {score['part'] or 'not known'}")
    for words in (*row["stale"], *score["disagreement"], *score["missing"], *row["gaps"]):
        console.say(f"- {words}")
    facts = [
        {"section": section["title"], **fact}
        for section in row["sections"]
        for fact in section["facts"]
    ]
    console.emit(facts, False, ("section", "label", "words", "standing", "source"))
    for one in row["compared"]:
        console.say(f"Different since {one['operation']}, {one['since']:%d %b %Y}:")
        for words in one["differences"] or ["nothing"]:
            console.say(f"- {words}")


@destination.command("write")
def write(
    operation: str,
    number: Number,
    texts: Annotated[list[str], typer.Option("--set", help="such as residual='what is left'")],
    as_json: console.AsJson = False,
) -> None:
    """Write parts of the statement: context, threats, inherent, controls, residual, and the plans
    communications, medical, evacuation, each with _owner."""
    parted = (text.partition("=") for text in texts)
    given = {key: value for key, _, value in parted}
    with console.unit() as actor:
        row = _find(actor, operation, number)
        made = services.write_statement(actor=actor, destination=row, texts=given)
        shown = _row(actor, made)
    console.emit(shown if as_json else [shown], as_json, COLUMNS)


@destination.command("fact")
def fact(
    operation: str,
    number: Number,
    section: Annotated[str, typer.Argument(help="health, entry or embassy")],
    title: str,
    text: str,
    source: Annotated[str, typer.Option(help="where it was verified")] = "",
    verified: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    as_json: console.AsJson = False,
) -> None:
    """Write down what was found out; the same title again corrects it."""
    with console.unit() as actor:
        made = services.add_fact(
            actor=actor,
            destination=_find(actor, operation, number),
            section=section,
            title=title,
            text=text,
            source=source,
            verified_on=verified.date() if verified else None,
        )
        row = shapes.fact_shape(made)
    console.emit(row, as_json)


@destination.command("approve")
def approve(
    operation: str,
    number: Number = 1,
    until: Annotated[datetime | None, typer.Option(help="else the day after the trip")] = None,
    note: Annotated[str, typer.Option(help="why, where the level asks for it")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Say yes under your name (--as) to what is left; refused while anything is missing."""
    with console.unit() as actor:
        row = _find(actor, operation, number)
        made = services.approve_destination(
            actor=actor,
            destination=row,
            until=console.in_zone(until, row.operation.time_zone),
            note=note,
        )
        shown = shapes.approval_shape(made)
    console.emit(shown, as_json)


@destination.command("withdraw")
def withdraw(operation: str, number: Number, note: str, as_json: console.AsJson = False) -> None:
    """Take an approval back, and say why."""
    with console.unit() as actor:
        row = _find(actor, operation, number)
        shown = shapes.approval_shape(
            services.withdraw_approval(actor=actor, destination=row, note=note)
        )
    console.emit(shown, as_json)


@destination.command("drop")
def drop(operation: str, number: Number) -> None:
    """Take a destination off the list."""
    with console.unit() as actor:
        services.drop_destination(actor=actor, destination=_find(actor, operation, number))


@destination.command("pdf")
def pdf(operation: str, number: Number, file: Path) -> None:
    """Print the dossier into a file."""
    with console.unit() as actor:
        body = dossier_pdf(actor, _find(actor, operation, number))
    file.write_bytes(body)
    console.say(f"{plural(len(body) // 1024, 'kB', 'kB')} written to {file}")


@advisory.command("country")
def country(code: str, as_json: console.AsJson = False) -> None:
    """What each government says of a country, and whether they agree."""
    with console.unit() as actor:
        known = queries.country_for(actor, code)
        row = shapes.country_shape(
            known,
            queries.scores(actor, [known])[known],
            queries.advisories(actor, known),
            queries.advisory_versions(actor, known)[:100],
        )
    if not as_json:
        console.say(f"{row['country_name']}: {row['score']['words']}")
        for words in (*row["score"]["disagreement"], *row["score"]["missing"]):
            console.say(f"- {words}")
    columns = ("authority", "scope", "level", "words", "published", "age_days")
    console.emit(row if as_json else row["advisories"], as_json, columns)


@advisory.command("sources")
def list_sources(as_json: console.AsJson = False) -> None:
    """Which sources the house asks by itself; all are off until switched on."""
    with console.unit() as actor:
        rows, counts = queries.sources(actor), queries.source_counts(actor)
        shown = [
            shapes.advisory_source_shape(name, rows.get(name), counts.get(name, 0))
            for name in AUTHORITIES
        ]
    console.emit(shown, as_json, ("source", "on", "countries", "last_good_at", "failures"))


@advisory.command("on")
def switch_on(source: str) -> None:
    """Ask this source once a day."""
    with console.unit() as actor:
        services.switch_advisories(actor=actor, source=source, on=True)


@advisory.command("off")
def switch_off(source: str) -> None:
    """Ask this source no more."""
    with console.unit() as actor:
        services.switch_advisories(actor=actor, source=source, on=False)


@advisory.command("number")
def number(
    country: str,
    service: Annotated[str, typer.Argument(help="any, police, ambulance, fire ...")],
    digits: str,
    source: Annotated[str, typer.Option(help="where you saw it, or whom you rang")],
) -> None:
    """Sign for an emergency number; two people make it verified."""
    with console.unit() as actor:
        services.check_number(
            actor=actor, country=country, service=service, number=digits, source=source
        )


def _find(actor: Actor, operation: str, number: int) -> Destination:
    return queries.destination_numbered(
        actor, operation_queries.operation(actor, operation), number
    )


def _row(actor: Actor, row: Destination) -> dict[str, Any]:
    return shapes.destination_shape(row, queries.standing(actor, row))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("This is no id", where=text[:40], mend="See varangian place list.") from error
