"""One form for every fact of a dossier: what, from where, how old, and whether to rely on it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

type Standing = Literal["verified", "unverified", "stale", "unknown", "table", "computed"]
TONES: dict[Standing, str] = {
    "verified": "green",
    "unverified": "amber",
    "stale": "amber",
    "unknown": "grey",
    "table": "grey",
    "computed": "grey",
}
WORDS: dict[Standing, str] = {
    "verified": "verified",
    "unverified": "unverified",
    "stale": "to re-verify",
    "unknown": "unknown",
    "table": "from a table",
    "computed": "computed",
}


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    label: str
    words: str
    standing: Standing
    source: str = ""
    as_of: datetime | date | None = None

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def state(self) -> str:
        return WORDS[self.standing]

    def shape(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": self.label,
            "words": self.words,
            "standing": self.standing,
            "source": self.source or None,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    icon: str
    facts: list[Fact] = field(default_factory=list)
    empty: str = ""
    """What to say when there is nothing."""
    may_add: bool = False

    @property
    def nothing(self) -> str:
        """``empty`` of what people write down is a question, and must not be read as an answer."""
        return f"Nothing is written down. To find out: {self.empty}" if self.may_add else self.empty

    def shape(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title, "facts": [f.shape() for f in self.facts]}


def unknown(key: str, label: str, why: str) -> Fact:
    return Fact(key, label, f"Unknown: {why}", "unknown")
