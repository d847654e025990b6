"""Phones of the detail: the key of what they keep, and taking it back."""

import os
from base64 import b64encode
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, administrate, system_read
from varangian.platform.audit.services import note
from varangian.platform.crypto.providers import provider

from ..models import Phone

KEEPS = timedelta(hours=8)
"""How long a phone may show what it keeps without having been in touch."""


@transaction.atomic
def open_phone(*, actor: Actor, device: str, label: str = "", session: str = "") -> dict[str, Any]:
    """The secret from which this phone derives its key, the same until it is wiped or emptied."""
    _named(actor, device)
    held = _own(actor).select_for_update()
    phone, fresh = held.get_or_create(device=device, defaults={"person": actor})
    if phone.wiped_at:
        return {"wipe": True}
    if phone.secret is None:
        phone.secret = provider().wrap(os.urandom(32), _bound(phone))
        phone.emptied_at = None
        note(kind="phone opened" if fresh else "phone opened again", record=phone, actor=actor)
    phone.label, phone.session, phone.seen_at = label[:80], session, now()
    phone.save()
    plain = provider().unwrap(bytes(phone.secret), _bound(phone))
    return {"wipe": False, "secret": b64encode(plain).decode(), "until": now() + KEEPS}


@transaction.atomic
def emptied(*, actor: Actor, device: str) -> None:
    """The phone says that it has nothing left; after a wipe it may then begin anew."""
    _own(actor).filter(device=device).update(
        secret=None, emptied_at=now(), wiped_at=None, wiped_by=None
    )


@transaction.atomic
def wipe(*, actor: Actor, phone: Phone) -> Phone:
    """Take the key back, end the browser's session, and let the phone empty itself.

    Anybody for their own phones, an administrator for all of them.
    """
    if phone.person_id != actor.pk:
        administrate(actor)
    phone.secret, phone.wiped_at = None, now()
    phone.wiped_by = None if actor.is_system else actor
    SessionStore(phone.session).delete()
    phone.session = ""
    phone.save()
    note(kind="phone wiped", record=phone, actor=actor)
    return phone


@system_read("a phone that has lost its session asks by its own random name")
def to_be_wiped(device: str) -> bool:
    """Asked by the phone itself, which may have lost its session by the same order."""
    return Phone.objects.filter(device=device).exclude(wiped_at=None).exists()


@system_read("a phone belongs to a person, not to a circle")
def _own(actor: Actor) -> Any:
    return Phone.objects.filter(person=actor)


@system_read("administrators take back the keys of every phone; they see no content by it")
def phones(actor: Actor) -> Any:
    """One's own; all of them for an administrator."""
    if actor.is_system or actor.is_administrator:
        return Phone.objects.select_related("person")
    return _own(actor).select_related("person")


def phone(actor: Actor, pk: Any) -> Phone:
    found = phones(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such phone, or it is not yours", where=str(pk))
    return found


def _named(actor: Actor, device: str) -> None:
    if actor.is_system:
        raise Refused("Only a named person has a phone", mend="Use --as with a person's e-mail.")
    if not (16 <= len(device) <= 40 and device.isalnum()):
        raise Refused("This is no name of a phone", where="device")


def _bound(phone: Phone) -> bytes:
    return f"phone:{phone.pk}".encode()
