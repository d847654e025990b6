"""How persons of interest look in the API, in ``--json`` and in what is handed out."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import (
    CourtOrder,
    Person,
    PersonFact,
    PersonImage,
    PersonMerge,
    PersonStep,
    PersonTie,
)
from ..models.persons import PersonRecord
from ..queries import persons as queries
from ..queries.persons import Look, Shares


def person_row(person: Person) -> dict[str, Any]:
    """One line of a list. What is closed to reading has no name."""
    return {
        "id": str(person.pk),
        "serial": person.label,
        "engagement": person.engagement.slug,
        "principal": person.principal.slug if person.principal else None,
        "name": person.name if person.readable else None,
        "identified": person.identified if person.readable else None,
        "state": person.state,
        "state_since": person.state_since,
        "closed_to_reading": not person.readable,
        "merged_into": person.merged_into.label if person.merged_into else None,
        "reviewer": str(person.reviewer),
        "review_due": person.review_due,
        "review_late": person.review_late,
        "expires_at": person.expires_at,
    }


def person_shape(person: Person) -> dict[str, Any]:
    if not person.readable:
        return person_row(person)
    return person_row(person) | {
        "version": person.version,
        "description": person.description,
        "concern": person.concern,
        "legal_basis": person.legal_basis,
        "purpose": person.purpose,
        "proportionality": person.proportionality,
        "reviewed_at": person.reviewed_at,
        "referred_by": _name(person.referred_by),
        "referred_at": person.referred_at,
    }


def file_shape(actor: Actor, person: Person) -> dict[str, Any]:
    """The file with all its records."""
    return person_shape(person) | {
        "facts": [fact_shape(row) for row in queries.facts(actor, person)],
        "images": [image_shape(row) for row in queries.images(actor, person)],
        "ties": [tie_shape(row, person) for row in queries.ties(actor, person)],
        "court_orders": [order_shape(row) for row in queries.court_orders(actor, person)],
        "shares": [shares_shape(row) for row in queries.sharing(actor, person)],
        "folded": [row.label for row in queries.folded(actor, person)],
        "cards": [card.label for card in queries.cards(actor, person)],
    }


def fact_shape(row: PersonFact) -> dict[str, Any]:
    return _record(row) | {"kind": row.kind, "value": row.value, "description": row.description}


def image_shape(row: PersonImage) -> dict[str, Any]:
    shown = {"number": row.number, "caption": row.caption, "taken_on": row.taken_on}
    return _record(row) | shown


def tie_shape(row: PersonTie, person: Person) -> dict[str, Any]:
    other = row.other if row.person_id == person.pk else row.person
    shown = {"kind": row.kind, "with": other.label, "with_id": str(other.pk)}
    return _record(row) | shown | {"words": row.words if other.readable else ""}


def order_shape(row: CourtOrder) -> dict[str, Any]:
    return _record(row) | {
        "kind": row.kind,
        "court": row.court,
        "reference": row.reference,
        "conditions": row.conditions,
        "issued_on": row.issued_on,
        "expires_on": row.expires_on,
        "standing": row.standing,
    }


def shares_shape(row: Shares) -> dict[str, Any]:
    found = {"person": row.person.label, "id": str(row.person.pk)}
    return found | {"kind": row.kind, "value": row.value}


def step_shape(row: PersonStep) -> dict[str, Any]:
    return {
        "what": row.what,
        "before": row.before,
        "after": row.after,
        "reason": row.reason,
        "by": _name(row.by),
        "at": row.at,
    }


def merge_shape(row: PersonMerge) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kept": row.kept.label,
        "other": row.other.label,
        "reason": row.reason,
        "by": str(row.by),
        "at": row.at,
        "undone_at": row.undone_at,
    }


def look_shape(row: Look) -> dict[str, Any]:
    return {"at": row.at, "who": row.who, "what": row.what, "purpose": row.purpose}


def _record(row: PersonRecord) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "of": row.person.label,  # pyright: ignore
        "source": row.source,
        "grade": row.grade,
        "added_by": _name(row.added_by),
        "added_at": row.added_at,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_reason": row.withdrawn_reason,
    }


def _name(user: Any) -> str | None:
    return str(user) if user else None
