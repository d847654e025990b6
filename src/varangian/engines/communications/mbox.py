"""A mailbox in one file (mbox), cut as it is read: never whole in memory, from any mail on.

A line that begins with ``From `` begins a mail only after an empty line, with a time of day in it
and with a line of a head after it; the same words in somebody's text do not.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from typing import IO, NamedTuple

from .dates import date_in
from .headers import FIELD
from .mail import TELL, MailReader, lines_of
from .model import Limits, Message, Origin

SEPARATOR = re.compile(rb"From \S{1,400}[^\n]{1,200}?\d{2}:\d{2}")
QUOTED = re.compile(rb">+From ")
EMPTY = (b"\n", b"\r\n")
BOM = b"\xef\xbb\xbf"


class Cut(NamedTuple):
    line: bytes
    at: int
    """Offset of its first byte in the file."""
    fresh: bool
    separator: bool


def cuts(handle: IO[bytes], at: int = 0) -> Iterator[Cut]:
    """Every line that belongs to a mail, and the separators between them.

    ``handle`` stands at ``at``. The empty line that a mailbox puts after each mail is left out.
    """
    empty, held, waiting = True, None, None
    for line, fresh in lines_of(handle):
        here, at = at, at + len(line)
        if here == 0:
            line = line.removeprefix(BOM)
        if waiting is not None:
            if FIELD.match(line) or line.startswith(b">From "):
                yield waiting
            else:
                yield from (one for one in (held, waiting._replace(separator=False)) if one)
            held = waiting = None
        if fresh and empty and line.startswith(b"From ") and SEPARATOR.match(line):
            waiting, empty = Cut(line, here, True, True), False
            continue
        if held is not None:
            yield held
            held = None
        empty = fresh and line in EMPTY
        if fresh and QUOTED.match(line):
            line = line[1:]
        found = Cut(line, here, fresh, False)
        if empty:
            held = found
        else:
            yield found
    if waiting is not None:
        yield from (one for one in (held, waiting._replace(separator=False)) if one)


def mails_of(mailbox: bytes) -> Iterator[bytes]:
    """The mails of an mbox that is in memory already, in its order."""
    kept: list[bytes] = []
    begun = False
    for cut in cuts(BytesIO(mailbox)):
        if cut.separator:
            if begun:
                yield b"".join(kept)
            kept, begun = [], True
        elif begun:
            kept.append(cut.line)
    if begun:
        yield b"".join(kept)


def read_mbox(
    handle: IO[bytes],
    name: str,
    limits: Limits,
    *,
    at: int = 0,
    number: int = 0,
    tell: Callable[[int], None] | None = None,
) -> Iterator[Message]:
    """Each mail as it is read. ``handle`` stands at ``at``, after ``number`` mails."""
    reader: MailReader | None = None
    told = end = at
    for cut in cuts(handle, at):
        if cut.separator or reader is None:
            if reader is not None:
                yield _closed(reader, cut.at)
            number += 1
            filed = _filed(cut.line) if cut.separator else None
            reader = MailReader(Origin(name, cut.at, 0, number), limits, filed=filed)
            if cut.separator:
                continue
        reader.feed(cut.line, cut.fresh)
        end = cut.at + len(cut.line)
        if tell is not None and end - told > TELL:
            told = end
            tell(end)
    if reader is not None:
        yield _closed(reader, handle.tell())


def _closed(reader: MailReader, end: int) -> Message:
    origin = reader.origin
    reader.origin = Origin(origin.file, origin.start, end, origin.number)
    return reader.close()


def _filed(line: bytes) -> datetime | None:
    """The time in a separator: ``From anna@x Mon Nov 24 10:00:00 2026``."""
    words = line.decode("ascii", "replace").split()[2:]
    return date_in(" ".join(words)) if len(words) >= 4 else None
