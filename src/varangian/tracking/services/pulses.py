"""Heartbeats: a button that cannot be heard any more is found out before it is needed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from varangian.kernel.clock import age_words, now
from varangian.platform.access.scope import SYSTEM, system_read

from ..events import device_heard, device_silent
from ..models import Device, Pulse
from .devices import tell
from .watching import SECOND

SILENT_PERIODS = 2
SUPERVISED = (Device.Kind.BUTTON,)
"""Watched from their enrolment on; other things from the first time they are heard."""


@transaction.atomic
@system_read("whatever is heard is alive, whoever may see it")
def beat(heard: Mapping[UUID, float | None]) -> None:
    """Devices that were heard just now, and the battery of those that told it."""
    present = now()
    devices = Device.objects.filter(pk__in=heard).select_related("operation", "person")
    for device in devices.order_by("pk"):
        pulse, _ = Pulse.objects.get_or_create(
            device=device,
            defaults={"compartment_id": device.compartment_id, "heard_at": present},
        )
        silent, battery = pulse.silent_since, heard[device.pk]
        pulse.heard_at, pulse.silent_since = present, None
        pulse.battery = pulse.battery if battery is None else battery
        pulse.save(update_fields=["heard_at", "silent_since", "battery"])
        if silent is not None:
            _back(device, silent)


def _back(device: Device, since: datetime) -> None:
    device_heard.send(sender=Device, device_id=device.pk, operation=device.operation)
    tell(device, "heard", f"{device.label} is heard again, after {age_words(since, now())}", SYSTEM)


@system_read("silence is noticed by the house")
def watch_pulses() -> int:
    """The tick: told once, two periods after the last word; returns how many are new."""
    _begin()
    present = now()
    silent = Pulse.objects.filter(
        silent_since=None,
        heard_at__lt=present - F("device__period_s") * SILENT_PERIODS * SECOND,
        device__revoked_at=None,
        device__operation__state="active",
    )
    found = list(silent.select_related("device", "device__person", "device__operation")[:500])
    for pulse in found:
        _silent(pulse, present)
    return len(found)


@system_read("a button that was never heard is silent too")
def _begin() -> None:
    missing = Device.objects.filter(
        kind__in=SUPERVISED, pulse=None, revoked_at=None, operation__state="active"
    )
    for device in missing:
        Pulse.objects.get_or_create(
            device=device,
            defaults={"compartment_id": device.compartment_id, "heard_at": device.enrolled_at},
        )


@transaction.atomic
@system_read("silence is noticed by the house")
def _silent(pulse: Pulse, present: datetime) -> None:
    device = pulse.device
    Pulse.objects.filter(pk=pulse.pk).update(silent_since=pulse.heard_at)
    device_silent.send(
        sender=Device,
        device_id=device.pk,
        person=device.person,
        operation=device.operation,
        since=pulse.heard_at,
    )
    words = age_words(pulse.heard_at, present)
    tell(device, "silent", f"{device.label} is silent: not heard for {words}", SYSTEM)
