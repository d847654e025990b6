"""What a file is, by what stands in it. Names and types that a sender gives do not count."""

import re

from varangian.engines.communications.sniffing import is_mail, is_mailbox

from .boarding import PASS
from .pnr import SEGMENT, STAY
from .table import looks_like_table

HEAD = 4_000
WHOLE = 400_000


def kind_of(data: bytes) -> str:
    """One of zip, calendar, mail, mailbox, tracks, page, json, boarding pass, pnr, table; or ""."""
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    text = _text(data[:WHOLE])
    head = text.lstrip("\ufeff \t\r\n")[:HEAD]
    if is_mailbox(data, head):
        return "mailbox"
    if is_mail(head):
        return "mail"
    if re.search(r"^\W*BEGIN:VCALENDAR", text, re.M | re.I):
        return "calendar"
    if head.startswith("<"):
        return _markup(head)
    if head[:1] in ("{", "["):
        return "json"
    return _lines(text)


def _text(data: bytes) -> str:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return data[2:].decode(encoding, "replace")
    if data[:200].count(0) > len(data[:200]) // 4:
        return data.replace(b"\x00", b"").decode("latin-1")
    return data.decode("utf-8", "replace")


def _markup(head: str) -> str:
    root = re.search(r"<(?:\w+:)?(gpx|kml)\b", head, re.I)
    return "tracks" if root else "page"


def _lines(text: str) -> str:
    lines = text.splitlines()[:3_000]
    if any(PASS.match(line.strip()) for line in lines):
        return "boarding pass"
    if any(SEGMENT.match(line[:200]) or STAY.search(line[:200]) for line in lines):
        return "pnr"
    return "table" if looks_like_table(text) else ""
