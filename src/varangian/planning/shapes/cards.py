"""How contingency cards look in the API and in ``--json``."""

from typing import Any

from ..models import CardVersion, Rehearsal
from ..queries.cards import Shown


def card_shape(row: Shown) -> dict[str, Any]:
    version = row.version
    return {
        "id": str(row.card.pk),
        "card": row.card.library_id,
        "title": row.card.title,
        "state": row.state,
        "version": version.number,
        "newest": row.card.version,
        "in_force": row.card.in_force,
        "trigger": version.content["trigger"],
        "drill": version.content["drill"],
        "call": version.content["call"],
        "code_word": {"slot": row.card.code_word, "word": row.word, "meaning": row.meaning},
        "fall_back": version.content["fall_back"],
        "place": version.place.name if version.place else None,
        "do_not": version.content["do_not"],
        "gaps": row.gaps,
        "stale": row.stale,
        "rehearsed_at": row.rehearsal.held_at if row.rehearsal else None,
    }


def version_shape(row: CardVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "why": row.why,
        "by": str(row.by) if row.by else None,
        "at": row.at,
        "place": row.place.name if row.place else None,
        **row.content,
    }


def rehearsal_shape(row: Rehearsal) -> dict[str, Any]:
    return {
        "card": row.card.title,
        "version": row.version,
        "held_at": row.held_at,
        "minutes": row.minutes,
        "people": row.people,
        "findings": row.findings,
        "by": str(row.by),
    }
