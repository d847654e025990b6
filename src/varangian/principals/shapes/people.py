"""How a principal looks in every channel: what is masked on the page is masked here."""

from typing import Any

from varangian.platform.access.scope import Actor
from varangian.platform.crypto.fields import ERASED

from .. import queries
from ..models import Contact, Principal, PrivacyWindow
from ..rules import MASKED, SECTIONS

Opened = dict[str, dict[str, Any]]
"""Fields by section, as ``services.unmask`` answers."""


def row_shape(actor: Actor, principal: Principal) -> dict[str, Any]:
    """One line of a list."""
    return {
        "slug": principal.slug,
        "code_name": principal.code_name,
        "state": principal.state,
        "name": queries.field_for(actor, principal, "name"),
        "review_due": principal.review_due,
    }


def shape(actor: Actor, principal: Principal, opened: Opened | None = None) -> dict[str, Any]:
    """The whole file; ``opened`` are the sections that were unmasked for this reading."""
    erased = principal.state == Principal.State.ERASED
    seen = queries.sections_open(actor, principal)
    fields: dict[str, Any] = {}
    for section in SECTIONS.values():
        if erased:
            fields |= dict.fromkeys(section.fields, ERASED)
        elif opened and section.name in opened:
            fields |= opened[section.name]
        elif section.name in seen:
            fields |= {name: getattr(principal, name) for name in section.fields}
        else:
            fields |= dict.fromkeys(section.fields, MASKED)
    return {
        "id": str(principal.pk),
        "compartment": str(principal.compartment_id),
        "slug": principal.slug,
        "code_name": principal.code_name,
        "state": principal.state,
        **fields,
        "medical_checked_at": principal.medical_checked_at,
        "verified_at": principal.verified_at,
        "review_due": principal.review_due,
        "contacts": _listed(queries.contacts(actor, principal), contact_shape, "contacts", seen),
        "windows": _listed(queries.windows(actor, principal), window_shape, "windows", seen),
    }


def _listed(rows: Any, shape_of: Any, section: str, seen: set[str]) -> Any:
    return [shape_of(row) for row in rows] if section in seen else MASKED


def contact_shape(contact: Contact) -> dict[str, Any]:
    return {
        "id": str(contact.pk),
        "role": contact.role,
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "notes": contact.notes,
        "emergency": contact.emergency,
        "checked_at": contact.checked_at,
    }


def window_shape(window: PrivacyWindow) -> dict[str, Any]:
    return {
        "id": str(window.pk),
        "starts": window.starts,
        "ends": window.ends,
        "rule": window.rule,
        "agreed_with": window.agreed_with,
    }
