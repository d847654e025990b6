"""``varangian survey ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from .. import printing, queries, services
from ..comparing import difference
from ..library import forms
from ..queries import surveys
from ..shapes.surveys import (
    fact_shape,
    history_shape,
    photo_shape,
    survey_shape,
    version_shape,
)

survey = typer.Typer(help="Surveys: what the advance found at a place.", no_args_is_help=True)
groups = {"survey": survey}
Seen = Annotated[datetime | None, typer.Option("--seen", help="when it was seen, UTC; default now")]
Number = Annotated[int | None, typer.Option("--version", help="a signed version; default now")]
FACTS = ("state", "item", "answer", "verified_by", "verified_at")


@survey.command("forms")
def list_forms(as_json: console.AsJson = False) -> None:
    """The forms of this house, and for which kinds of place each is."""
    rows = [
        {
            "form": form.id,
            "title": form.title,
            "facts": len(form.facts()),
            "photos": len(form.photos()),
            "place_kinds": ", ".join(form.place_kinds),
        }
        for form in forms().values()
    ]
    console.emit(rows, as_json, ("form", "title", "facts", "photos", "place_kinds"))


@survey.command()
def show(
    place: UUID,
    waiting: Annotated[
        bool, typer.Option(help="only what is expired, disputed or unknown")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Every question with its answer, state and age."""
    with console.unit() as actor:
        row = survey_shape(surveys.survey(actor, queries.place(actor, place)))
    if waiting:
        good = ("fresh", "due_soon")
        row["facts"] = [f for f in row["facts"] if f["disputed"] or f["state"] not in good]
    if as_json:
        console.emit(row, True)
        return
    console.say(row["progress"])
    console.emit(row["facts"], False, FACTS)


@survey.command()
def history(place: UUID, item: str, as_json: console.AsJson = False) -> None:
    """Every answer that a question ever had, the newest first."""
    with console.unit() as actor:
        fact = surveys.survey(actor, queries.place(actor, place)).fact(item)
        rows = history_shape(fact)
    console.emit(rows, as_json, ("number", "act", "answer", "note", "by", "verified_at"))


@survey.command()
def answer(
    place: UUID,
    item: str,
    value: Annotated[str, typer.Argument(help="option ids are joined by commas")] = "",
    note: str = "",
    changed: Annotated[bool, typer.Option(help="it was as known, and has changed")] = False,
    absent: Annotated[bool, typer.Option(help="the question does not apply here")] = False,
    seen: Seen = None,
    as_json: console.AsJson = False,
) -> None:
    """Write down what was found. Needs --as with the person who found it."""
    with console.unit() as actor:
        fact = services.answer_fact(
            actor=actor,
            place=queries.place(actor, place),
            item=item,
            value=value,
            note=note,
            has_changed=changed,
            absent=absent,
            seen_at=console.in_zone(seen, "UTC"),
        )
        row = fact_shape(fact)
    console.emit(row, as_json)


@survey.command("still-so")
def still_so(
    place: UUID, items: list[str], seen: Seen = None, as_json: console.AsJson = False
) -> None:
    """Looked at again, and it holds. Several items at once; each is reported."""
    with console.unit() as actor:
        at = console.in_zone(seen, "UTC")
        rows: list[dict[str, Any]] = [
            {"item": item, "still_so": True, "seen_at": at} for item in items
        ]
        report = services.answer_many(actor=actor, place=queries.place(actor, place), answers=rows)
    console.emit(report, as_json, ("item", "taken", "problem"))


@survey.command()
def settle(place: UUID, item: str, number: int, note: str, as_json: console.AsJson = False) -> None:
    """Decide between answers that contradict each other."""
    with console.unit() as actor:
        found = queries.place(actor, place)
        row = fact_shape(
            services.settle_fact(actor=actor, place=found, item=item, number=number, note=note)
        )
    console.emit(row, as_json)


@survey.command()
def photo(
    place: UUID, item: str, file: Path, caption: str = "", as_json: console.AsJson = False
) -> None:
    """Add a picture for a slot of the form."""
    data = console.read_file(file)
    with console.unit() as actor:
        made = services.add_photo(
            actor=actor,
            place=queries.place(actor, place),
            item=item,
            data=data,
            name=file.name,
            caption=caption,
        )
        row = photo_shape(made)
    console.emit(row, as_json)


@survey.command()
def sign(
    place: UUID,
    gap: Annotated[list[str] | None, typer.Option(metavar="ITEM=REASON")] = None,
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Make a numbered version that never changes. Needs --as with the person who signs."""
    reasons = dict(_pair(words) for words in gap or [])
    with console.unit() as actor:
        made = services.sign_survey(
            actor=actor, place=queries.place(actor, place), gaps=reasons, note=note
        )
        row = version_shape(made)
    console.emit(row, as_json)


def _pair(words: str) -> tuple[str, str]:
    item, sign_, reason = words.partition("=")
    if not sign_:
        raise Refused("A gap is written as item=reason", where=words)
    return item.strip(), reason


@survey.command("versions")
def list_versions(place: UUID, as_json: console.AsJson = False) -> None:
    """Signed versions, the latest first."""
    with console.unit() as actor:
        found = queries.place(actor, place)
        rows = [version_shape(row) for row in surveys.versions(actor, found)]
    console.emit(rows, as_json, ("number", "signed_by", "signed_at", "complete", "fault"))


@survey.command()
def compare(
    place: UUID,
    first: int,
    second: Annotated[int | None, typer.Argument(help="default: what is known now")] = None,
    as_json: console.AsJson = False,
) -> None:
    """What differs between two versions."""
    with console.unit() as actor:
        row = difference(actor, queries.place(actor, place), first, second)
    console.emit(row if as_json else row["rows"], as_json, ("change", "title", "before", "after"))


@survey.command("print")
def print_survey(
    place: UUID, out: Path, version: Number = None, as_json: console.AsJson = False
) -> None:
    """Write a version, or what is known now, as PDF."""
    with console.unit() as actor:
        body = printing.survey_pdf(actor, queries.place(actor, place), version)
    out.write_bytes(body)
    console.emit({"file": str(out), "bytes": len(body)}, as_json)
