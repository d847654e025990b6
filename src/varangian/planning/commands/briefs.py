"""``varangian brief ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import printing_briefs, services
from ..models import Brief
from ..queries import briefs
from ..shapes.briefs import (
    brief_shape,
    item_shape,
    judged_shape,
    reading_shape,
    whole_shape,
    words_shape,
)

brief = typer.Typer(help="Daily and pre-trip briefs.", no_args_is_help=True)
groups = {"brief": brief}
COLUMNS = ("serial", "version", "state", "readers", "issued_by", "issued_at")
Which = Annotated[str, typer.Option("--brief", help="serial, when it is not the newest")]


@brief.command("list")
def list_briefs(operation: str, as_json: console.AsJson = False) -> None:
    """Briefs of an operation, the latest first."""
    with console.unit() as actor:
        found = briefs.operation_with_briefs(actor, operation)
        rows = [brief_shape(row) for row in briefs.briefs(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@brief.command("words")
def list_words(as_json: console.AsJson = False) -> None:
    """The words for how likely and how sure, and the traffic light protocol."""
    with console.unit():
        known = words_shape()
    console.emit(known if as_json else known["probability"], as_json, ("word", "from", "to"))


@brief.command()
def draft(
    operation: str,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="of a daily brief; else today")
    ] = None,
    trip: Annotated[bool, typer.Option("--trip", help="the brief before a trip")] = False,
    leg: Annotated[list[int] | None, typer.Option(help="number of a leg; repeat")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Draft from what is on record; a draft that is there is drafted anew."""
    kind = Brief.Kind.PRE_TRIP if trip else Brief.Kind.DAILY
    with console.unit("draft a brief") as actor:
        found = briefs.operation_with_briefs(actor, operation)
        waiting = briefs.being_drafted(actor, found, kind)
        if waiting is not None:
            made = services.redraft_brief(actor=actor, brief=waiting)
        else:
            made = services.draft_brief(
                actor=actor,
                operation=found,
                kind=kind,
                day=day.date() if day else None,
                legs=_legs(actor, found, leg or []),
            )
        row = whole_shape(briefs.shown(actor, made))
    _emit(row, as_json)


def _legs(actor: Actor, operation: Any, serials: list[int]) -> list[Any]:
    rows = {row.serial: row.pk for row in operations.movements(actor, operation)}
    for serial in serials:
        if serial not in rows:
            raise NotFound("There is no such leg in this operation", where=str(serial))
    return [rows[serial] for serial in serials]


@brief.command()
def show(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """One brief, as far as you may see where it was taken from."""
    with console.unit() as actor:
        row = whole_shape(briefs.shown(actor, _brief(actor, operation, which)))
    _emit(row, as_json)


@brief.command()
def write(
    operation: str,
    bottom_line: Annotated[str | None, typer.Option(help="one to three sentences")] = None,
    readers: Annotated[str | None, typer.Option(help="desk or team")] = None,
    tlp: Annotated[str | None, typer.Option(help="see: brief words --json")] = None,
    which: Which = "",
    as_json: console.AsJson = False,
) -> None:
    """Bottom line, for whom, and who may pass it on."""
    with console.unit() as actor:
        found = _brief(actor, operation, which)
        made = services.write_brief(
            actor=actor, brief=found, bottom_line=bottom_line, readers=readers, tlp=tlp
        )
        row = brief_shape(made)
    console.emit(row, as_json)


@brief.command()
def judge(
    operation: str,
    text: str,
    how: Annotated[str, typer.Option("--probability", help="a word of: brief words")],
    confidence: Annotated[str, typer.Option(help="low, moderate or high")],
    basis: Annotated[str, typer.Option(help="on what it rests")],
    readers: Annotated[str, typer.Option(help="desk or team")] = "desk",
    which: Which = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a judgement; words that say too little are pointed out under "vague"."""
    with console.unit() as actor:
        made = services.add_judgement(
            actor=actor,
            brief=_brief(actor, operation, which),
            text=text,
            probability=how,
            confidence=confidence,
            basis=basis,
            readers=readers,
        )
        row = judged_shape(briefs.judged(made))
    console.emit(row, as_json)


@brief.command()
def mend(
    operation: str,
    number: int,
    word: str,
    instead: str,
    which: Which = "",
    as_json: console.AsJson = False,
) -> None:
    """A word of the list takes the place of a vague one in judgement NUMBER."""
    with console.unit() as actor:
        rows = briefs.judgements(actor, _brief(actor, operation, which))
        if not 1 <= number <= len(rows):
            raise NotFound("The brief has no such judgement", where=str(number))
        made = services.mend_judgement(
            actor=actor, judgement=rows[number - 1], word=word, instead=instead
        )
        row = judged_shape(briefs.judged(made))
    console.emit(row, as_json)


@brief.command("leave-out")
def leave_out(
    operation: str, title: str, reason: str, which: Which = "", as_json: console.AsJson = False
) -> None:
    """Leave out the item whose title begins like this; the reason stays on record."""
    with console.unit() as actor:
        found = _brief(actor, operation, which)
        hits = [r for r in briefs.items(actor, found) if _begins(r, title) and not r.left_out]
        if len(hits) != 1:
            words = "No item begins" if not hits else "More than one item begins"
            raise Refused(f"{words} like this", where=title[:80], mend="See: brief show.")
        row = services.leave_out(actor=actor, item=hits[0], reason=reason)
        shaped = item_shape(row, found)
    console.emit(shaped, as_json)


def _begins(row: Any, title: str) -> bool:
    return row.title.casefold().startswith(title.casefold().strip())


@brief.command()
def issue(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Seal it and send it to the posts. Needs --as with the person who signs."""
    with console.unit("issue a brief") as actor:
        found = _brief(actor, operation, which)
        row = brief_shape(services.issue_brief(actor=actor, brief=found))
    console.emit(row, as_json)


@brief.command()
def withdraw(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Nobody relies on it any more; a draft is put away."""
    with console.unit("withdraw a brief") as actor:
        found = _brief(actor, operation, which)
        row = brief_shape(services.withdraw_brief(actor=actor, brief=found))
    console.emit(row, as_json)


@brief.command()
def read(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Say that you have read it. Needs --as with the person who has."""
    with console.unit() as actor:
        found = _brief(actor, operation, which)
        row = reading_shape(services.read_brief(actor=actor, brief=found))
    console.emit(row, as_json)


@brief.command()
def readings(operation: str, which: Which = "", as_json: console.AsJson = False) -> None:
    """Who was asked to read it, and who has."""
    with console.unit() as actor:
        found = _brief(actor, operation, which)
        rows = [reading_shape(row) for row in briefs.readings(actor, found)]
    console.emit(rows, as_json, ("person", "posts", "read_at"))


@brief.command()
def pdf(
    operation: str,
    out: Annotated[Path, typer.Option(help="file to write")] = Path("brief.pdf"),
    which: Which = "",
) -> None:
    """On paper, as far as you may see it; every print is on record."""
    with console.unit("print a brief") as actor:
        body = printing_briefs.brief_pdf(actor, _brief(actor, operation, which))
    out.write_bytes(body)
    console.say(f"Written to {out}")


def _brief(actor: Actor, operation: str, which: str) -> Brief:
    return briefs.brief_named(actor, briefs.operation_with_briefs(actor, operation), which)


def _emit(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(row, True)
        return
    console.say(f"{row['serial']} version {row['version']}, {row['state']}: {row['bottom_line']}")
    items = [item for section in row["sections"] for item in section["items"]]
    console.emit(items, False, ("section", "title", "grade", "age"))
    console.emit(row["judgements"], False, ("probability", "text", "confidence"))
