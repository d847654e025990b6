"""Ways out of the house, each switched on by name."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, administrate, system_read
from varangian.platform.audit.services import note

from ..channels.catalogue import service_named
from ..models import ChannelSwitch


@system_read("what the house may call is the same for everybody")
def open_services() -> list[str]:
    return list(ChannelSwitch.objects.filter(on=True).values_list("service", flat=True))


@system_read("what the house may call is the same for everybody")
def hosts_of(service: str) -> list[str] | None:
    """Servers that an administrator named; None while the service is off."""
    row = ChannelSwitch.objects.filter(service=service, on=True).first()
    return None if row is None else list(row.hosts)


@transaction.atomic
@system_read("a switch is one row, whoever turned it last")
def set_switch(
    *, actor: Actor, service: str, on: bool, hosts: list[str] | None = None
) -> ChannelSwitch:
    """Switch a service on or off. ``hosts``: servers of your own that it may call."""
    administrate(actor)
    service_named(service)
    named = [host.strip().lower() for host in hosts or [] if host.strip()]
    if bad := [host for host in named if "/" in host or " " in host or len(host) > 200]:
        raise Refused("Name the server alone, without https or path", where=bad[0][:80])
    row, _ = ChannelSwitch.objects.select_for_update().get_or_create(
        service=service, defaults={"by": str(actor)}
    )
    row.on, row.by, row.at = on, str(actor), now()
    if hosts is not None:
        row.hosts = named
    row.save()
    words = f"{service} {'on' if on else 'off'} {' '.join(row.hosts)}".strip()
    note(kind="channel", record=row, actor=actor, purpose=words[:400])
    return row
