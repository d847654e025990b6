"""From what governments say to one level: the worst recent word, never an average."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.kernel.clock import age_words

from ..advisories.notice import GOVERNMENTS, LEVELS

AGING, RECENT = timedelta(days=7), timedelta(days=30)
"""After the first a retrieval is amber; after the second it no longer counts."""
TONES = {None: "grey", 0: "grey", 1: "green", 2: "amber", 3: "amber", 4: "red"}


@dataclass(frozen=True, slots=True)
class Said:
    """One government on one country, whole or in parts, as we last had it in hand."""

    source: str
    scope: str
    level: int | None
    words: str
    retrieved_at: datetime
    published: datetime | None = None
    link: str = ""
    summary: str = ""

    @property
    def authority(self) -> str:
        return GOVERNMENTS.get(self.source, self.source)

    def recent(self, at: datetime) -> bool:
        return at - self.retrieved_at <= RECENT

    def aging(self, at: datetime) -> bool:
        return at - self.retrieved_at > AGING

    def tone(self, at: datetime) -> str:
        return TONES[self.level] if self.recent(at) else "grey"


@dataclass(frozen=True, slots=True)
class Score:
    """``level`` of the whole country and ``part`` of its worst part are never mixed."""

    level: int | None
    by: tuple[str, ...]
    part: int | None
    part_by: tuple[str, ...]
    spread: tuple[str, ...]
    gaps: tuple[str, ...]
    """Governments of which nothing recent is on file, and why."""

    @property
    def words(self) -> str:
        return level_words(self.level)

    @property
    def tone(self) -> str:
        return TONES[self.level]

    @property
    def part_tone(self) -> str:
        return TONES[self.part]

    @property
    def part_words(self) -> str:
        return level_words(self.part)

    @property
    def parts_worse(self) -> bool:
        return self.part is not None and self.part > (self.level or 0)


def level_words(level: int | None) -> str:
    return "not known" if level is None else f"{level}, {LEVELS[level]}"


def score(rows: Iterable[Said], at: datetime) -> Score:
    listed = list(rows)
    recent = [row for row in listed if row.recent(at)]
    level, by = _worst(recent, "whole")
    part, part_by = _worst(recent, "part")
    return Score(level, by, part, part_by, _spread(recent), tuple(_gaps(listed, at)))


def _worst(rows: list[Said], scope: str) -> tuple[int | None, tuple[str, ...]]:
    known = [row for row in rows if row.scope == scope and row.level is not None]
    worst = max((row.level for row in known if row.level is not None), default=None)
    return worst, tuple(row.authority for row in known if row.level == worst)


def _spread(rows: list[Said]) -> tuple[str, ...]:
    """Where the governments differ, the strictest first; empty when they agree."""
    found = []
    for scope, what in (("whole", "the whole country"), ("part", "parts of it")):
        known = [(row.level, row.authority) for row in rows if row.scope == scope]
        levels = sorted({level for level, _ in known if level is not None}, reverse=True)
        if len(levels) > 1:
            said = [
                f"{level} by {', '.join(name for own, name in known if own == level)}"
                for level in levels
            ]
            found.append(f"On {what} they differ: {'; '.join(said)}")
    return tuple(found)


def _gaps(rows: list[Said], at: datetime) -> Iterable[str]:
    for source, name in GOVERNMENTS.items():
        own = [row for row in rows if row.source == source and row.scope == "whole"]
        if not own:
            yield f"{name}: nothing on file"
        elif not own[0].recent(at):
            yield f"{name}: last had {age_words(own[0].retrieved_at, at)} ago, too old to count"
        elif own[0].level is None:
            yield f"{name}: its level cannot be read"
