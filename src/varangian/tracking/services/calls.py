"""A device calls for help: on its own path, at once, before anything else is looked at."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.context import as_house
from varangian.platform.access.scope import system_read

from ..events import sos_heard
from ..models import Device

EMERGENCY = timedelta(hours=2)
"""A device that called shares its place for so long, whatever its mode."""


@system_read("who calls for help is asked for no right")
def hear_sos(
    *,
    device_id: UUID,
    at: datetime,
    position: tuple[float, float] | None,
    via: str,
    key: str,
) -> None:
    """Returns when it is committed. The same ``key`` heard again is the same press."""
    with as_house(purpose="a device calls for help"):
        device = Device.objects.select_related("person", "operation").filter(pk=device_id).first()
        if device is None:
            raise NotFound("There is no such device", where=str(device_id))
        open_in_emergency(device=device)
        sos_heard.send(
            sender=Device,
            person=device.person,
            device_id=device.pk,
            at=at,
            position=position,
            via=via,
            key=key,
        )


@transaction.atomic
def open_in_emergency(*, device: Device, until: datetime | None = None) -> None:
    """From now its place is shared; the mode that its person chose holds again afterwards."""
    device.emergency_until = until or now() + EMERGENCY
    device.save(update_fields=["emergency_until"])


@transaction.atomic
@system_read("after a press the places of all devices of this person are shared")
def open_for_person(*, person_id: UUID, until: datetime | None = None) -> int:
    """For the feature that answers duress. Returns how many devices now speak."""
    found = Device.objects.filter(person_id=person_id, revoked_at=None)
    return found.update(emergency_until=until or now() + EMERGENCY)


@transaction.atomic
@system_read("the emergency is over for all devices of this person")
def close_for_person(*, person_id: UUID) -> int:
    return Device.objects.filter(person_id=person_id).update(emergency_until=None)
