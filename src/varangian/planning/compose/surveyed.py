"""What the advance found at the places, under the headings that need it."""

from typing import Any
from zoneinfo import ZoneInfo

from ..library import survey_lines
from .line import Line, write
from .material import Material


def surveyed(material: Material, heading: str) -> list[Line]:
    """One line for each answer that is known; both sides of a dispute, and when it was seen."""
    zone = ZoneInfo(material.operation.time_zone)
    return [
        _line(heading, view.place, fact, zone)
        for view in material.surveys
        for fact in map(view.fact, survey_lines().under(heading, view.form.id))
        if fact.standing.known
    ]


def _line(heading: str, place: Any, fact: Any, zone: ZoneInfo) -> Line:
    seen = f"{fact.standing.verified_at.astimezone(zone):%d %b %Y}"
    return write(
        heading,
        f"survey:{fact.record}",
        f"{place.name}. {fact.rule.title}: {_words(fact)} (seen {seen}).",
        reason=("survey_fact", fact.record),
    )


def _words(fact: Any) -> str:
    if not fact.standing.disputed:
        note = f"; {fact.note}" if fact.note else ""
        return f"{fact.words}{note}".rstrip(".")
    sides = " / ".join(f"{side['words']} ({side['by']})" for side in fact.claims)
    return f"DISPUTED {sides}"
