"""``varangian exposure ...``"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from ..models.exposure import Kind, Sensitivity, Status
from ..queries import exposure as queries
from ..services import exposure as services
from ..shapes.exposure import (
    file_shape,
    item_shape,
    month_shape,
    news_shape,
    task_shape,
    upload_shape,
)
from .people import Reason

exposure = typer.Typer(help="What is public about a principal.", no_args_is_help=True)
groups = {"exposure": exposure}
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
COLUMNS = ("serial", "kind", "detail", "what", "sensitivity", "status", "looked_days_ago")
REPORT = ("where", "result", "words", "mend")


@exposure.command("list")
def list_items(
    principal: str,
    kind: str = "",
    detail: str = "",
    status: Annotated[str, typer.Option(help="open, or a status")] = "",
    sensitivity: str = "",
    due: Annotated[bool, typer.Option("--due", help="only what must be looked at again")] = False,
    reason: Reason = "",
    as_json: console.AsJson = False,
) -> None:
    """What is public. Masked items open only with --reason "...", which is recorded."""
    _known(kind, Kind.values, "kind")
    _known(status, ["open", *Status.values], "status")
    _known(sensitivity, Sensitivity.values, "sensitivity")
    with console.unit(reason or "exposure") as actor:
        found = queries.principal_with_exposure(actor, principal)
        services.read_exposure(actor=actor, record=found)
        if reason:
            services.open_exposure(actor=actor, principal=found, purpose=reason)
        filters = queries.Filters(kind, detail, status, sensitivity, due)
        rows = [
            item_shape(one, opened=bool(reason)) for one in queries.exposures(actor, found, filters)
        ]
    console.emit(rows, as_json, COLUMNS)


@exposure.command("show")
def show(principal: str, serial: str, reason: Reason = "", as_json: console.AsJson = False) -> None:
    """One item with its tasks, its history and what can be done about it."""
    with console.unit(reason or "exposure") as actor:
        item = _item(actor, principal, serial)
        services.read_exposure(actor=actor, record=item)
        if reason:
            services.open_exposure(actor=actor, principal=item.principal, purpose=reason)
        tasks, changes = queries.tasks(actor, item), queries.changes(actor, item)
        row = file_shape(item, tasks, changes, opened=bool(reason))
    console.emit(row, as_json)


@exposure.command("add")
def add(
    principal: str,
    kind: Annotated[str, typer.Argument(help=", ".join(Kind.values))],
    what: str,
    detail: Annotated[str, typer.Option(help="of a footprint: address, handle, phone …")] = "",
    where: Annotated[str, typer.Option(help="the source in words")] = "",
    link: Annotated[str, typer.Option(help="kept as text, never opened")] = "",
    seen_on: Day = None,
    found_by: str = "",
    sensitivity: Annotated[str, typer.Option(help=", ".join(Sensitivity.values))] = "unknown",
    notes: str = "",
    recheck_due: Day = None,
    as_json: console.AsJson = False,
) -> None:
    """Write down one thing that is public."""
    with console.unit("exposure") as actor:
        made = services.add_exposure(
            actor=actor,
            principal=queries.principal_with_exposure(actor, principal),
            kind=kind,
            what=what,
            detail=detail,
            where=where,
            link=link,
            seen_on=_day(seen_on),
            found_by=found_by,
            sensitivity=sensitivity,
            notes=notes,
            recheck_due=_day(recheck_due),
        )
        row = item_shape(made)
    console.emit(row, as_json)


@exposure.command("import")
def import_file(
    principal: str,
    file: Path,
    column: Annotated[
        list[str] | None, typer.Option(help="such as what=Finding or what=3; repeat")
    ] = None,
    kind: Annotated[str, typer.Option(help="of rows that do not say theirs")] = "",
    where: Annotated[str, typer.Option(help="source of the whole file")] = "",
    found_by: str = "",
    seen_on: Day = None,
    preview: Annotated[bool, typer.Option("--preview", help="read it, take nothing")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Take a table (CSV) or cards (vCard 3, 4), with a report of every row. Needs --as."""
    data = console.read_file(file, 8 * 1024 * 1024)
    usual = {"kind": kind, "where": where, "found_by": found_by, "seen_on": _day(seen_on)}
    with console.unit("import exposure") as actor:
        found = queries.principal_with_exposure(actor, principal)
        columns = _columns(data, column) if column else None
        if preview:
            rows = _previewed(data, columns, kind)
            console.emit(rows, as_json, ("where", "kind", "detail", "what", "problem", "mend"))
            return
        upload = services.take_in(actor=actor, principal=found, data=data, name=file.name, **usual)
        taken = services.take_import(actor=actor, upload=upload, columns=columns)
        row = upload_shape(taken, actor)
    if as_json:
        console.emit(row, as_json)
        return
    console.emit(row["report"], as_json, REPORT)
    console.say(f"{taken.added} added, {taken.duplicates} known already, {taken.refused} not taken")


@exposure.command("task")
def task(
    principal: str,
    serial: str,
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="give a take-down task")] = "",
    counter: Annotated[str, typer.Option(help="a counter-measure of the library")] = "",
    what: str = "",
    due: Day = None,
    sent_to: str = "",
    sent_on: Day = None,
    answer: str = "",
    end: Annotated[str, typer.Option(help="gone, still or dropped")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Give, write or end the take-down task of an item; without options, list them. Needs --as."""
    with console.unit("take-down") as actor:
        item = _item(actor, principal, serial)
        if owner:
            person = queries.owner(actor, item.principal, owner)
            given = {"counter": counter, "what": what, "due": _day(due), "sent_to": sent_to}
            services.add_takedown(actor=actor, item=item, owner=person, **given)
        elif end:
            _known(end, ["gone", "still", "dropped"], "end")
            services.end_takedown(
                actor=actor,
                task=_open_task(actor, item),
                gone=end == "gone",
                dropped=end == "dropped",
                answer=answer,
            )
        elif sent_to or sent_on or answer or due:
            given = {"sent_to": sent_to, "sent_on": _day(sent_on), "answer": answer, "due": due}
            said = {name: value for name, value in given.items() if value}
            if due:
                said["due"] = _day(due)
            services.change_takedown(actor=actor, task=_open_task(actor, item), **said)
        rows = [task_shape(one) for one in queries.tasks(actor, item)]
    console.emit(rows, as_json, ("item", "state", "owner", "due", "overdue", "sent_to", "answer"))


@exposure.command("look")
def look(
    principal: str,
    serial: str,
    there: Annotated[bool, typer.Option("--there/--gone")],
    words: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Say that you have looked whether an item is still public. Needs --as."""
    with console.unit("look again") as actor:
        item = _item(actor, principal, serial)
        row = item_shape(services.look_again(actor=actor, item=item, there=there, words=words))
    console.emit(row, as_json)


@exposure.command("accept")
def accept(principal: str, serial: str, reason: str, as_json: console.AsJson = False) -> None:
    """Accept that an item stays public, with the reason. Needs --as."""
    with console.unit("accept exposure") as actor:
        item = _item(actor, principal, serial)
        row = item_shape(services.accept_exposure(actor=actor, item=item, reason=reason))
    console.emit(row, as_json)


@exposure.command("threat")
def threat(principal: str, serial: str, as_json: console.AsJson = False) -> None:
    """Draft a threat from an item in the registers of the operations in hand. Needs --as."""
    with console.unit("raise a threat") as actor:
        made = services.raise_threat(actor=actor, item=_item(actor, principal, serial))
    console.emit({"made": made}, as_json)


@exposure.command("picture")
def picture(
    principal: str,
    looked: Annotated[bool, typer.Option("--looked", help="note that you have seen it")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Open items by month, and what changed since your last look."""
    with console.unit("exposure") as actor:
        found = queries.principal_with_exposure(actor, principal)
        months = [month_shape(one) for one in queries.months(actor, found)]
        news = news_shape(queries.news(actor, found))
        standing = queries.standing(actor, found)
        if looked:
            services.note_look(actor=actor, principal=found)
    if as_json:
        console.emit({"months": months, "standing": standing, "news": news}, as_json)
        return
    console.emit(months, as_json, ("month", "open"))
    console.say(news["words"])


def _item(actor: Actor, principal: str, serial: str) -> Any:
    found = queries.principal_with_exposure(actor, principal)
    return queries.item_numbered(actor, found, console.serial(serial))


def _open_task(actor: Actor, item: Any) -> Any:
    found = [one for one in queries.tasks(actor, item) if one.state == "open"]
    if not found:
        raise Refused("There is no open task here", where=item.label, mend="Give one with --owner.")
    return queries.task(actor, found[0].pk)


def _columns(data: bytes, given: list[str]) -> dict[str, int]:
    """By name as it stands in the first row, or by number from 1."""
    from ..reading.table import propose, read_table

    head = read_table(data).head
    found = propose(head)
    for words in given:
        name, sign, column = words.partition("=")
        if not sign:
            raise Refused("A column is written meaning=name", where=words)
        if column.isdecimal():
            found[name.strip()] = int(column) - 1
        elif column.strip() in head:
            found[name.strip()] = head.index(column.strip())
        else:
            raise Refused("The table has no such column", where=column, mend=", ".join(head))
    return found


def _previewed(data: bytes, columns: dict[str, int] | None, kind: str) -> list[dict[str, Any]]:
    from ..reading import cards, table

    if b"BEGIN:VCARD" in data[:200_000].upper():
        reading = cards.read_vcards(data)
    else:
        found = table.read_table(data)
        mapping = table.checked_mapping(columns or table.propose(found.head), found.head)
        reading = table.candidates(found, mapping, kind)
    return [
        {"where": one.where, "problem": one.problem, "mend": one.mend, **_read(one.fields)}
        for one in reading.candidates
    ]


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    """``where`` of the row is where it stands in the file."""
    return {("source" if name == "where" else name): value for name, value in fields.items()}


def _known(value: str, values: list[str], words: str) -> None:
    if value and value not in values:
        raise Refused(f"There is no such {words}", where=value, mend=", ".join(values))


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
