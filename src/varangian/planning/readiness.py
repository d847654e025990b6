"""Is what an operation needs there, and still good? Pure rules over evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
        "comms_plan",
        "place_surveyed",
        "vehicles_checked",
        "actions_on_rehearsed",
        "crowd_plan",
        "police_informed",
    }
)
"""No record shows these by itself: a named person confirms them."""


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

    @property
    def tone(self) -> str:
        return TONES[self.state]


def light(
    artefact: Artefact, evidence: Evidence, word: Word | None, level: str, at: datetime
) -> Light:
    """How an artefact stands at a threat level.

    A waiver and a confirmation hold as long as the artefact itself would stay fresh. Nothing
    that is missing, stale or unknown is ever shown as fresh.
    """
    hours = artefact.fresh_for(level)  # pyright: ignore
    holds = word is not None and not _over(word.at, hours, at)
    if word is not None and word.waived and holds:
        return _light(artefact, evidence, "waived", f"Waived by {word.by}: {word.note}", word.at)
    if evidence.known and evidence.missing:
        return _light(artefact, evidence, "missing", _listed(evidence.missing), evidence.at)
    if evidence.stale:
        return _light(artefact, evidence, "stale", evidence.stale[0], evidence.at)
    if artefact.id in BY_WORD:
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
    if word is None or word.waived:
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
