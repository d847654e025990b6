"""How an imported itinerary looks in the API and in ``--json``."""

from typing import Any

from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import Actor

from .models import ItineraryDraft


def draft_shape(draft: ItineraryDraft) -> dict[str, Any]:
    legs = draft.legs
    return {
        "id": str(draft.pk),
        "operation": draft.operation.slug,
        "operation_state": draft.operation.state,
        "version": draft.version,
        "state": draft.state,
        "imported_at": draft.imported_at,
        "legs": [{**leg, "number": number} for number, leg in enumerate(legs, start=1)],
        "unlocated": unlocated(legs),
        "problems": draft.problems,
        "diff": draft.diff,
    }


def unlocated(legs: list[dict[str, Any]]) -> list[str]:
    """Names of places that wait to be put on the map."""
    ends = [leg[side] for leg in legs for side in ("origin", "destination") if leg[side]]
    known = {place["name"] for place in ends if place["position"]}
    return list(dict.fromkeys(end["name"] for end in ends if end["name"] not in known))


def still_unlocated(actor: Actor, draft: ItineraryDraft) -> list[str]:
    """The same without those that a person has put on the map since the draft was accepted."""
    rows = operation_queries.movements(actor, draft.operation)
    ends = [place for row in rows for place in (row.origin, row.destination)]
    located = [place for place in ends if place and place.located]
    known = {text for place in located for text in (place.name, place.source_text)}
    return [name for name in unlocated(draft.legs) if name not in known]


def affected_posts(actor: Actor, draft: ItineraryDraft) -> dict[str, list[str]]:
    """Posts whose legs change, by movement id: those who must hear of it."""
    touched = [row["movement"] for side in ("changed", "removed") for row in draft.diff[side]]
    rows = operation_queries.movements(actor, draft.operation).filter(pk__in=touched)
    found = operation_queries.posts_by_leg(actor, draft.operation, [row.pk for row in rows])
    return {str(leg): [post.title for post in posts] for leg, posts in found.items()}
