"""``varangian comms import|list|letter|triage|add|original``: what is kept of a principal."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from ..models import Communication
from ..queries import communications as queries
from ..services import communications as services
from ..shapes.communications import (
    import_shape,
    line_shape,
    row_shape,
    tie_shape,
    triage_shape,
    whole_shape,
    writer_row,
    writer_shape,
)
from .communications import comms

For = Annotated[str, typer.Option("--principal", metavar="SLUG", help="whom it reached")]
Time = Annotated[datetime | None, typer.Option(help="UTC unless it names a zone")]
COLUMNS = ("serial", "at", "channel", "subject", "triaged_by")
WRITER_COLUMNS = ("serial", "name", "address", "contacts", "first", "last")
MOST = 500
groups = {"comms": comms}


@comms.command("import")
def import_(path: Path, principal: For, as_json: console.AsJson = False) -> None:
    """Keep a mailbox, mail, letter or folder; the same again goes on where it stopped.

    One JSON line for each mail that was odd, unread or there already, then the sum. Ctrl-C keeps
    what was read so far.
    """
    with console.unit("import communications") as actor:
        found = queries.principal_with_letters(actor, principal)
        batch = services.ask_import(actor=actor, principal=found, path=path)
        before = batch.mails
    if batch.state == "done":
        console.say(f"This was read already as {batch.label}; nothing is kept twice.")
    elif before:
        console.say(f"{batch.label} goes on after {before} mails.")
    try:
        with console.shares(f"Reading {path.name}") as tell:
            batch = services.import_here(batch, tell)
    except KeyboardInterrupt:
        console.say("Stopped; the same command goes on from here.")
        raise typer.Exit(130) from None
    with console.unit("report of an import") as actor:
        batch = queries.letter_import(actor, batch.pk)
        lines = [line_shape(one) for one in queries.import_lines(actor, batch)]
        total = import_shape(batch)
    _report(total, lines, as_json)
    if total["state"] != "done":
        raise typer.Exit(1)


def _report(total: dict[str, Any], lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for line in lines:
            typer.echo(json.dumps({"line": "mail", **line}, ensure_ascii=False, default=str))
        typer.echo(json.dumps({"line": "sum", **total}, ensure_ascii=False, default=str))
        return
    for line in lines:
        told = "; ".join(one["what"] for one in line["told"])
        about = line["communication"] or ""
        typer.echo(f"mail {line['mail']}  {line['kind']}  {about}  {_printable(told)}")
    names = ("serial", "state", "mails", "kept", "same", "odd", "unread", "words")
    console.emit({name: total[name] for name in names}, False)


@comms.command("list")
def list_(
    principal: str,
    writer: Annotated[str, typer.Option(help="such as W4")] = "",
    channel: str = "",
    sign: Annotated[str, typer.Option(help="kind of words found, such as asks-to-meet")] = "",
    untriaged: Annotated[bool, typer.Option(help="only what nobody has looked at")] = False,
    most: Annotated[int, typer.Option(min=1, max=MOST)] = 50,
    as_json: console.AsJson = False,
) -> None:
    """What reached a principal, the newest first."""
    with console.unit() as actor:
        found = queries.principal_with_letters(actor, principal)
        one = queries.writer_numbered(actor, found, console.serial(writer)) if writer else None
        wanted = queries.Filter(
            writer=str(one.pk) if one else "",
            channel=channel,
            sign=sign,
            triaged="no" if untriaged else "",
        )
        rows = [row_shape(row) for row in queries.communications(actor, found, wanted)[:most]]
    if not as_json:
        rows = [{**row, "subject": _printable(row["subject"])} for row in rows]
    console.emit(rows, as_json, COLUMNS)


@comms.command("letter")
def letter(principal: str, serial: str, as_json: console.AsJson = False) -> None:
    """One communication with its text, what is odd of it, and what was noted."""
    with console.unit() as actor:
        row = _one(actor, principal, serial)
        services.looked(actor=actor, record=row, how="read at the console")
        shown = whole_shape(row, list(queries.triages(actor, row)))
    if as_json:
        console.emit(shown, True)
        return
    plain = {name: value for name, value in shown.items() if name not in ("parsed", "text")}
    console.emit({name: _printable(str(value)) for name, value in plain.items()}, False)
    for line in shown["text"].splitlines():
        typer.echo(_printable(line))


@comms.command("triage")
def triage(
    principal: str,
    serial: str,
    answer: Annotated[list[str] | None, typer.Option(help="such as tone=angry; repeat")] = None,
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Note what a communication says. Needs --as."""
    answers: dict[str, list[str]] = {}
    for words in answer or []:
        name, sign, value = words.partition("=")
        if not sign:
            raise Refused("An answer is written question=answer", where=words)
        answers.setdefault(name.strip(), []).append(value.strip())
    with console.unit() as actor:
        row = _one(actor, principal, serial)
        made = services.triage(actor=actor, communication=row, answers=answers, words=note)
        shown = triage_shape(made)
    console.emit(shown, as_json)


@comms.command("add")
def add(
    principal: str,
    channel: Annotated[str, typer.Argument(help=", ".join(Communication.Channel.values))],
    text: Annotated[str, typer.Option(help="what was said")] = "",
    subject: str = "",
    at: Time = None,
    about: Annotated[bool, typer.Option(help="about this time, not exactly")] = False,
    writer_name: str = "",
    writer_address: str = "",
    scan: Annotated[Path | None, typer.Option(help="picture, PDF or voice note")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Enter a call, visit, gift, letter or post by hand. Needs --as."""
    with console.unit() as actor:
        found = queries.principal_with_letters(actor, principal)
        row = services.record_communication(
            actor=actor,
            principal=found,
            channel=channel,
            text=text,
            subject=subject,
            at=console.in_zone(at, "UTC"),
            about=about,
            writer_name=writer_name,
            writer_address=writer_address,
            scan=console.read_file(scan) if scan else b"",
            scan_name=scan.name if scan else "",
        )
        shown = row_shape(queries.communication(actor, row.pk))
    console.emit(shown, as_json)


@comms.command("original")
def original(principal: str, serial: str, purpose: str, to: Path) -> None:
    """Write the bytes as they came to a file; who and why stays in the audit. Needs --as."""
    if to.exists():
        raise Refused("There is a file already", where=str(to), mend="Name a new one.")
    with console.unit() as actor:
        row = _one(actor, principal, serial)
        data, _ = services.give_original(actor=actor, communication=row, purpose=purpose)
    to.write_bytes(data)
    console.say(f"{len(data)} bytes written. Do not open it on a machine of the house.")


@comms.command("people")
def people(principal: str, as_json: console.AsJson = False) -> None:
    """Writers to a principal by address; who sent most comes first."""
    with console.unit() as actor:
        found = queries.principal_with_letters(actor, principal)
        rows = [writer_row(row) for row in queries.writers(actor, found)[:MOST]]
    if not as_json:
        rows = [{k: _printable(str(v)) if v else v for k, v in row.items()} for row in rows]
    console.emit(rows, as_json, WRITER_COLUMNS)


@comms.command("history")
def history(principal: str, writer: str, as_json: console.AsJson = False) -> None:
    """The record of one writer with its signals, each with evidence and studies."""
    with console.unit() as actor:
        found = queries.principal_with_letters(actor, principal)
        one = queries.writer_numbered(actor, found, console.serial(writer))
        services.looked(actor=actor, record=one, how="record of a writer read at the console")
        group = queries.group_of(actor, one)
        shown = writer_shape(
            one,
            group,
            list(queries.contacts(actor, group)),
            list(queries.ties(actor, group)),
            queries.proposals(actor, group),
        )
    if as_json:
        console.emit(shown, True)
        return
    console.emit(shown["signals"], False, ("name", "state", "told", "evidence"))
    for signal in shown["signals"]:
        if signal["alone"] and signal["state"] == "present":
            console.say(f"{signal['name']}: {signal['alone']}")


@comms.command("tie")
def tie(
    principal: str,
    one: Annotated[str, typer.Argument(help="such as W3")],
    other: Annotated[str, typer.Argument(help="such as W7")],
    words: Annotated[str, typer.Option(help="what tells it")],
    joined: Annotated[bool, typer.Option("--one-writer/--not-the-same")] = True,
    as_json: console.AsJson = False,
) -> None:
    """Say that two addresses are one writer's, or are not. Needs --as."""
    with console.unit() as actor:
        found = queries.principal_with_letters(actor, principal)
        first, second = (
            queries.writer_numbered(actor, found, console.serial(name)) for name in (one, other)
        )
        made = services.tie_writers(
            actor=actor, one=first, other=second, joined=joined, words=words
        )
        shown = tie_shape(made)
    console.emit(shown, as_json)


def _one(actor: Actor, principal: str, serial: str) -> Any:
    found = queries.principal_with_letters(actor, principal)
    return queries.communication_numbered(actor, found, console.serial(serial))


def _printable(text: str) -> str:
    """What a stranger wrote does not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
