"""How an imported itinerary looks in the API and in ``--json``."""

from typing import Any

from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import Actor

from ..itineraries.reading import ReadFile, words_of
from ..models import ItineraryDraft, RefusedFile
from ..services.imports import Intake


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
        "parts": draft.parts or [],
        "diff": draft.diff,
    }


def parsed_shape(reads: list[ReadFile]) -> dict[str, Any]:
    """A file that was only read. Each leg says of which journey it is."""
    legs = [
        {**leg, "journey": journey} for journey, read in enumerate(reads, 1) for leg in read.legs
    ]
    parts = [part for read in reads for part in read.parts]
    return {
        "kind": words_of(parts),
        "name": next((read.name for read in reads if read.name), ""),
        "journeys": len(reads),
        "legs": [{**leg, "number": number} for number, leg in enumerate(legs, start=1)],
        "unlocated": unlocated(legs),
        "problems": [problem for read in reads for problem in read.problems],
        "parts": parts,
    }


def intake_shape(taken: Intake) -> dict[str, Any]:
    """The first draft, the others that the file gave, and what could not be read."""
    drafts = [draft_shape(draft) for draft in taken.drafts]
    refused = refused_shape(taken.refused) if taken.refused else None
    return {**(drafts[0] if drafts else {}), "others": drafts[1:], "refused": refused}


def refused_shape(refused: RefusedFile) -> dict[str, Any]:
    said = refused.reason or {}
    return {
        "id": str(refused.pk),
        "principal": refused.principal.slug,
        "operation": refused.operation.slug if refused.operation else None,
        "name": refused.original.name,
        "bytes": refused.original.size,
        "digest": refused.original.blob,
        "what": said.get("what", "erased"),
        "mend": said.get("mend", ""),
        "problems": refused.problems or [],
        "imported_at": refused.imported_at,
        "put_away_at": refused.put_away_at,
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
