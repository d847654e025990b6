"""``varangian persons ...``"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console
from varangian.principals import queries as principals

from .. import person_printing
from ..library.bolo import KINDS
from ..queries import bolo as cards
from ..queries import persons as queries
from ..queries import threats
from ..services import persons as services
from ..shapes import persons as shapes
from ..shapes.bolo import file_shape as card_shape

persons = typer.Typer(help="Persons of interest.", no_args_is_help=True)
groups = {"persons": persons}
COLUMNS = ("serial", "state", "name", "reviewer", "review_due", "expires_at", "merged_into")
Purpose = Annotated[str, typer.Option(help="why you look; it stands in the audit")]
Reason = Annotated[str, typer.Option(help="why; it stands in the history")]
Source = Annotated[str, typer.Option(help="where it comes from")]
Grade = Annotated[str, typer.Option(help="grade of the source and of the information, such as B2")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@persons.command("list")
def list_persons(
    engagement: str,
    view: Annotated[str, typer.Option(help="open, due, closed or all")] = "open",
    state: str = "",
    find: Annotated[str, typer.Option(help="part of a name, alias or identifier")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Who is kept, and what is due for review."""
    if view not in queries.VIEWS:
        raise Refused("There is no such view", where=view, mend=", ".join(queries.VIEWS))
    with console.unit() as actor:
        found = queries.engagement_with_persons(actor, engagement)
        rows = queries.persons(actor, found, view=view, state=state)
        people = queries.search(actor, rows, find) if find else queries.listed(rows)
        services.listed(actor=actor, persons=people, how="listed at the console")
        shown = [shapes.person_row(row) for row in people]
    console.emit(shown, as_json, COLUMNS)


@persons.command("show")
def show(
    engagement: str, serial: str, purpose: Purpose = "", as_json: console.AsJson = False
) -> None:
    """One file with its records and who shares them."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial, purpose or "no purpose given")
        row = shapes.file_shape(actor, person)
    console.emit(row, as_json)


@persons.command("history")
def history(
    engagement: str, serial: str, purpose: Purpose = "", as_json: console.AsJson = False
) -> None:
    """What was done to the file, when, why and by whom."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial, purpose or "no purpose given")
        rows = [shapes.step_shape(one) for one in queries.steps(actor, person)]
    console.emit(rows, as_json, ("at", "what", "before", "after", "reason", "by"))


@persons.command("looks")
def looks(engagement: str, serial: str, as_json: console.AsJson = False) -> None:
    """Who looked at the file, and why."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        rows = [shapes.look_shape(one) for one in queries.looks(actor, person)]
    console.emit(rows, as_json, ("at", "who", "what", "purpose"))


@persons.command("add")
def add(
    engagement: str,
    name: Annotated[str, typer.Argument(help="a name, or words: unknown, grey coat")],
    concern: Annotated[str, typer.Option(help="what was done or said, and when")],
    legal_basis: Annotated[str, typer.Option()],
    purpose: Annotated[str, typer.Option(help="what the file is for")],
    proportionality: Annotated[str, typer.Option(help="why nothing milder does")],
    reviewer: Annotated[str, typer.Option(metavar="EMAIL")],
    identified: Annotated[bool, typer.Option(help="it is known who this is")] = False,
    description: str = "",
    whom: Annotated[str, typer.Option(metavar="PRINCIPAL", help="whom it concerns")] = "",
    until: Day = None,
    as_json: console.AsJson = False,
) -> None:
    """Refer a person. Needs --as."""
    with console.unit() as actor:
        found = queries.engagement_with_persons(actor, engagement)
        made = services.refer_person(
            actor=actor,
            engagement=found,
            name=name,
            concern=concern,
            legal_basis=legal_basis,
            purpose=purpose,
            proportionality=proportionality,
            reviewer=member_by_email(actor, found, reviewer),
            identified=identified,
            description=description,
            principal=principals.principal(actor, whom) if whom else None,
            expires_at=console.in_zone(until, "UTC"),
        )
        row = shapes.person_shape(made)
    console.emit(row, as_json)


@persons.command("move")
def move(
    engagement: str, serial: str, state: str, reason: Reason, as_json: console.AsJson = False
) -> None:
    """Along an allowed way. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        moved = services.move_person(actor=actor, person=person, state=state, reason=reason)
        row = shapes.person_shape(moved)
    console.emit(row, as_json)


@persons.command("review")
def review(
    engagement: str,
    serial: str,
    words: str,
    stands: Annotated[bool, typer.Option("--stands/--close")] = True,
    until: Day = None,
    as_json: console.AsJson = False,
) -> None:
    """As the named reviewer: it stands, perhaps for longer, or is closed. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        ends = console.in_zone(until, "UTC")
        done = services.review_person(
            actor=actor, person=person, words=words, stands=stands, expires_at=ends
        )
        row = shapes.person_shape(done)
    console.emit(row, as_json)


@persons.command("note")
def note(
    engagement: str,
    serial: str,
    kind: Annotated[str, typer.Argument(help="alias, phone, mail, handle, address or vehicle")],
    value: Annotated[str, typer.Argument(help="of a vehicle the plate")],
    source: Source,
    description: str = "",
    grade: Grade = "",
    as_json: console.AsJson = False,
) -> None:
    """Add an alias or an identifier; says who shares it. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        made = services.add_fact(
            actor=actor,
            person=person,
            kind=kind,
            value=value,
            description=description,
            source=source,
            **_grades(grade),
        )
        row = shapes.fact_shape(made)
        shared = queries.sharing(actor, person)
        row["shared_with"] = sorted({one.person.label for one in shared})
    console.emit(row, as_json)


@persons.command("image")
def image(
    engagement: str,
    serial: str,
    path: Path,
    source: Source,
    caption: str = "",
    taken_on: Day = None,
    grade: Grade = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a picture, sealed with the person's key. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        made = services.add_image(
            actor=actor,
            person=person,
            data=console.read_file(path),
            name=path.name,
            caption=caption,
            source=source,
            taken_on=taken_on.date() if taken_on else None,
            **_grades(grade),
        )
        row = shapes.image_shape(made)
    console.emit(row, as_json)


@persons.command("court-order")
def court_order(
    engagement: str,
    serial: str,
    kind: str,
    court: Annotated[str, typer.Option()],
    conditions: Annotated[str, typer.Option()],
    issued: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    source: Source,
    ends: Day = None,
    reference: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Record an order of court. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        made = services.add_court_order(
            actor=actor,
            person=person,
            kind=kind,
            court=court,
            conditions=conditions,
            issued_on=issued.date(),
            expires_on=ends.date() if ends else None,
            reference=reference,
            source=source,
        )
        row = shapes.order_shape(made)
    console.emit(row, as_json)


@persons.command("tie")
def tie(
    engagement: str,
    serial: str,
    other: str,
    kind: Annotated[str, typer.Argument(help="family, partner, friend, colleague, group ...")],
    source: Source,
    words: str = "",
    as_json: console.AsJson = False,
) -> None:
    """How two persons stand to each other. Needs --as."""
    with console.unit() as actor:
        person, second = (_person(actor, engagement, one) for one in (serial, other))
        made = services.add_tie(
            actor=actor, person=person, other=second, kind=kind, source=source, words=words
        )
        row = shapes.tie_shape(made, person)
    console.emit(row, as_json)


@persons.command("merge")
def merge(
    engagement: str,
    kept: str,
    other: str,
    reason: Reason,
    as_json: console.AsJson = False,
) -> None:
    """OTHER is read in KEPT from now on; nothing is moved. Needs --as."""
    with console.unit() as actor:
        first, second = (_person(actor, engagement, one) for one in (kept, other))
        made = services.merge_persons(actor=actor, kept=first, other=second, reason=reason)
        row = shapes.merge_shape(made)
    console.emit(row, as_json)


@persons.command("unmerge")
def unmerge(engagement: str, other: str, reason: Reason, as_json: console.AsJson = False) -> None:
    """OTHER stands alone again, as it was. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, other)
        row = shapes.person_shape(
            services.unmerge_persons(actor=actor, other=person, reason=reason)
        )
    console.emit(row, as_json)


@persons.command("threat")
def threat(
    engagement: str,
    serial: str,
    operation: str,
    source: Annotated[str, typer.Argument(help="such as T1")],
    named: Annotated[bool, typer.Option("--named/--not-named")] = True,
    as_json: console.AsJson = False,
) -> None:
    """Name the person in a threat source of the register, or take the name out. Needs --as."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        register = threats.operation_with_register(actor, operation)
        found = threats.source_numbered(actor, register, console.serial(source))
        service = services.name_in_threat if named else services.unname_in_threat
        service(actor=actor, person=person, source=found)
        row = {"person": person.label, "threat": found.label, "named": named}
    console.emit(row, as_json)


@persons.command("bolo")
def bolo(
    engagement: str,
    serial: str,
    operation: str,
    tell: Annotated[str, typer.Option(help="call sign and channel")] = "",
    kind: Annotated[str, typer.Option(help="person or vehicle")] = "person",
    card: Annotated[str, typer.Option(help="an existing card, such as B2, is about them")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Draw a BOLO card from the file as a draft, or tie one that is there. Needs --as."""
    if kind not in KINDS:
        raise Refused("There is no such kind of card", where=kind, mend=", ".join(KINDS))
    with console.unit() as actor:
        person = _person(actor, engagement, serial, "for a BOLO card")
        found = operations.operation(actor, operation)
        if card:
            old = cards.card_numbered(actor, found, console.serial(card))
            made = services.tie_card(actor=actor, person=person, card=old)
        else:
            fields = services.prefilled(actor, person, kind)
            fields |= {"kind": kind, "tell": tell, "reviewer": person.reviewer}
            made = services.draw_card_of(actor=actor, person=person, operation=found, **fields)
        row = card_shape(made)
    console.emit(row, as_json)


@persons.command("export")
def export(
    engagement: str,
    serial: str,
    out: Annotated[Path | None, typer.Argument(help="archive; data on the screen without")] = None,
    as_json: console.AsJson = False,
) -> None:
    """All that is held about the person: data, readable copy and pictures."""
    with console.unit() as actor:
        person = _person(actor, engagement, serial)
        if out is None:
            found = person_printing.held_about(actor, person)
            typer.echo(json.dumps(found, indent=2, ensure_ascii=False, default=str))
            return
        data = person_printing.archive(actor, person)
    out.write_bytes(data)
    console.emit({"to": str(out), "bytes": len(data)}, as_json)


@persons.command("erase")
def erase(
    engagement: str,
    serial: str,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Destroy the person's key for good, with every card drawn from the file. Needs --as."""
    if not yes and not typer.confirm(f"Erase {serial} for good, in every copy?"):
        raise Refused("Nothing was erased")
    with console.unit("erase a person") as actor:
        person = _person(actor, engagement, serial)
        done = services.erase_person(actor=actor, person=person, reason=reason)
        row = shapes.person_shape(done)
    console.emit(row, as_json)


def _person(actor: Actor, engagement: str, serial: str, purpose: str = "") -> Any:
    found = queries.engagement_with_persons(actor, engagement)
    person = queries.person_numbered(actor, found, console.serial(serial))
    if purpose:
        services.looked(actor=actor, person=person, purpose=f"at the console: {purpose}")
    return person


def _grades(words: str) -> dict[str, str]:
    """``B2``: the source, then the information."""
    return {"source_grade": words[:1].upper(), "information_grade": words[1:]} if words else {}
