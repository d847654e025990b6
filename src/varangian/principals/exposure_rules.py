"""What may be written about an item, which of it is masked, and when two are the same."""

import re
from datetime import date, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused

from .library import exposure as library

TEXTS = ("what", "where", "link", "notes", "found_by")
WRITTEN = {*TEXTS, "kind", "detail", "seen_on", "sensitivity", "recheck_due"}
HIDDEN = ("what", "link", "notes", "accepted_reason")
"""Fields of a masked item that open only for one reading."""
LONGEST = 8_000
OLDEST = date(1900, 1, 1)
WORDS = {
    "what": "what is public",
    "where": "where",
    "link": "link",
    "notes": "notes",
    "found_by": "found by",
    "kind": "kind",
    "detail": "detail",
    "seen_on": "seen on",
    "sensitivity": "sensitivity",
    "recheck_due": "next look",
}


def checked_fields(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - WRITTEN
    if unknown:
        raise Refused(
            "An item has no such fields",
            where=", ".join(sorted(unknown)),
            mend=f"Possible: {', '.join(sorted(WRITTEN))}.",
        )
    long = [name for name in TEXTS if len(fields.get(name) or "") > LONGEST]
    if long:
        raise Refused(f"At most {LONGEST} characters a field", where=", ".join(long))
    return {
        name: (value or "").strip() if name in TEXTS else value for name, value in fields.items()
    }


def check_item(item: Any) -> None:
    """The whole item, before it is kept."""
    library().kind(item.kind)
    if not item.what:
        raise Refused("Say what is public", where="what")
    if item.detail and item.kind != "footprint":
        raise Refused(
            "Only a digital footprint has a detail",
            where=item.detail,
            mend="Leave it empty, or make the kind 'footprint'.",
        )
    if item.detail:
        library().detail(item.detail)
    known = [one.id for one in library().sensitivities]
    if item.sensitivity not in known:
        raise Refused("There is no such sensitivity", where=item.sensitivity, mend=", ".join(known))
    if item.seen_on is not None and not OLDEST <= item.seen_on <= now().date() + timedelta(days=1):
        raise Refused(
            "It cannot have been seen on that day", where=f"seen on {item.seen_on}",
            mend="Give the day on which somebody saw it there.",
        )  # fmt: skip


def next_look(kind: str) -> date:
    return now().date() + timedelta(days=library().kind(kind).recheck_days)


def masked(item: Any) -> bool:
    return library().masked(item.kind, item.detail)


def sameness(kind: str, detail: str, what: str) -> tuple[str, str]:
    """Two items with the same value here are one. Numbers are compared by their digits, and what
    is a footprint in one file may be another detail of it in the next."""
    words = " ".join(what.casefold().split()).rstrip("/.")
    if detail == "phone":
        return ("footprint", re.sub(r"\D+", "", words).removeprefix("00").lstrip("0") or words)
    words = re.sub(r"^(?:https?://)?(?:www\.)?", "", words)
    return (kind, words)
