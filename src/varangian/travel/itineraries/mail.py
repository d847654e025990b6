"""E-mails, one or a whole mailbox: what each says for machines, and what is attached to it."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message

from varangian.engines.communications.charsets import text_of
from varangian.engines.communications.dates import date_in
from varangian.engines.communications.headers import words_of
from varangian.engines.communications.mbox import mails_of

__all__ = ["MOST_MAILS", "mails_of", "open_mail", "parts_of", "subject_of", "written_at"]
MOST_MAILS = 1_000
MOST_PARTS = 60


def open_mail(data: bytes) -> Message:
    """By the older, plainer policy of the library: it parses a head only when it is asked for."""
    return message_from_bytes(data.lstrip())


def subject_of(message: Message) -> str:
    return _header(message, "subject")[:80]


def written_at(message: Message) -> datetime | None:
    return date_in(_header(message, "date"))


def _header(message: Message, name: str) -> str:
    try:
        return words_of(str(message.get(name, "")).encode("utf-8", "surrogateescape"))
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
        return text_of(plain, sent)[0].encode("utf-8", "replace")
    except Exception:  # unknown character sets and broken heads: the bytes as they are
        return plain
