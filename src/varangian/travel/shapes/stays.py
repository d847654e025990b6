"""The choice of a house as pages, the API and the command line say it."""

from typing import Any

from ..models import StayChoice
from ..stays.library import Item
from ..stays.rating import STANDING_WORDS, Rated
from ..stays.sensitivity import Moved


def choice_row(row: StayChoice) -> dict[str, Any]:
    houses = row.content.get("candidates", [])
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "houses": [one["name"] for one in houses],
        "chosen": next((one["name"] for one in houses if one["key"] == row.chosen), ""),
        "reason": row.reason,
        "decided_by": str(row.decided_by) if row.decided_by else None,
        "decided_at": row.decided_at,
        "made_by": str(row.made_by) if row.made_by else None,
        "made_at": row.made_at,
    }


def choice_shape(table: Any) -> dict[str, Any]:
    """A decided one is as it was then."""
    row = table.choice
    frozen = row.state == StayChoice.State.DECIDED and row.payload
    return {**choice_row(row), **(row.payload if frozen else matrix_shape(table))}


def matrix_shape(table: Any) -> dict[str, Any]:
    """Of a ``queries.stays.Matrix``."""
    library = table.library
    return {
        "library": {"version": library.version, "reviewed": library.reviewed.isoformat()},
        "wishes": [vars(wish) for wish in table.wishes],
        "vetoes": [_line(one, library) for one in library.vetoes],
        "items": [
            {**_line(one, library), "weight": table.weights[one.id], "measure": measure(one)}
            for one in library.items
        ],
        "rows": [rated_shape(row) for row in table.rows],
        "sensitivity": [moved_shape(row) for row in table.moved],
        "rests_on": [
            {"rival": one.rival, "unknown": [*one.unknown], "to_clear": [*one.by_standing]}
            for one in table.rests
        ],
        "level": [list(pair) for pair in table.level],
    }


def _line(one: Any, library: Any) -> dict[str, Any]:
    source = library.source(one.source)
    return {"id": one.id, "title": one.title, "ask": one.ask, "why": one.why, "source": source}


def measure(one: Item) -> str:
    """How its answers are measured, in words."""
    if one.levels:
        return ", ".join(f"{level.id}: {level.title}" for level in one.levels)
    return f"{one.good:g} {one.unit} is good, {one.bad:g} {one.unit} is bad"


def rated_shape(row: Rated) -> dict[str, Any]:
    answers = row.candidate.answers
    return {
        "house": row.candidate.key,
        "name": row.candidate.name,
        "standing": row.standing,
        "words": STANDING_WORDS[row.standing],
        "out": [*row.out],
        "open": [*row.open],
        "known": round(row.low, 4),
        "at_most": round(row.high, 4),
        "unknown": row.unknown,
        "answers": {
            key: {"value": one.value, "from": one.origin, "note": one.note}
            for key, one in answers.items()
        },
    }


def moved_shape(row: Moved) -> dict[str, Any]:
    return {
        "item": row.key,
        "title": row.title,
        "weight": row.weight,
        "robust": row.robust,
        "turns_first": row.turns_first,
        "at_half": [*row.at_least],
        "at_one_and_a_half": [*row.at_most],
        "flips": [
            {"factor": round(one.factor, 4), "first": one.first, "words": one.words}
            for one in row.flips
        ],
    }
