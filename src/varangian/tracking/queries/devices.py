"""Which devices there are, what each says, and what of it was not believed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import Device, Refusal
from ..rules import REASONS


def devices(actor: Actor, operation: Any = None) -> QuerySet[Device]:
    """Those in use first."""
    found = Device.objects.visible_to(actor).select_related("person", "operation", "last", "pulse")
    found = found if operation is None else found.filter(operation=operation)
    return found.order_by("revoked_at", "label", "pk")


def device(actor: Actor, pk: UUID) -> Device:
    found = devices(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such device, or it is not yours to see", where=str(pk))
    return found


def own_devices(actor: Actor) -> QuerySet[Device]:
    return devices(actor).filter(person_id=actor.pk, revoked_at=None)


def refusals(actor: Actor, device: Device, most: int = 20) -> list[dict[str, Any]]:
    """Newest first, each with its reason in words."""
    found = Refusal.objects.visible_to(actor).filter(device=device)[:most]
    return [{"row": row, "words": REASONS.get(row.reason, row.reason)} for row in found]


def state_of(device: Device) -> tuple[str, str]:
    """A tone and a word. Silent for three periods is lost, which is never green."""
    last = getattr(device, "last", None)
    if device.revoked_at is not None:
        return "grey", "withdrawn"
    if device.expires_at is not None and device.expires_at <= now():
        return "red", "expired"
    if last is None:
        return _by_its_pulse(device)
    silent = (now() - last.at).total_seconds()
    if silent <= device.lost_after_s:
        return "green", "live"
    if device.share == Device.Share.OFF:
        return "grey", "sharing off"
    return "red", "lost"


def _by_its_pulse(device: Device) -> tuple[str, str]:
    """Of a button or a gateway, which has no place of its own to tell."""
    pulse = getattr(device, "pulse", None)
    if pulse is None:
        return "grey", "never heard"
    return ("red", "silent") if pulse.silent_since else ("green", "heard")
