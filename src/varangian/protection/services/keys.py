"""Keys of phones and buttons: shown once, kept as a hash, believed without a session."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.scope import Actor, may, require, system_read
from varangian.platform.access.services import digest
from varangian.platform.news.services import announce

from ..models import DuressKey

MOST = 20
SHORTEST, LONGEST = 10, 7 * 24 * 3600


@transaction.atomic
def issue_key(
    *, actor: Actor, label: str, kind: str = DuressKey.Kind.PHONE, alive_every_s: int | None = None
) -> tuple[DuressKey, str]:
    """For the person's own phone, or a button they carry. The secret is in this answer only."""
    _person(actor)
    if kind == DuressKey.Kind.PLACE:
        raise Refused("A button in a place belongs to an operation", where="kind")
    if _own(actor).count() >= MOST:
        raise Refused(f"A person has {MOST} keys at most", mend="Revoke one first.")
    return _issue(actor, label, kind, alive_every_s, person=actor)


@transaction.atomic
def issue_place_key(
    *, actor: Actor, operation: Any, label: str, alive_every_s: int | None = None
) -> tuple[DuressKey, str]:
    """For a button that is fixed in a place of this operation."""
    require(actor, "duress.handle", operation.compartment_id)
    _person(actor)
    made = _issue(
        *(actor, label, DuressKey.Kind.PLACE, alive_every_s),
        operation=operation,
    )
    announce(
        topic="duress",
        event="button",
        text=f"Duress button enrolled: {made[0].label}",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        actor=actor,
    )
    return made


def _issue(
    actor: Actor, label: str, kind: str, alive_every_s: int | None, **whose: Any
) -> tuple[DuressKey, str]:
    label = label.strip()[:80]
    if not label:
        raise Refused("A key needs a name", where="label", mend="Such as: button in the lobby.")
    if kind not in DuressKey.Kind.values:
        raise Refused("Unknown kind of key", where=kind, mend=", ".join(DuressKey.Kind.values))
    if alive_every_s is not None and not SHORTEST <= alive_every_s <= LONGEST:
        raise Refused("A button says it is there every 10 s to 7 days", where="alive_every_s")
    secret = secrets.token_urlsafe(32)
    key = DuressKey.objects.create(
        kind=kind,
        label=label,
        digest=digest(secret),
        made_by=actor,
        alive_every_s=alive_every_s,
        **whose,
    )
    return key, secret


@transaction.atomic
@system_read("keys stand outside of compartments; whose it is decides")
def revoke_key(*, actor: Actor, pk: UUID) -> None:
    found = DuressKey.objects.select_related("operation").filter(pk=pk, revoked_at=None).first()
    if found is None or not _theirs(actor, found):
        raise NotFound("There is no such key")
    found.revoked_at = now()
    found.save(update_fields=["revoked_at"])


def _theirs(actor: Actor, key: DuressKey) -> bool:
    if actor.is_system or key.person_id == actor.pk:
        return True
    operation = key.operation
    return operation is not None and may(actor, "duress.handle", operation.compartment_id)


@system_read("a button knows nothing but its secret")
def key_of(secret: str) -> DuressKey | None:
    if not secret or len(secret) > 100:
        return None
    found = DuressKey.objects.select_related("person").filter(
        digest=digest(secret), revoked_at=None
    )
    key = found.first()
    return None if key and key.person and not key.person.is_active else key


@system_read("a button that says it is there changes its own row only")
def seen(key: DuressKey) -> None:
    DuressKey.objects.filter(pk=key.pk).update(last_used_at=now(), lost_at=None)


@system_read("a person's own keys")
def _own(actor: Actor) -> Any:
    return DuressKey.objects.filter(person=actor, revoked_at=None)


def _person(actor: Actor) -> None:
    if actor.is_system or not actor.is_authenticated:
        raise Denied("A key belongs to a person", mend="Use --as with an e-mail.")
