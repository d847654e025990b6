"""How this node stands with its hub: kept in its row, told to open screens when it turns."""

from datetime import timedelta

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read
from varangian.platform.live.services import publish

from ..models import Uplink

NOTE_EVERY = timedelta(seconds=10)


@system_read("the sender of the house asks which hubs it has")
def held() -> list[Uplink]:
    """With their tokens opened, for a loop that may not ask the database."""
    found = Uplink.objects.select_related("operation").filter(left_at=None)
    return [uplink for uplink in found if uplink.token]


@system_read("the sender of the house asks whether it has left")
def still_joined(uplink: Uplink) -> bool:
    return Uplink.objects.filter(pk=uplink.pk, left_at=None, token__isnull=False).exists()


@system_read("the sender of the house notes that the hub answered")
def reached(uplink: Uplink) -> None:
    present = now()
    if uplink.failing or not uplink.contact_at or present - uplink.contact_at > NOTE_EVERY:
        turned = bool(uplink.failing)
        uplink.contact_at, uplink.failing = present, ""
        Uplink.objects.filter(pk=uplink.pk).update(contact_at=present, failing="")
        _tell(uplink, turned)


@system_read("the sender of the house notes that the hub did not answer")
def missed(uplink: Uplink, why: str) -> None:
    why = why[:200] or "no answer"
    if uplink.failing != why:
        turned = not uplink.failing
        uplink.failing = why
        Uplink.objects.filter(pk=uplink.pk).update(failing=why)
        _tell(uplink, turned)


def _tell(uplink: Uplink, turned: bool) -> None:
    if turned:
        publish(topic="nodes", compartment_id=uplink.operation.compartment_id)
