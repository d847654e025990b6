"""Whoever is shut out of the house carries nothing any more that the house believes."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, system_read

from ..models import Device, TakCertificate, TakInvitation
from .devices import tell


@transaction.atomic
@system_read("a person who is shut out leaves every operation, also those their leader cannot see")
def on_shut_out(*, user: User, actor: Actor, **_: Any) -> None:
    """Tokens of their devices, their TAK certificates and invitations; the tracks stay."""
    present = now()
    carried = Device.objects.select_for_update(of=("self",)).filter(person=user, revoked_at=None)
    devices = list(carried.select_related("operation", "person"))
    for device in devices:
        device.revoked_at = present
        device.save(update_fields=["revoked_at"])
        tell(device, "revoked", f"Device withdrawn with its person: {device.label}", actor)
    theirs = {"device__person": user}
    TakCertificate.objects.filter(revoked_at=None, **theirs).update(revoked_at=present)
    TakInvitation.objects.filter(expires_at__gt=present, **theirs).update(expires_at=present)
