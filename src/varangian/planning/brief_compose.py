"""Pure: what is on record becomes the items of a brief, each with its age and who may see it.

Nothing is weighed or added up here. What no record tells is an item of its own that says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from varangian.kernel.words import plural
from varangian.threats.library import grading, levels

from .compose.material import joined
from .compose.situation import programme_words
from .compose.timings import WORDS, moments
from .library import brief_library

NEEDS = {
    "programme": "movement.view",
    "threat": "threat.view",
    "signals": "signal.view",
    "reports": "bolo_file.view",
    "bolo": "bolo.view",
    "readiness": "readiness.view",
    "destination": "dossier.view",
    "hazards": "dossier.view",
    "care": "place.view",
    "weather": "signal.view",
}
"""Which right opens a section: a wall that no file of a customer takes down."""
MARKED_RED = "threat.change"
"""A threat that is marked red stays with those who assess threats, as in the order."""
MOST = 12
Node = tuple[str, UUID]


@dataclass(frozen=True)
class Item:
    section: str
    title: str
    text: str = ""
    needs: str = ""
    circle: UUID | None = None
    record: Node | None = None
    also: tuple[Node, ...] = ()
    source: str = ""
    grade: str = ""
    scale: str = ""
    at: datetime | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Touch:
    """A running signal and the leg that it meets."""

    signal: Any
    movement: UUID
    words: str


@dataclass(frozen=True)
class Goal:
    """A destination as the dossier has it."""

    destination: Any
    place: str
    standing: Any
    score: Any
    said: tuple[Any, ...]
    hazards: tuple[Any, ...]


@dataclass(frozen=True)
class Found:
    """All that a brief is made of, read once with the rights of its author."""

    operation: Any
    at: datetime
    since: datetime | None = None
    legs: tuple[Any, ...] = ()
    undated: tuple[Any, ...] = ()
    """Legs without a start: nobody can tell whether they belong to the day."""
    assessment: Any = None
    threats: tuple[Any, ...] = ()
    touches: tuple[Touch, ...] = ()
    sightings: tuple[Any, ...] = ()
    bolos: tuple[Any, ...] = ()
    lights: tuple[Any, ...] = ()
    marks: tuple[tuple[str, str, int, datetime], ...] = ()
    """Stale records by what they are and why, how many, since when."""
    goals: tuple[Goal, ...] = ()
    care: tuple[tuple[Any, float | None], ...] = ()
    """Places of help with their distance in km from where the legs lead."""


def compose(found: Found) -> list[Item]:
    """Every section in printed order; an empty one is one item that says what is not known."""
    items: list[Item] = []
    for rule in brief_library().sections:
        rows = list(SECTIONS[rule.id](found))
        if not rows:
            rows = [Item(rule.id, rule.when_empty, unknown=rule.id not in CALM)]
        items += [_whole(row, found) for row in rows]
    return items


CALM = ("readiness", "bolo", "reports")
"""Sections in which nothing means none: everything of the kind is on record here."""


def _whole(row: Item, found: Found) -> Item:
    needs, circle = row.needs or NEEDS[row.section], row.circle or found.operation.compartment_id
    return Item(**{**vars(row), "needs": needs, "circle": circle})


def _programme(found: Found) -> Iterable[Item]:
    for leg in found.legs:
        yield Item(
            "programme",
            f"Leg {leg.serial}: {leg.title}",
            joined([programme_words(leg), _timings(leg, found.operation.threat_level)]),
            record=("movement", leg.pk),
            also=tuple(("place", pk) for pk in (leg.origin_id, leg.destination_id) if pk),
            source=f"Programme, {leg.get_state_display().lower()}",
            at=leg.updated_at,
        )
    for leg in found.undated:
        yield Item(
            "programme",
            f"Leg {leg.serial}: {leg.title}",
            "No start is known. It may belong to this time.",
            record=("movement", leg.pk),
            source="Programme",
            at=leg.updated_at,
            unknown=True,
        )


def _timings(leg: Any, level: str) -> str:
    zone = ZoneInfo(leg.zone)
    told = [f"{WORDS[k]} {at.astimezone(zone):%H:%M}" for k, at in moments(leg, level).items()]
    return f"Timings: {', '.join(told)}" if told else ""


def _threat(found: Found) -> Iterable[Item]:
    if found.assessment is not None:
        yield _level(found)
    changed = [row for row in found.threats if _new(row, found)]
    for row in changed:
        yield _source(row)
    same = [row for row in found.threats if row not in changed]
    if same:
        names = ", ".join(row.label for row in same)
        yield Item(
            "threat",
            f"{plural(len(same), 'threat')} unchanged since the last brief: {names}",
            also=tuple(("threat", row.pk) for row in same),
            source="Threat register",
            at=min(row.assessed_at for row in same),
        )


def _level(found: Found) -> Item:
    made, level = found.assessment, levels().get(found.assessment.level)
    over = "Its time is over: assess again" if made.expired else ""
    new = "New since the last brief" if found.since and made.assessed_at > found.since else ""
    meaning = {row.id: row.meaning for row in grading().confidence}.get(made.confidence, "")
    return Item(
        "threat",
        f"Threat level {level.title.lower()}",
        joined([new, over, made.summary, f"Confidence {made.confidence}: {meaning}"]),
        record=("assessment", made.pk),
        source=f"Assessed by {made.assessed_by or 'nobody named'}",
        at=made.assessed_at,
    )


def _new(row: Any, found: Found) -> bool:
    """Without a brief before it everything is new; what has run out is told each time."""
    return found.since is None or row.updated_at > found.since or row.expired


def _source(row: Any) -> Item:
    words = (
        f"Intent {row.get_intent_display().lower()}, capability "
        f"{row.get_capability_display().lower()}, "
        f"opportunity {row.get_opportunity_display().lower()}"
    )
    over = "Its time is over: assess again" if row.expired else ""
    return Item(
        "threat",
        f"{row.label} {row.title}",
        joined([over, words, row.history, row.evidence, f"Confidence {row.confidence}"]),
        needs=MARKED_RED if row.handling == "red" else "",
        record=("threat", row.pk),
        source=f"{row.get_state_display()}, assessed by {row.assessed_by or 'nobody named'}",
        grade=f"{row.source_grade}{row.information_grade}",
        scale=row.scale,
        at=row.assessed_at,
    )


def _touching(section: str, weather: bool) -> Callable[[Found], Iterable[Item]]:
    def rows(found: Found) -> Iterable[Item]:
        by_signal: dict[UUID, list[Touch]] = {}
        for touch in found.touches:
            if (touch.signal.kind == "weather") == weather:
                by_signal.setdefault(touch.signal.pk, []).append(touch)
        for touches in list(by_signal.values())[:MOST]:
            yield _signal(section, touches)

    return rows


def _signal(section: str, touches: list[Touch]) -> Item:
    signal = touches[0].signal
    where = "; ".join(touch.words for touch in touches)
    word = f"Severity {signal.severity}" if signal.severity else "Severity not given"
    ends = "" if signal.expires else "The source gives no end"
    return Item(
        section,
        signal.title,
        joined([f"Touches {where}", word, ends, signal.summary[:400], signal.instruction[:300]]),
        record=("signal", signal.pk),
        also=tuple(("movement", touch.movement) for touch in touches),
        source=signal.source,
        at=signal.updated_at or signal.received_at,
    )


def _reports(found: Found) -> Iterable[Item]:
    for row in found.sightings[:MOST]:
        yield Item(
            "reports",
            f"Sighting of {row.card.label}, {row.get_state_display().lower()}",
            joined([row.words or "No words given", row.reason or ""]),
            circle=row.compartment_id,
            also=(("bolo", row.card_id),),
            source=f"Reported by {row.by or 'nobody named'}",
            at=row.at,
            unknown=row.state == "candidate",
        )


def _bolo(found: Found) -> Iterable[Item]:
    zone = ZoneInfo(found.operation.time_zone)
    for card in found.bolos[:MOST]:
        until = f"Until {card.expires_at.astimezone(zone):%a %d %b %H:%M %Z}"
        last = card.last_place or "place not known"
        yield Item(
            "bolo",
            f"{card.label} {card.title}",
            joined([card.why, f"Last seen: {last}", until]),
            circle=card.compartment_id,
            record=("bolo", card.pk),
            source=card.get_kind_display(),
            at=card.issued_at,
        )


def _readiness(found: Found) -> Iterable[Item]:
    for row in found.lights:
        yield Item(
            "readiness",
            f"{row.artefact.title}: {row.state}",
            joined([row.why, row.do]),
            source="Readiness policy",
            at=row.at,
            unknown=row.state == "unknown",
        )
    for words, reason, many, since in found.marks[:MOST]:
        title = f"Stale: {words}" if many == 1 else f"Stale: {words}, {many} of them"
        yield Item("readiness", title, reason, needs="stale.clear", source="Thread", at=since)


def _destination(found: Found) -> Iterable[Item]:
    for goal in found.goals:
        row = goal.destination
        reasons = "; ".join(goal.standing.reasons)
        yield Item(
            "destination",
            f"{row.label} {goal.place}: dossier {goal.standing.words}",
            joined([reasons, f"Level of advisories {goal.score.words}", *goal.score.gaps]),
            circle=row.compartment_id,
            record=("destination", row.pk),
            source="Destination dossier",
            at=goal.standing.approval.at if goal.standing.approval else None,
            unknown=goal.score.level is None,
        )
        for said in goal.said[:MOST]:
            whole = "the country" if said.scope == "whole" else "parts of it"
            yield Item(
                "destination",
                f"{said.authority} on {whole}",
                joined([said.words, "" if said.recent(found.at) else "Not read anew lately"]),
                circle=row.compartment_id,
                source=said.authority,
                at=said.retrieved_at,
            )


def _hazards(found: Found) -> Iterable[Item]:
    for goal in found.goals:
        for near in goal.hazards[:MOST]:
            yield Item(
                "hazards",
                near.row.title,
                joined([near.why, f"Level {near.words}", near.row.area]),
                circle=goal.destination.compartment_id,
                source=near.row.source,
                at=near.row.published or near.row.retrieved_at,
            )


def _care(found: Found) -> Iterable[Item]:
    for place, km in found.care[:MOST]:
        far = f"{km:.1f} km in a straight line" if km is not None else "Distance not known"
        phone = f"Telephone {place.phone}" if place.phone else "No telephone on record"
        checked = "" if place.checked_at else "Nobody has checked it"
        yield Item(
            "care",
            f"{place.name} ({place.get_kind_display().lower()})",
            joined([far, place.address, phone, checked]),
            circle=place.compartment_id,
            record=("place", place.pk),
            source="The team's map",
            at=place.checked_at,
            unknown=not place.checked_at,
        )


SECTIONS: dict[str, Callable[[Found], Iterable[Item]]] = {
    "programme": _programme,
    "threat": _threat,
    "signals": _touching("signals", weather=False),
    "reports": _reports,
    "bolo": _bolo,
    "readiness": _readiness,
    "destination": _destination,
    "hazards": _hazards,
    "care": _care,
    "weather": _touching("weather", weather=True),
}
