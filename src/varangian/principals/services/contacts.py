"""Whom to call about the principal."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require

from ..models import Contact, Principal
from .common import held, tell

TEXTS = ("name", "phone", "email", "notes")


@transaction.atomic
def add_contact(
    *, actor: Actor, principal: Principal, role: str, emergency: bool = False, **texts: str
) -> Contact:
    require(actor, "principal.change", principal.compartment_id)
    principal = held(actor, principal)
    contact = Contact(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        role=role.strip()[:60],
        emergency=emergency,
        checked_at=now(),
        **_contact_texts(texts),
    )
    _check_contact(contact)
    contact.save(force_insert=True)
    tell(principal, "contact", f"contact added ({contact.role})", actor)
    return contact


@transaction.atomic
def change_contact(*, actor: Actor, contact: Contact, **fields: Any) -> Contact:
    require(actor, "principal.change", contact.compartment_id)
    held(actor, contact.principal)
    plain = {name: fields.pop(name) for name in ("role", "emergency") if name in fields}
    for name, value in {**plain, **_contact_texts(fields)}.items():
        setattr(contact, name, value)
    _check_contact(contact)
    contact.checked_at = now()
    contact.save()
    tell(contact.principal, "contact", f"contact changed ({contact.role})", actor)
    return contact


@transaction.atomic
def remove_contact(*, actor: Actor, contact: Contact) -> None:
    require(actor, "principal.change", contact.compartment_id)
    contact.delete()
    tell(contact.principal, "contact", f"contact removed ({contact.role})", actor)


def _contact_texts(texts: dict[str, str]) -> dict[str, str]:
    unknown = set(texts) - set(TEXTS)
    if unknown:
        raise Refused("A contact has no such fields", where=", ".join(sorted(unknown)))
    return {name: value.strip() for name, value in texts.items()}


def _check_contact(contact: Contact) -> None:
    if not contact.role or not contact.name:
        raise Refused("A contact needs a role and a name", where="role, name")
    if not (contact.phone or contact.email):
        raise Refused("A contact needs a way to reach them", where="phone, email")
