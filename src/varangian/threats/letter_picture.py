"""Pure: a communication and a writer's record as a person reads them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from varangian.engines.communications import Contact, Fact, Record, facts_in, record_of
from varangian.kernel.words import plural

from .models import Communication

WORDS = {
    "request": "asks for something", "asks-to-meet": "asks to meet",
    "approach": "tells of being near", "travel": "tells of a journey", "place": "a place",
    "time": "a time", "gift": "a gift", "relation": "claims a relation",
    "threat": "threat", "self-harm": "harm to themselves",
    "weapon": "a means", "target": "names the target", "anger": "anger", "polite": "politeness",
    "specific": "specific",
}  # fmt: skip
TONES = {
    "threat": "red", "weapon": "red", "self-harm": "red", "approach": "amber", "travel": "amber",
    "asks-to-meet": "amber", "specific": "amber", "anger": "amber",
}  # fmt: skip
HIDDEN = "Words that a reader is not shown"
LONGEST_SHOWN = 60_000
SIDE, MOST_BARS = 12, 48


@dataclass(frozen=True)
class Piece:
    """A run of the text, and what was found in it."""

    text: str
    facts: tuple[Fact, ...] = ()

    @property
    def told(self) -> str:
        return "; ".join(_told(one) for one in self.facts)

    @property
    def tone(self) -> str:
        tones = [TONES.get(one.kind, "blue") for one in self.facts if one.plain]
        return next((one for one in ("red", "amber", "blue") if one in tones), "grey")


def _told(one: Fact) -> str:
    words = WORDS[one.kind]
    if one.form and one.kind == "threat":
        words = f"{one.form} {words}"
    if one.quoted:
        words += ", somebody else's words" if one.quoted != "reply" else ", quoted from before"
    return f"{words}, negated" if one.negated else words


def pieces(text: str, targets: Iterable[str] = ()) -> list[Piece]:
    """The text cut where a proposal begins or ends; one that frames others is left to them."""
    text = text[:LONGEST_SHOWN]
    found = [
        one for one in facts_in(text, targets=targets) if one.kind not in ("specific", "polite")
    ]
    edges = sorted({0, len(text), *(at for one in found for at in (one.start, one.end))})
    cut = []
    for start, end in pairwise(edges):
        over = tuple(one for one in found if one.start <= start and end <= one.end)
        cut.append(Piece(text[start:end], over))
    return cut


def summary(text: str, subject: str, targets: Iterable[str] = ()) -> list[dict[str, Any]]:
    """How often each kind of words stands there, by its own words."""
    names = list(targets)
    found = [*facts_in(subject, field="subject", targets=names), *facts_in(text, targets=names)]
    rows: dict[str, dict[str, Any]] = {}
    for one in found:
        if one.kind in ("time", "place", "polite"):
            continue
        row = rows.setdefault(
            one.kind,
            {"kind": one.kind, "words": WORDS[one.kind], "tone": "grey", "said": [], "other": 0},
        )
        if one.plain:
            row["tone"] = TONES.get(one.kind, "blue")
            if len(row["said"]) < 3 and one.words not in row["said"]:
                row["said"].append(" ".join(one.words.split())[:160])
        else:
            row["other"] += 1
    order = {"red": 0, "amber": 1, "blue": 2, "grey": 3}
    return sorted(rows.values(), key=lambda row: order[row["tone"]])


def warnings(parsed: dict[str, Any]) -> list[dict[str, str]]:
    """Faults first, then what is odd."""
    return [*parsed.get("faults", ()), *parsed.get("notes", ())]


def contact(row: Communication) -> Contact:
    return Contact(
        id=row.label,
        at=row.at,
        channel=row.get_channel_display().lower(),  # pyright: ignore
        address=row.writer.address or row.writer.name if row.writer else "",
        kinds=frozenset(row.kinds),
        read=row.readable,
    )


def record(rows: Sequence[Communication]) -> Record:
    return record_of([contact(row) for row in rows])


def signal_rows(found: Record, rows: Sequence[Communication]) -> list[dict[str, Any]]:
    """Each signal with the contacts that show it and the studies that name it."""
    known = {row.label: row for row in rows}
    shown = []
    for one in found.signals:
        evidence = [known[name] for name in one.evidence if name in known]
        shown.append(
            {
                "id": one.id, "name": one.name, "asks": one.asks, "state": one.state,
                "told": one.told, "alone": one.alone, "sources": one.sources,
                "evidence": evidence[:24], "more": max(0, len(evidence) - 24),
            }
        )  # fmt: skip
    return shown


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    high: int
    words: str
    kind: str


def bars(rows: Sequence[Communication]) -> list[Bar]:
    """Contacts by month, each channel on the other; by year where months are too many."""
    times = [row.at for row in rows if row.at]
    if not times:
        return []
    yearly = (max(times) - min(times)).days > MOST_BARS * 30
    slots = _slots(min(times), max(times), yearly)
    counts: dict[tuple[int, ...], Counter[str]] = {}
    for row in rows:
        if row.at:
            key = (row.at.year,) if yearly else (row.at.year, row.at.month)
            counts.setdefault(key, Counter())[row.channel] += 1
    most = max(sum(one.values()) for one in counts.values())
    drawn = []
    for number, slot in enumerate(slots):
        base = 40
        for channel, many in sorted(counts.get(slot, Counter()).items()):
            high = max(2, round(38 * many / most))
            base -= high
            words = (
                f"{'-'.join(f'{part:02d}' for part in slot)}: {plural(many, 'contact')} ({channel})"
            )
            drawn.append(Bar(number * SIDE, max(0, base), high, words, channel))
    return drawn


def _slots(first: datetime, last: datetime, yearly: bool) -> list[tuple[int, ...]]:
    if yearly:
        return [(year,) for year in range(first.year, last.year + 1)][-200:]
    found: list[tuple[int, ...]] = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append((year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
