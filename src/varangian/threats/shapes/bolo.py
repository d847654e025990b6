"""How BOLO cards look in the API, in ``--json``, on paper and on phones."""

from typing import Any

from ..library.bolo import bolo
from ..models import BoloCard, BoloReview, BoloSighting


def features(card: BoloCard) -> list[dict[str, str]]:
    """In the order of the library; what nobody described is left out."""
    known = bolo().kind(card.kind).features
    words = card.features
    return [{"title": one.title, "text": words[one.id]} for one in known if words.get(one.id)]


def drill(card: BoloCard) -> dict[str, Any]:
    found = bolo().drill(card.drill)
    extra = [card.on_sight] if card.on_sight else []
    return {"title": found.title, "do": [*found.do, *extra], "never": found.never}


def card_shape(card: BoloCard) -> dict[str, Any]:
    """What whoever looks out needs."""
    return {
        "id": str(card.pk),
        "serial": card.label,
        "operation": card.operation.slug,
        "wide": card.wide,
        "kind": card.kind,
        "state": card.shown_state,
        "title": card.title,
        "why": card.why,
        "features": features(card),
        "last_place": card.last_place,
        "last_seen_at": card.last_seen_at,
        "drill": drill(card),
        "tell": card.tell,
        "issued_at": card.issued_at,
        "expires_at": card.expires_at,
    }


def file_shape(card: BoloCard) -> dict[str, Any]:
    """The same with why it may exist, and who answers for it."""
    return card_shape(card) | {
        "version": card.version,
        "legal_basis": card.legal_basis,
        "purpose": card.purpose,
        "proportionality": card.proportionality,
        "reviewer": str(card.reviewer),
        "review_due": card.review_due,
        "reviewed_at": card.reviewed_at,
        "drawn_by": _name(card.drawn_by),
        "issued_by": _name(card.issued_by),
        "recalled_by": _name(card.recalled_by),
        "recalled_at": card.recalled_at,
        "recall_reason": card.recall_reason,
        "replaces": str(card.replaces_id) if card.replaces_id else None,
    }


def sighting_shape(sighting: BoloSighting) -> dict[str, Any]:
    return {
        "id": str(sighting.pk),
        "card": sighting.card.label,
        "state": sighting.state,
        "at": sighting.at,
        "by": _name(sighting.by),
        "words": sighting.words,
        "position": sighting.position,
        "report": str(sighting.report) if sighting.report else None,
        "decided_by": _name(sighting.decided_by),
        "decided_at": sighting.decided_at,
        "reason": sighting.reason,
    }


def review_shape(review: BoloReview) -> dict[str, Any]:
    shown = {"by": str(review.by), "at": review.at, "stands": review.stands}
    return shown | {"words": review.words}


def _name(user: Any) -> str | None:
    return str(user) if user else None
