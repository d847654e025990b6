"""A device that has fallen silent is an alert: a panic button, a tracker, the gateway itself."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from varangian.alerts import queries as alerts
from varangian.alerts.services import raise_alert, supersede
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.tracking.models import Device

SOURCE = "device"
BUTTON = "A press of it might not be heard."
OTHER = "Where it is, and how its person is, is not known."
SPEAKS = Q(last=None) | Q(last__silent_since=None)
BEATS = Q(pulse=None) | Q(pulse__silent_since=None)


@system_read("the house raises what it noticed itself")
def on_silent(*, device_id: UUID, operation: Any, person: Any, since: Any, **_: Any) -> None:
    """Devices of one kind that fall silent in the same minute are one group: the net is gone."""
    device = Device.objects.get(pk=device_id)
    whose = f" of {person}" if person else ""
    why = BUTTON if device.kind == Device.Kind.BUTTON else OTHER
    raise_alert(
        operation=operation,
        title=f"Device silent: {device.label}{whose}",
        source=SOURCE,
        dedupe=f"device {device_id}",
        urgency="attention",
        about=device_id,
        place=device.kind,
        body=f"Last heard at {since:%H:%M:%S} UTC. {why}",
        action="Look at its battery and its network; ask its person over another way.",
    )


@system_read("an alert falls when its device is heard again or was withdrawn")
def settle() -> int:
    """The tick; returns how many fell."""
    asked = alerts.alerts(SYSTEM, view="standing").filter(source=SOURCE).values("about")
    well = Device.objects.filter(pk__in=asked).filter((SPEAKS & BEATS) | ~Q(revoked_at=None))
    reason = "The device is heard again"
    found = list(well.values_list("pk", flat=True))
    return sum(supersede(source=SOURCE, about=pk, reason=reason, actor=SYSTEM) for pk in found)
