"""Whoever is shut out of the house takes nothing along: phones empty, keys dead."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, system_read

from ..models import DuressKey, Phone
from . import phones


@transaction.atomic
@system_read("a person who is shut out is shut out everywhere")
def on_shut_out(*, user: User, actor: Actor, **_: Any) -> None:
    """Each phone loses its key now and empties itself at its next word with the house."""
    for phone in Phone.objects.select_for_update().filter(person=user, wiped_at=None):
        phones.wipe(actor=actor, phone=phone)
    DuressKey.objects.filter(person=user, revoked_at=None).update(revoked_at=now())
