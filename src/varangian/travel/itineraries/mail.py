"""E-mails, one or a whole mailbox: what each says for machines, and what is attached to it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime

SPLIT = re.compile(rb"(?:\A|\r?\n\r?\n)From \S+[^\n]*\d{2}:\d{2}[^\n]*\r?\n")
MOST_MAILS = 1_000
MOST_PARTS = 60


def mails_of(mailbox: bytes) -> Iterator[bytes]:
    """The mails of an mbox file, in its order."""
    cuts = [match.end() for match in SPLIT.finditer(mailbox)]
    starts = [match.start() for match in SPLIT.finditer(mailbox)][1:]
    for begin, end in zip(cuts, [*starts, len(mailbox)], strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", mailbox[begin:end])


def open_mail(data: bytes) -> Message:
    """By the older, plainer policy of the library: it parses a head only when it is asked for."""
    return message_from_bytes(data.lstrip())


def subject_of(message: Message) -> str:
    return " ".join(_header(message, "subject").split())[:80]


def written_at(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _header(message: Message, name: str) -> str:
    try:
        return str(make_header(decode_header(str(message.get(name, ""))))).replace("\x00", "")
    except Exception:  # the parser of headers raises what it likes on broken ones
        return ""


def parts_of(message: Message) -> Iterator[tuple[str, str, bytes]]:
    """(type, file name, bytes) of every leaf; a mail within the mail is opened too."""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return
        kind = part.get_content_type()
        if kind == "message/rfc822" or part.is_multipart():
            continue
        body = _bytes(part, kind)
        if body:
            yield kind, _name(part), body


def _name(part: Message) -> str:
    try:
        return (part.get_filename() or "")[:80]
    except Exception:  # a broken name is no name
        return ""


def _bytes(part: Message, kind: str) -> bytes:
    """Text comes as UTF-8, whatever it was sent in."""
    found = part.get_payload(decode=True)
    plain = found if isinstance(found, bytes) else b""
    if not kind.startswith("text/"):
        return plain
    try:
        sent = str(part.get_content_charset() or "utf-8")
        return plain.decode(sent, "replace").encode("utf-8", "replace")
    except Exception:  # unknown character sets and broken heads: the bytes as they are
        return plain
