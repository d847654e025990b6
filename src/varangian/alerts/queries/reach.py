"""A person's own devices, and the ways out of the house."""

from dataclasses import dataclass

from django.db.models import QuerySet

from varangian.platform.access.scope import Actor, administrate, system_read

from ..channels.catalogue import Service, services
from ..models import ChannelSwitch, PersonalChannel, PushSubscription


@system_read("a person's own browsers: nobody else reads them")
def subscriptions(user: Actor) -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(user_id=user.pk).order_by("-created_at")


@system_read("a person's own addresses: nobody else reads them")
def channels(user: Actor) -> QuerySet[PersonalChannel]:
    return PersonalChannel.objects.filter(user_id=user.pk)


def open_services() -> list[Service]:
    """What anybody may use: switched on by an administrator."""
    return [switch.service for switch in _switches() if switch.on]


@dataclass(frozen=True)
class Switch:
    service: Service
    row: ChannelSwitch | None

    @property
    def on(self) -> bool:
        return bool(self.row and self.row.on)


def switches(actor: Actor) -> list[Switch]:
    """Every service, and who switched it last: for an administrator."""
    administrate(actor)
    return _switches()


@system_read("what the house may call is the same for everybody")
def _switches() -> list[Switch]:
    rows = {row.service: row for row in ChannelSwitch.objects.all()}
    return [Switch(service, rows.get(name)) for name, service in services().items()]
