"""Pure rules of persons of interest: ways between states, likeness of words, what a merge meets."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.kernel.results import Refused

MOVES: dict[str, frozenset[str]] = {
    "referred": frozenset({"triaged", "closed"}),
    "triaged": frozenset({"under_assessment", "monitored", "closed"}),
    "under_assessment": frozenset({"managed", "monitored", "dormant", "closed"}),
    "managed": frozenset({"under_assessment", "monitored", "dormant", "closed"}),
    "monitored": frozenset({"under_assessment", "managed", "dormant", "closed"}),
    "dormant": frozenset({"under_assessment", "monitored", "closed"}),
    "closed": frozenset({"triaged"}),
    "erased": frozenset(),
}
"""A closed file opens again only at the triage. ``erased`` is reached by erasing alone, from every
state: it destroys a key, and nothing leads back."""


def moves_from(state: str) -> list[str]:
    """In the order of the work."""
    return [name for name in MOVES if name in MOVES[state]]


def check_move(before: str, after: str) -> None:
    """Refuse a way that is not allowed, and say which are."""
    if after == "erased":
        raise Refused(
            "Nobody is moved to erased", where=after, mend="Erase the person: it destroys the key."
        )
    if after not in MOVES[before]:
        ways = ", ".join(name.replace("_", " ") for name in moves_from(before))
        raise Refused(
            f"From {before.replace('_', ' ')} no way leads to {after.replace('_', ' ')}",
            where="state",
            mend=f"Possible now: {ways}." if ways else "The file is erased.",
        )


def check_dates(at: datetime, review_due: datetime, expires_at: datetime, most_days: int) -> None:
    """``at`` is now. The review lies ahead and not after the end; the end is not too far away."""
    if expires_at <= at:
        raise Refused("This end is over already", where="expires_at", mend="Give a later one.")
    if expires_at > at + timedelta(days=most_days):
        raise Refused(
            f"A file is kept at most {most_days} days without a new decision",
            where="expires_at",
            mend="Give an earlier end; a review may renew it then.",
        )
    if review_due > expires_at:
        raise Refused(
            "The review would come after the end", where="review_due", mend="Give an earlier one."
        )


def likeness(kind: str, words: str) -> str:
    """What two entries must have in common to be the same; empty is like nothing.

    Alike is a reason for a person to look, never a reason to merge.
    """
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if kind == "phone":
        digits = re.sub(r"\D", "", text)
        return digits.removeprefix("00") if len(digits) >= 5 else ""
    if kind == "vehicle":
        return re.sub(r"[\W_]", "", text)
    if kind == "mail":
        return text.removeprefix("mailto:")
    if kind == "handle":
        return text.removeprefix("@")
    return re.sub(r"[\W_]+", " ", text).strip()


def shared(
    own: Iterable[tuple[str, str]], others: Mapping[str, Iterable[tuple[str, str]]]
) -> dict[str, list[tuple[str, str]]]:
    """(kind, words) that somebody else has too, by whose it is. Kinds are never mixed."""
    mine = {(kind, mark) for kind, words in own if (mark := likeness(kind, words))}
    found: dict[str, list[tuple[str, str]]] = {}
    for whose, rows in others.items():
        alike = [(kind, words) for kind, words in rows if (kind, likeness(kind, words)) in mine]
        if alike:
            found[whose] = list(dict.fromkeys(alike))
    return found


@dataclass(frozen=True)
class Side:
    """What a merge looks at of one file."""

    pk: str
    engagement: str
    state: str
    folded: bool
    """Is itself part of another file already."""
    holds: bool
    """Has another file folded into it."""
    over: bool
    """Has run out: closed to reading."""


def check_merge(kept: Side, other: Side) -> None:
    """Only two open files of one engagement, and never a chain: what is undone must be one step."""
    if kept.pk == other.pk:
        raise Refused("A file is not merged with itself", where="other")
    if kept.engagement != other.engagement:
        raise Refused("They belong to two engagements", where="other")
    for side in (kept, other):
        if side.state == "erased":
            raise Refused("An erased file is not merged", where="other")
        if side.over:
            raise Refused(
                "One of the files has run out",
                where="other",
                mend="Its reviewer renews or closes it first.",
            )
        if side.folded:
            raise Refused("One of them is part of another file", mend="Undo that merge first.")
    if other.holds:
        raise Refused(
            "The other file has one folded into it",
            where="other",
            mend="Merge it the other way round, or undo that merge first.",
        )
