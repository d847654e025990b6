"""Any file that may hold an itinerary, known by its content, to parts that say what they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from varangian.kernel.clock import now
from varangian.kernel.results import Refused

from . import bundles, mail, markup
from .boarding import read_boarding
from .ical_text import LIMIT_BYTES, decode
from .itinerary import Part
from .pnr import read_pnr
from .reader import Reader
from .reservations import read_reservation
from .sniff import kind_of
from .table import read_table
from .tracks import read_tracks

log = structlog.get_logger()
DEEPEST = 4
NO_EXTRA = "extra travel"
"""In a refusal that is about this machine, not about the file."""
WORDS = {
    "calendar": "calendar",
    "mail": "e-mail",
    "page": "web page",
    "json": "web page",
    "boarding pass": "boarding pass",
    "pnr": "record of a booking system",
    "table": "table",
    "tracks": "map file",
    "wallet pass": "wallet pass",
}
KNOWN = (
    "Read are: calendars (.ics), e-mails (.eml, .mbox), saved web pages, boarding passes as text, "
    "wallet passes (.pkpass), GPX and KML, itinerary lines of a booking system, tables (.csv)."
)
SENT = "calendar entry in a mail"
"""Such an entry speaks of itself alone; a calendar also says what is not in it any more."""
ATTACHED = {"text/calendar", "application/ics", "text/csv", "application/json"}
UNTOLD = ("image/", "audio/", "video/", "application/pgp-", "application/pkcs7-")
"""Attached to many mails and never a booking: not worth a word."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for every part of a file."""

    now: datetime
    home: str


def read_parts(data: bytes, setting: Setting) -> list[Part]:
    """Raises Refused when the file is of no known kind, too large, or cannot be opened at all."""
    if len(data) > LIMIT_BYTES:
        decode(data, [])
    kind = kind_of(data)
    if not data.strip():
        raise Refused("The file is empty: it is no calendar and no booking", mend=KNOWN)
    if not kind:
        raise Refused("This is no calendar file, mail or booking that can be read", mend=KNOWN)
    try:
        return _read(kind, data, setting, "file", 0)
    except Refused:
        raise
    except Exception as error:
        log.warning("itinerary not read", kind=kind, error=type(error).__name__)
        words = f"This {WORDS.get(kind, kind)} cannot be read ({type(error).__name__})"
        raise Refused(words, mend="Export it again, or enter it by hand.") from error


def _read(kind: str, data: bytes, setting: Setting, where: str, depth: int) -> list[Part]:
    if kind == "mailbox":
        return _mailbox(data, setting)
    if kind == "mail":
        return _mail(data, setting, "" if where == "file" else where, depth)
    if kind == "zip":
        return _zip(data, setting, where, depth)
    return [_part(kind, data, setting, where)]


def _part(kind: str, data: bytes, setting: Setting, where: str) -> Part:
    if kind == "calendar":
        from .ical import read_itinerary  # the calendar libraries cost 0.2 s to load

        return Part(where, kind, read_itinerary(data, now=setting.now, home_zone=setting.home))
    reader = Reader(setting.now, setting.home, WORDS.get(kind, kind), where)
    SIMPLE[kind](data, reader)
    return Part(where, reader.source, reader.out)


def _page(data: bytes, reader: Reader) -> None:
    found, faults = markup.reservations_in(data)
    for fault in faults:
        reader.tell(fault, "Compare with the original.")
    _take(found, reader)


def _json(data: bytes, reader: Reader) -> None:
    try:
        found = markup.reservations_in_json(decode(data, reader.out.problems))
    except (ValueError, RecursionError) as error:
        raise Refused("This JSON file is broken", mend="Ask for it again.") from error
    _take(found, reader)


def _take(found: list[markup.Node], reader: Reader) -> None:
    for number, node in enumerate(found, start=1):
        try:
            read_reservation(node, reader)
        except Exception as error:  # no reservation, however odd, may cost the others
            what = f"Reservation {number} cannot be read ({type(error).__name__}); it was left out."
            reader.tell(what, "Enter it by hand.", str(node))


SIMPLE: dict[str, Callable[[bytes, Reader], None]] = {
    "page": _page,
    "json": _json,
    "boarding pass": read_boarding,
    "pnr": read_pnr,
    "table": read_table,
    "tracks": read_tracks,
    "wallet pass": bundles.read_wallet_pass,
}


def _zip(data: bytes, setting: Setting, where: str, depth: int) -> list[Part]:
    found = bundles.members(data)
    if "pass.json" in found:
        inner = bundles.unpacked(data, found["pass.json"], bundles.MOST_PASS)
        return [_part("wallet pass", inner, setting, where)]
    maps = [name for name in found if name.lower().endswith(".kml")]
    if maps:
        inner = bundles.unpacked(data, found[maps[0]], bundles.MOST_MAP)
        return [_part("tracks", inner, setting, where)]
    passes = [name for name in found if name.lower().endswith(".pkpass")]
    if not passes or depth:
        raise Refused("This zip file is no wallet pass and no map file", mend=KNOWN)
    parts = []
    for name in passes[:50]:
        inner = bundles.unpacked(data, found[name], bundles.MOST_PASS * 5)
        parts += _attempt("zip", inner, setting, name[:80], depth + 1)
    return parts


def _mailbox(data: bytes, setting: Setting) -> list[Part]:
    parts: list[Part] = []
    for number, one in enumerate(mail.mails_of(data), start=1):
        if number > mail.MOST_MAILS:
            what = f"More than {mail.MOST_MAILS} mails; the rest was not read."
            parts.append(_trouble("mailbox", what))
            break
        parts += _attempt("mail", one, setting, f"mail {number}", 1)
    return parts


def _mail(data: bytes, setting: Setting, where: str, depth: int) -> list[Part]:
    """One report for the mail, one for each thing attached; a mail that says nothing says so."""
    message = mail.open_mail(data)
    named = ", ".join(part for part in (where, repr(mail.subject_of(message))) if part)
    written = mail.written_at(message)
    reader = Reader(setting.now, setting.home, WORDS["mail"], named)
    parts = [Part(named, reader.source, reader.out, written)]
    texts: list[bytes] = []
    for kind, name, body in mail.parts_of(message):
        if kind == "text/html":
            _page(body, reader)
        elif kind == "text/plain" and not name:
            texts.append(body)
        else:
            attached = _attached(kind, body, setting, f"{named}, {name or kind}", depth)
            parts += attached
    if not reader.out.items and not reader.out.called_off:
        for body in texts:
            parts += _lines(body, setting, named)
    for part in parts[1:]:
        part.stated_at = part.stated_at or written
        for item in part.itinerary.items:
            item.source = SENT if item.source == "calendar" else item.source
    if not any(p.itinerary.items or p.itinerary.called_off for p in parts):
        excerpt = texts[0].decode("utf-8", "replace")[:1500] if texts else ""
        reader.tell("No reservation was found in this mail.", "Enter it by hand.", excerpt)
    return parts


def _attached(kind: str, body: bytes, setting: Setting, where: str, depth: int) -> list[Part]:
    found = kind_of(body)
    if found == "table" and kind not in ATTACHED and kind != "application/octet-stream":
        return []
    if not found or depth >= DEEPEST or found == "mailbox":
        if kind.startswith(("text/", *UNTOLD)):
            return []
        return [_trouble(where, f"This kind of file ({kind}) is not read.")]
    return _attempt(found, body, setting, where, depth + 1)


def _lines(body: bytes, setting: Setting, where: str) -> list[Part]:
    """Itinerary lines and bar codes in the text of a mail."""
    kind = kind_of(b"\n" + body)
    return _attempt(kind, body, setting, where, 1) if kind in ("pnr", "boarding pass") else []


def _attempt(kind: str, data: bytes, setting: Setting, where: str, depth: int) -> list[Part]:
    """One mail or attachment that cannot be read does not cost the others."""
    try:
        return _read(kind, data, setting, where, depth)
    except Refused as refused:
        if NO_EXTRA in refused.what:
            raise
        return [_trouble(where, f"{refused.what}.", refused.mend)]
    except Exception as error:
        log.warning("itinerary part not read", where=where, error=type(error).__name__)
        return [_trouble(where, f"It cannot be read ({type(error).__name__}).")]


def _trouble(where: str, what: str, mend: str = "Enter it by hand; the original is kept.") -> Part:
    reader = Reader(now(), "UTC", "file", where)
    reader.tell(what, mend)
    return Part(where, "", reader.out)
