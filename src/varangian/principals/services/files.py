"""Open a file, change it, verify it, put it away."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.ids import slugify
from varangian.kernel.results import Refused
from varangian.platform.access.queries import compartment
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.crypto import keys
from varangian.platform.database.slugs import save_under_free_slug

from .. import rules
from ..models import Principal
from .common import NAMED, State, held, keep, tell

REVIEW_AFTER = timedelta(days=180)


@transaction.atomic
def create_principal(
    *, actor: Actor, compartment_id: UUID, code_name: str, slug: str = "", **texts: str
) -> Principal:
    """``compartment_id`` is the engagement's. Everything said about the person is sealed."""
    require(actor, "principal.change", compartment_id)
    if compartment(actor, compartment_id).parent_id is not None:
        raise Refused("A principal belongs to an engagement, not to one of its operations")
    code_name = rules.checked_code_name(code_name)
    texts = rules.checked_texts(texts)
    rules.check_discreet(texts.get("name", ""), code_name, slug)
    principal = Principal(
        key=keys.create(), compartment_id=compartment_id, code_name=code_name, **texts
    )
    save_under_free_slug(principal, slugify(slug or code_name, "principal"), exact=bool(slug))
    tell(principal, "opened", "file opened", actor)
    return principal


@transaction.atomic
def change_principal(
    *, actor: Actor, principal: Principal, code_name: str | None = None, **texts: str
) -> Principal:
    """What was verified and then changed waits for a person to verify it again."""
    require(actor, "principal.change", principal.compartment_id)
    principal = held(actor, principal)
    texts = rules.checked_texts(texts)
    differing = [name for name, value in texts.items() if getattr(principal, name) != value]
    for name in differing:
        setattr(principal, name, texts[name])
    if code_name is not None and rules.checked_code_name(code_name) != principal.code_name:
        principal.code_name = rules.checked_code_name(code_name)
        differing.append("code_name")
    rules.check_discreet(principal.name, principal.code_name)
    return keep(principal, differing, actor)


@transaction.atomic
def set_medical(*, actor: Actor, principal: Principal, **card: str) -> Principal:
    """Lines that are not given stay; an empty line is removed. The card counts as checked now."""
    require(actor, "principal.change", principal.compartment_id)
    principal = held(actor, principal)
    whole = {**principal.medical, **rules.checked_medical(card)}
    whole = {name: value for name, value in whole.items() if value}
    differs, principal.medical = whole != principal.medical, whole
    principal.medical_checked_at = now()
    principal.save(update_fields=["medical_checked_at"])
    return keep(principal, ["medical"] if differs else [], actor)


@transaction.atomic
def verify_principal(
    *, actor: Actor, principal: Principal, review_due: date | None = None
) -> Principal:
    """A named person has checked the file against its sources."""
    require(actor, "principal.change", principal.compartment_id)
    if actor.is_system:
        raise Refused("Only a named person can verify a file", mend=NAMED)
    principal = held(actor, principal)
    review_due = review_due or (now() + REVIEW_AFTER).date()
    if review_due <= now().date():
        raise Refused("The next review lies in the past", where=str(review_due))
    principal.state, principal.review_due = State.VERIFIED, review_due
    principal.verified_at, principal.verified_by = now(), actor
    principal.save(update_fields=["state", "review_due", "verified_at", "verified_by"])
    tell(principal, "verified", f"file verified by {actor.name}", actor)
    return principal


@transaction.atomic
def archive_principal(*, actor: Actor, principal: Principal) -> Principal:
    require(actor, "principal.change", principal.compartment_id)
    principal = held(actor, principal)
    principal.state, principal.updated_at = State.ARCHIVED, now()
    principal.save(update_fields=["state", "updated_at"])
    tell(principal, "archived", "file archived", actor)
    return principal


@system_read("the nightly job looks at every file, for nobody's eyes")
def mark_reviews_due(*, today: date) -> int:
    """Verified files whose review date has come; returns how many."""
    due = Principal.objects.filter(state=State.VERIFIED, review_due__lte=today)
    for principal in due:
        principal.state = State.REVIEW_DUE
        principal.save(update_fields=["state"])
        tell(principal, "review_due", "review due", SYSTEM)
    return len(due)
