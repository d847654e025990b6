"""Is what an operation needs there, and still good? Pure rules over evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from .library import Artefact

State = Literal["fresh", "stale", "due", "missing", "unknown", "waived"]
TONES: dict[State, str] = {
    "fresh": "green",
    "stale": "amber",
    "due": "amber",
    "missing": "red",
    "unknown": "grey",
    "waived": "grey",
}
ORDER: tuple[State, ...] = ("missing", "stale", "due", "unknown", "waived", "fresh")
BY_WORD = frozenset(
    {
        "vehicles_checked",
        "crowd_plan",
        "police_informed",
    }
)
"""No record shows these by itself: a named person confirms them. Where records do say something
(vehicles that travel has assigned), the records say it and no word stands against them."""


@dataclass(frozen=True)
class Evidence:
    """What the records say. ``at`` is the oldest time that the artefact rests on.

    ``known`` false means that nothing here can tell: only somebody's word counts.
    """

    at: datetime | None = None
    missing: Sequence[str] = ()
    stale: Sequence[str] = ()
    due: Sequence[str] = ()
    known: bool = True
    url: str = ""


@dataclass(frozen=True)
class Word:
    """The latest word of a named person on an artefact."""

    waived: bool
    at: datetime
    by: str
    note: str
    until: datetime | None = None
    """Until when a waiver holds; without it as long as the artefact itself would stay fresh."""


@dataclass(frozen=True)
class Light:
    """One required artefact as it stands."""

    artefact: Artefact
    state: State
    why: str
    at: datetime | None
    do: str
    url: str
    missing: Sequence[str] = field(default=())
    until: datetime | None = None
    """When a waiver that holds now will end."""

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def wanting(self) -> bool:
        return self.state not in ("fresh", "waived")

    @property
    def blocking(self) -> bool:
        """Missing, and nobody may do without it."""
        return self.state == "missing" and not self.artefact.waivable


def light(
    artefact: Artefact, evidence: Evidence, word: Word | None, level: str, at: datetime
) -> Light:
    """How an artefact stands at a threat level.

    A waiver holds until its time, a confirmation as long as the artefact itself would stay
    fresh. When a waiver has ended the light is what the records say. Nothing that is missing,
    stale or unknown is ever shown as fresh.
    """
    hours = artefact.fresh_for(level)  # pyright: ignore
    if word is not None and word.waived:
        if not _ended(word, hours, at):
            why = f"Waived by {word.by}: {word.note}"
            return replace(_light(artefact, evidence, "waived", why, word.at), until=word.until)
        shown = _from_records(artefact, evidence, None, hours, at)
        ended = f"The waiver by {word.by} has ended" if shown.wanting else ""
        return replace(shown, why=_joined(shown.why, ended))
    return _from_records(artefact, evidence, word, hours, at)


def _ended(word: Word, hours: int | None, at: datetime) -> bool:
    return word.until <= at if word.until else _over(word.at, hours, at)


def _joined(*parts: str) -> str:
    return ". ".join(part for part in parts if part)


def _from_records(
    artefact: Artefact, evidence: Evidence, word: Word | None, hours: int | None, at: datetime
) -> Light:
    if evidence.known and evidence.missing:
        return _light(artefact, evidence, "missing", _listed(evidence.missing), evidence.at)
    if evidence.stale:
        return _light(artefact, evidence, "stale", evidence.stale[0], evidence.at)
    if artefact.id in BY_WORD and not evidence.known:
        return _by_word(artefact, evidence, word, hours, at)
    if not evidence.known:
        return _light(artefact, evidence, "unknown", "Nothing on record", None)
    if evidence.due:
        return _light(artefact, evidence, "due", _listed(evidence.due), evidence.at)
    if evidence.at is None and hours is not None:
        return _light(artefact, evidence, "unknown", "Its age is not known", None)
    if _over(evidence.at, hours, at):
        return _light(artefact, evidence, "due", f"Older than {hours} h", evidence.at)
    return _light(artefact, evidence, "fresh", "", evidence.at)


def _by_word(
    artefact: Artefact, evidence: Evidence, word: Word | None, hours: int | None, at: datetime
) -> Light:
    if word is None:
        return _light(artefact, evidence, "unknown", "Nobody has confirmed it", None)
    said = f"{word.by}: {word.note}"
    if _over(word.at, hours, at):
        return _light(artefact, evidence, "due", f"Older than {hours} h. {said}", word.at)
    return _light(artefact, evidence, "fresh", said, word.at)


def _light(
    artefact: Artefact, evidence: Evidence, state: State, why: str, at: datetime | None
) -> Light:
    do = "" if state in ("fresh", "waived") else artefact.ready_when
    return Light(artefact, state, why, at, do, evidence.url, tuple(evidence.missing))


def _over(since: datetime | None, hours: int | None, at: datetime) -> bool:
    return since is not None and hours is not None and at - since > timedelta(hours=hours)


def _listed(parts: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = f" and {len(parts) - 3} more" if len(parts) > 3 else ""
    return "; ".join(parts[:3]) + more


def snapshot(lights: Sequence[Light]) -> list[dict[str, str]]:
    """The lights as a decision keeps them."""
    return [
        {
            "artefact": row.artefact.id,
            "title": row.artefact.title,
            "state": row.state,
            "why": row.why,
            "at": row.at.isoformat() if row.at else "",
        }
        for row in lights
    ]


def turned(kept: Sequence[dict[str, str]], lights: Sequence[Light]) -> list[str]:
    """What was ready when the decision was made and is not now, in words."""
    good = {row["artefact"] for row in kept if row["state"] in ("fresh", "waived")}
    return [
        f"{row.artefact.title}: {row.state}" + (f", {row.why}" if row.why else "")
        for row in lights
        if row.wanting and row.artefact.id in good
    ]
