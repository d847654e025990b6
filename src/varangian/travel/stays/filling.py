"""Answers that the survey of a place gives by itself. A fact that is old or disputed gives none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .library import NO, YES, FromSurvey, Item, StayLibrary, Veto
from .rating import Answer


@dataclass(frozen=True)
class Surveyed:
    """One fact of a survey. ``good``: known, in date and undisputed."""

    words: str
    raw: Any
    absent: bool
    good: bool
    state: str
    """fresh, due soon, expired, never checked or disputed."""


def from_survey(library: StayLibrary, facts: Mapping[str, Surveyed]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for one in (*library.vetoes, *library.items):
        fact = facts.get(one.survey.fact) if one.survey else None
        if fact is None or one.survey is None or not fact.good:
            continue
        value = _veto(one, fact) if isinstance(one, Veto) else _item(one, one.survey, fact)
        if value:
            found[one.id] = Answer(value, "survey", fact.words)
    return found


def _veto(veto: Veto, fact: Surveyed) -> str:
    if fact.absent:
        return veto.survey.absent if veto.survey else ""
    if veto.above is None and veto.below is None:
        return ""
    number = _number(fact.raw)
    if number is None:
        return ""
    beyond = veto.above is not None and number > veto.above
    under = veto.below is not None and number < veto.below
    return YES if beyond or under else NO


def _item(item: Item, survey: FromSurvey, fact: Surveyed) -> str:
    if fact.absent:
        return survey.absent
    if survey.choices:
        return survey.choices.get(str(fact.raw), "")
    number = _number(fact.raw)
    if number is None:
        return ""
    if survey.bands:
        rows = (band.level for band in survey.bands if band.least <= number <= band.most)
        return next(rows, "")
    return f"{number:g}" if item.good is not None else ""


def _number(raw: Any) -> float | None:
    return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None
