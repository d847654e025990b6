"""``varangian comms ...`` from files. Nothing is kept and nothing is fetched."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.communications import (
    Bookmark,
    Duplicates,
    Found,
    Message,
    Writers,
    as_dict,
    contact_of,
    facts,
    read,
    record_dict,
    record_of,
)
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.platform.ui import console

comms = typer.Typer(
    help="The communications plan and its tests; letters and mails of concern, from files.",
    no_args_is_help=True,
)
groups = {"comms": comms}
Source = Annotated[
    Path, typer.Argument(help="mail, mailbox (mbox), Maildir, folder, .msg, text, PDF")
]
Resume = Annotated[
    Path | None, typer.Option(help="bookmark: goes on from it, and keeps it up to date")
]
Target = Annotated[
    list[str] | None, typer.Option(help="name of the principal or their people, to be found")
]
EVERY_S = 1.0


@dataclass
class Sum:
    """What came of a run."""

    mails: int = 0
    unread: int = 0
    with_faults: int = 0
    attachments: int = 0
    same: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    cancelled: bool = False
    seconds: float = 0.0

    def shape(self) -> dict[str, Any]:
        return {
            "line": "summary",
            "mails": self.mails,
            "unread": self.unread,
            "with_faults": self.with_faults,
            "attachments": self.attachments,
            "same": dict(self.same),
            "facts": dict(self.facts),
            "cancelled": self.cancelled,
            "seconds": round(self.seconds, 2),
        }

    def told(self) -> str:
        same = sum(self.same.values())
        return (
            f"{plural(self.mails, 'mail')} in {self.seconds:.1f} s: {self.unread} not read, "
            f"{self.with_faults} with faults, {same} there already, "
            f"{plural(self.attachments, 'attachment')}"
        )


@comms.command("read")
def read_mails(
    path: Source, resume: Resume = None, target: Target = None, as_json: console.AsJson = False
) -> None:
    """What each mail says, with faults and proposals. With --json one line a mail, then a summary.

    Facts are proposals with the words that show them; a person decides.
    """
    sum_, mark, begun = Sum(), _Mark(resume), time.monotonic()
    index, targets = Duplicates(), tuple(target or ())
    try:
        with _messages(path, mark.read()) as messages:
            for found in messages:
                _tell(found.message, index, targets, sum_, as_json)
                mark.at(found.bookmark)
    except KeyboardInterrupt:
        sum_.cancelled = True
    mark.keep()
    sum_.seconds = time.monotonic() - begun
    if as_json:
        typer.echo(json.dumps(sum_.shape(), ensure_ascii=False))
    console.say(sum_.told())
    if sum_.cancelled:
        how = (
            f"go on with --resume {resume}" if resume else "with --resume it would go on from here"
        )
        console.say(f"Cancelled; {how}")
        raise typer.Exit(1)


@comms.command("writers")
def writers_of(path: Source, as_json: console.AsJson = False) -> None:
    """Addresses that may be one writer's: candidates with what they share. Nothing is merged."""
    writers = Writers()
    with _messages(path, None) as messages:
        for found in messages:
            writers.add(found.message)
    result = writers.candidates()
    rows = [
        {
            "reason": one.reason,
            "shared": one.shared,
            "addresses": list(one.addresses),
            "evidence": list(one.evidence),
            "told": one.told,
        }
        for one in result.found
    ]
    common = [{"reason": r, "shared": what, "addresses": many} for r, what, many in result.common]
    if as_json:
        console.emit({"candidates": rows, "common": common}, True)
        return
    for row in rows:
        typer.echo(_printable(row["told"]))
    for row in common:
        console.say(f"Left out: {row['addresses']} addresses share the {row['reason']}")
    console.say(f"{plural(len(rows), 'candidate')}: a person decides which are one writer")


@comms.command("record")
def record_of_writer(
    path: Source,
    address: Annotated[list[str], typer.Option(help="an address of the writer; several times")],
    as_json: console.AsJson = False,
) -> None:
    """Signals that studies tie to approach, over what one writer sent, each with its evidence.

    Nothing is added up. Which addresses are one writer's is for a person to say.
    """
    wanted = {one.lower() for one in address}
    with _messages(path, None) as messages:
        theirs = (one.message for one in messages if one.message.sender.address in wanted)
        contacts = [contact_of(message, facts(message)) for message in theirs]
    if not contacts:
        raise Refused("No mail is from these addresses", where=", ".join(sorted(wanted)))
    record = record_of(contacts)
    if as_json:
        console.emit(record_dict(record), True)
        return
    rows = [
        {
            "signal": one.name,
            "state": one.state,
            "what was counted": one.told,
            "studies": "; ".join(source.short for source in one.sources),
        }
        for one in record.signals
    ]
    console.emit(rows, False, ("signal", "state", "what was counted", "studies"))
    for one in record.signals:
        if one.alone and one.state == "present":
            console.say(f"{one.name}: {one.alone}")


def _tell(
    message: Message, index: Duplicates, targets: tuple[str, ...], sum_: Sum, as_json: bool
) -> None:
    same, found = index.look(message), facts(message, targets=targets)
    sum_.mails += 1
    sum_.unread += message.kind == "unread"
    sum_.with_faults += bool(message.faults)
    sum_.attachments += len(message.attachments)
    sum_.facts.update(one.kind for one in found)
    if same:
        sum_.same[same.how] += 1
    if as_json:
        shape = {"line": "mail", **as_dict(message, found=found, same=same)}
        typer.echo(json.dumps(shape, ensure_ascii=False).encode("utf-8", "replace").decode())
        return
    at = message.dates.at
    when = f"{at:%Y-%m-%d %H:%M}" if at else "date unknown"
    kinds = ", ".join(f"{kind} {n}" for kind, n in Counter(one.kind for one in found).items())
    parts = (when, message.sender.address or "no sender", message.subject[:80], kinds)
    typer.echo(_printable("  ".join(part for part in parts if part)))
    if same:
        typer.echo(_printable(f"    {same.told}"))
    for one in (*message.faults, *message.notes):
        typer.echo(_printable(f"    {one}"))


@contextmanager
def _messages(path: Path, after: Bookmark | None) -> Iterator[Iterator[Found]]:
    """With a bar of the bytes that were read."""
    with console.shares(f"Reading {path.name}") as tell:
        yield read(path, after=after, tell=lambda done, total: tell("", done / max(total, 1)))


class _Mark:
    """The bookmark in a file: written when a second has gone by, and at the end."""

    def __init__(self, path: Path | None) -> None:
        self.path, self._written = path, time.monotonic()
        self._newest: Bookmark | None = None

    def read(self) -> Bookmark | None:
        if self.path is None or not self.path.exists():
            return None
        try:
            return Bookmark.from_dict(json.loads(self.path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            mend = "Delete it to begin anew."
            raise Refused("The bookmark cannot be read", str(self.path), mend) from error

    def at(self, bookmark: Bookmark) -> None:
        self._newest = bookmark
        if self.path is not None and time.monotonic() - self._written > EVERY_S:
            self.keep()

    def keep(self) -> None:
        if self.path is None or self._newest is None:
            return
        beside = self.path.with_name(f"{self.path.name}.part")
        beside.write_text(json.dumps(self._newest.as_dict()), "utf-8")
        beside.replace(self.path)
        self._written = time.monotonic()


def _printable(text: str) -> str:
    """What a stranger wrote does not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
