"""One chunk of mails into the tables, in few statements: writers, communications, report lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from varangian.engines.communications import Message, facts
from varangian.engines.communications.duplicates import Near, Runs, runs_of
from varangian.engines.communications.report import plain
from varangian.engines.communications.words import normal
from varangian.engines.communications.writers import things_of
from varangian.platform.access.scope import Actor

from ..models import Communication, ImportLine, LetterImport, Writer, WriterTrait
from .letters_common import Prints, clean, new_writer, next_serial, time_of, writer_print

APART = {"origin", "kind", "sha256", "size", "subject", "text"}
"""What stands in fields of its own."""
MOST_COMPARED = 50_000
LONGEST = 1_000_000


@dataclass
class Ready:
    """A mail with everything that needs no database."""

    message: Message
    at: datetime | None
    doubt: str
    print: str
    id_print: str
    words_print: str
    runs: Runs
    kinds: list[str]
    traits: list[tuple[str, str, str]]
    told: list[dict[str, str]] = field(default_factory=list)


def prepared(message: Message, prints: Prints) -> Ready:
    at, doubt = time_of(message)
    identity = message.thread.message_id
    text = message.text or message.other_text
    hung = " ".join(sorted(one.sha256 for one in message.attachments))
    remarks = [*message.faults, *message.notes]
    traits = () if message.quiet else things_of(message)
    return Ready(
        message=message,
        at=at,
        doubt=doubt,
        print=prints.of("bytes", message.sha256) if message.sha256 else "",
        id_print=prints.of("id", identity) if identity else "",
        words_print=prints.of("words", f"{normal(text[:MOST_COMPARED])}\0{hung}"),
        runs=runs_of(text),
        kinds=sorted({one.kind for one in facts(message) if one.plain}),
        traits=[(reason, prints.of(reason, key), shown) for reason, shown, key in traits],
        told=[{"where": one.where, "what": one.what, "mend": one.mend} for one in remarks],
    )


@dataclass
class Keeper:
    """Of one run of an import. ``near`` knows what this run has read."""

    prints: Prints
    near: Near
    traits: set[tuple[UUID, str, str]] = field(default_factory=set)

    def keep(self, actor: Actor, batch: LetterImport, ready: list[Ready], keys: list[str]) -> None:
        """The principal and the import are locked; counts of ``batch`` are changed, not saved."""
        files = {key: number for number, key in enumerate(keys)}
        writers = self._writers(actor, batch.principal, ready)
        known = _Known(actor, batch.principal, ready)
        serial = next_serial(Communication, actor, batch.principal)
        made: list[Communication] = []
        lines: list[ImportLine] = []
        for one in ready:
            same, how = known.same(one)
            if same is not None:
                batch.same += 1
                told = [{"where": "mail", "what": f"{how} {same.label}.", "mend": ""}, *one.told]
                lines.append(_line(batch, ImportLine.Kind.SAME, one, files, told, same))
                continue
            if other := known.other_words(one):
                what = f"It has the Message-ID of {other.label} and other words: one of them lies."
                one.told.append({"where": "Message-ID", "what": what, "mend": "Read both."})
            row = _communication(batch, one, files, serial + len(made))
            row.writer = writers.get(_mark(self.prints, one))
            row.near_id = self._near(row, one)
            made.append(row)
            known.add(one, row)
            if one.message.kind == "unread":
                batch.unread += 1
                lines.append(_line(batch, ImportLine.Kind.UNREAD, one, files, one.told, row))
            elif one.told:
                batch.odd += 1
                lines.append(_line(batch, ImportLine.Kind.ODD, one, files, one.told, row))
        Communication.objects.bulk_create(made)
        ImportLine.objects.bulk_create(lines)
        self._traits(made, ready)
        batch.mails += len(ready)
        batch.kept += len(made)

    def _near(self, row: Communication, one: Ready) -> UUID | None:
        found = self.near.add(str(row.pk), one.runs)
        return UUID(found[0][0]) if found else None

    def _writers(self, actor: Actor, principal: Any, ready: list[Ready]) -> dict[str, Writer]:
        """By their print; those that are new are made."""
        marks: dict[str, Ready] = {}
        for one in ready:
            if mark := _mark(self.prints, one):
                marks.setdefault(mark, one)
        rows = Writer.objects.visible_to(actor).filter(principal=principal, print__in=marks)
        found = {row.print: row for row in rows}
        serial = next_serial(Writer, actor, principal)
        new = [
            new_writer(principal, serial + number, mark, *_named(one))
            for number, (mark, one) in enumerate(
                (mark, one) for mark, one in marks.items() if mark not in found
            )
        ]
        Writer.objects.bulk_create(new)
        return found | {row.print: row for row in new}

    def _traits(self, made: list[Communication], ready: Iterable[Ready]) -> None:
        by_print = {row.print: row for row in made if row.writer_id}
        rows = []
        for one in ready:
            row = by_print.get(one.print)
            if row is None:
                continue
            for reason, mark, shown in one.traits:
                key = (row.writer_id, reason, mark)
                if key in self.traits:
                    continue
                self.traits.add(key)
                rows.append(
                    WriterTrait(
                        key_id=row.key_id,
                        compartment_id=row.compartment_id,
                        writer_id=row.writer_id,
                        reason=reason,
                        print=mark,
                        shown=clean(shown)[:200],
                    )
                )
        WriterTrait.objects.bulk_create(rows, ignore_conflicts=True)


class _Known:
    """What is there already of the prints of a chunk."""

    def __init__(self, actor: Actor, principal: Any, ready: list[Ready]) -> None:
        rows = Communication.objects.visible_to(actor).filter(principal=principal)
        rows = rows.only("pk", "serial", "print", "id_print", "words_print")
        prints = {one.print for one in ready if one.print}
        ids = {one.id_print for one in ready if one.id_print}
        self.bytes = {row.print: row for row in rows.filter(print__in=prints)}
        self.ids = {row.id_print: row for row in rows.filter(id_print__in=ids)}

    def same(self, one: Ready) -> tuple[Communication | None, str]:
        found = self.bytes.get(one.print) if one.print else None
        if found is not None:
            return found, "The same bytes as"
        found = self.ids.get(one.id_print) if one.id_print else None
        if found is not None and found.words_print == one.words_print:
            return found, "The same message and words as"
        return None, ""

    def other_words(self, one: Ready) -> Communication | None:
        found = self.ids.get(one.id_print) if one.id_print else None
        return found if found is not None and found.words_print != one.words_print else None

    def add(self, one: Ready, row: Communication) -> None:
        if one.print:
            self.bytes.setdefault(one.print, row)
        if one.id_print:
            self.ids.setdefault(one.id_print, row)


def _named(one: Ready) -> tuple[str, str]:
    sender = one.message.sender
    return clean(" ".join(sender.name.split()))[:200], clean(sender.address)


def _mark(prints: Prints, one: Ready) -> str:
    name, address = _named(one)
    return writer_print(prints, name, address) if name or address else ""


def _communication(
    batch: LetterImport, one: Ready, files: dict[str, int], serial: int
) -> Communication:
    message = one.message
    mail = message.kind in ("mail", "outlook")
    rest = {name: value for name, value in plain(message).items() if name not in APART}
    return Communication(
        key_id=batch.key_id,  # pyright: ignore
        compartment_id=batch.compartment_id,
        principal_id=batch.principal.pk,
        serial=serial,
        channel=Communication.Channel.MAIL if mail else Communication.Channel.LETTER,
        at=one.at,
        doubt=one.doubt,
        brought_by_id=batch.pk,
        file=files.get(message.origin.file, 0),
        start=message.origin.start,
        end=message.origin.end,
        sha256=message.sha256,
        size=message.size,
        print=one.print,
        id_print=one.id_print,
        words_print=one.words_print,
        subject=clean(message.subject)[:1000],
        text=clean(message.text)[:LONGEST],
        parsed=clean(rest),
        kinds=one.kinds,
        readable=bool(message.text or message.other_text or message.subject),
        by_machine=message.quiet,
        entered_by_id=batch.asked_by_id,  # pyright: ignore
    )


def _line(
    batch: LetterImport,
    kind: str,
    one: Ready,
    files: dict[str, int],
    told: list[dict[str, str]],
    about: Communication,
) -> ImportLine:
    origin = one.message.origin
    return ImportLine(
        key_id=batch.key_id,  # pyright: ignore
        compartment_id=batch.compartment_id,
        brought_by_id=batch.pk,
        kind=kind,
        number=origin.number,
        file=files.get(origin.file, 0),
        start=origin.start,
        told=clean(told),
        communication_id=about.pk,
    )
