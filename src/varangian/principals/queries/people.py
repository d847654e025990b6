"""Reads of principals."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import Actor, may, require, system_read, ties_in
from varangian.platform.crypto.models import SealedModel

from ..models import Contact, Principal, PrivacyWindow
from ..rules import MASKABLE, MASKED, SECTIONS, open_sections

MOST_SEARCHED = 500


def principals(
    actor: Actor, *, action: str = "principal.view", state: str = ""
) -> QuerySet[Principal]:
    found = Principal.objects.visible_to(actor, action).order_by("slug")
    return found.filter(state=state) if state else found


def principal(actor: Actor, slug: str) -> Principal:
    found = principals(actor).filter(slug=slug).first()
    if found is None:
        raise NotFound("There is no such principal, or it is not yours to see", where=slug)
    return found


def contacts(actor: Actor, principal: Principal) -> QuerySet[Contact]:
    """Nothing for those to whom the section is closed."""
    found = Contact.objects.visible_to(actor).filter(principal=principal)
    shown = found if "contacts" in sections_open(actor, principal) else found.none()
    return shown.order_by("-emergency", "role", "pk")


def contact(actor: Actor, principal: Principal, pk: UUID) -> Contact:
    found = contacts(actor, principal).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such contact, or it is not yours to see", where=str(pk))
    return found


def windows(actor: Actor, principal: Principal) -> QuerySet[PrivacyWindow]:
    found = PrivacyWindow.objects.visible_to(actor).filter(principal=principal)
    shown = found if "windows" in sections_open(actor, principal) else found.none()
    return shown.order_by("starts")


def window(actor: Actor, principal: Principal, pk: UUID) -> PrivacyWindow:
    found = windows(actor, principal).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such window, or it is not yours to see", where=str(pk))
    return found


@system_read("whether somebody is undisturbed is asked by checks, not by a person")
def private_now(principal_id: UUID) -> bool:
    """Is this a time in which only duress may reach the principal?"""
    at = now()
    return PrivacyWindow.objects.filter(
        principal_id=principal_id, starts__lte=at, ends__gt=at
    ).exists()


@system_read("what is private is left out for everybody, also for those who may not see when")
def private_spans(principal_id: UUID) -> list[tuple[datetime, datetime]]:
    """When the principal was or will be left alone; for leaving out, never for showing."""
    found = PrivacyWindow.objects.filter(principal_id=principal_id)
    return list(found.values_list("starts", "ends"))


def roles_at(actor: Actor, principal: Principal) -> set[Role]:
    """Every tie counts: somebody may lead one operation of the principal and drive in another."""
    if actor.is_system:
        return {Role.DETAIL_LEADER}
    return {tie.role for tie in ties_in(actor, principal.compartment_id)}


def sections_open(actor: Actor, principal: Principal) -> set[str]:
    return open_sections(roles_at(actor, principal))


def sections_unmaskable(actor: Actor, principal: Principal) -> list[str]:
    return [
        name for name in MASKABLE if may(actor, SECTIONS[name].unmask, principal.compartment_id)
    ]


def name_for(actor: Actor, principal: Principal) -> str:
    """The name for those who may know it, the code name for everybody else."""
    open_to_actor = "name" in sections_open(actor, principal)
    return principal.name if open_to_actor and principal.name else principal.code_name


def field_for(actor: Actor, principal: Principal, field: str) -> object:
    """What this person sees of one field, without a reason given."""
    section = next(s for s in SECTIONS.values() if field in s.fields)
    return getattr(principal, field) if section.name in sections_open(actor, principal) else MASKED


def search(actor: Actor, text: str) -> Iterator[Principal]:
    """By short name, code name, and the names that this person may read."""
    wanted = text.casefold()
    for row in principals(actor).exclude(state=Principal.State.ERASED)[:MOST_SEARCHED]:
        shown = (row.slug, row.code_name, name_for(actor, row))
        if any(wanted in words.casefold() for words in shown):
            yield row


@system_read("the principal's own side learns how much is kept about them, not what")
def stored_about(principal: Principal) -> list[tuple[str, int]]:
    """Records sealed with the principal's key, by kind: what erasing would destroy.

    Row security still applies: records in circles that the reader does not belong to are not
    counted.
    """
    found: list[tuple[str, int]] = []
    for model in apps.get_models():
        if issubclass(model, SealedModel):
            words = str(model._meta.verbose_name).capitalize()
            found.append((words, model.objects.filter(key=principal.key_id).count()))
    return sorted(pair for pair in found if pair[1])


def stored_for(actor: Actor, principal: Principal) -> list[tuple[str, int]]:
    """For those who decide about the principal's privacy."""
    require(actor, "privacy.change", principal.compartment_id)
    return stored_about(principal)
