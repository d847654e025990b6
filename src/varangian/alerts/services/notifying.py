"""Whom a step asks, and over which of their devices."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.words import plural
from varangian.operations.queries import people_to_reach
from varangian.platform.access.queries import members
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.access.unseen import kept_from

from .. import rules
from ..channels.catalogue import PUSH
from ..models import Alert, Delivery, PersonalChannel, PushSubscription
from . import flood, sending
from .switches import open_services


def notify(alert: Alert, step: rules.Step) -> tuple[str, bool]:
    """Rows for every person and device; sent when the transaction commits. Returns who was told,
    and whether more than open screens was asked."""
    people = _people(alert, step)
    devices = _devices(alert, step, set(people))
    held = set() if _goes_through(alert) else flood.spared(set(people))
    rows = [_row(alert, person, "screen", None, "") for person in people]
    for person, channel, target, label in devices:
        rows.append(_row(alert, person, channel, target, label))
        if target in held:
            rows[-1].state = Delivery.State.HELD
    _send(rows)
    named = ", ".join(sorted(str(person) for person in people.values())[:5])
    more = f" and {len(people) - 5} more" if len(people) > 5 else ""
    reached = f"{plural(len(devices), 'device')}" if devices else "screens only"
    return f"{named or 'nobody with such a role'}{more}, {reached}", bool(devices)


def _send(rows: list[Delivery]) -> None:
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    sending.after_commit([row.pk for row in rows if row.state == Delivery.State.DUE])


def _row(alert: Alert, person: UUID, channel: str, target: UUID | None, label: str) -> Delivery:
    row = Delivery(
        compartment_id=alert.compartment_id,
        alert=alert,
        person_id=person,
        channel=channel,
        target=target,
        label=label,
        round=alert.rounds,
    )
    if channel == Delivery.Channel.SCREEN:
        row.state, row.sent_at, row.attempts = Delivery.State.SENT, row.queued_at, 1
    return row


def _goes_through(alert: Alert) -> bool:
    return alert.unsuppressed or alert.urgency == Alert.Urgency.NOW


def _people(alert: Alert, step: rules.Step) -> dict[UUID, Any]:
    """Those of the step and whoever it was given to; never the one whose screen stays silent."""
    if step.everyone or alert.compartment_id != alert.operation.compartment_id:
        seats = members(SYSTEM, alert.compartment_id).filter(
            Q(until=None) | Q(until__gt=now()), role__in=step.roles, user__is_active=True
        )
        found = [seat.user for seat in seats]
    else:
        found = people_to_reach(SYSTEM, alert.operation, list(step.roles))
    if alert.assigned_to and alert.assigned_to.is_active:
        found.append(alert.assigned_to)
    return {user.pk: user for user in found if not _kept(alert, user)}


def _kept(alert: Alert, user: Any) -> bool:
    """Whoever may not know of the record that asks is not asked."""
    silent = user.pk == alert.silent_for_id  # pyright: ignore
    return silent or (alert.about is not None and alert.about in kept_from(user))


@system_read("the engine knows the devices of those it asks")
def _devices(
    alert: Alert, step: rules.Step, people: set[UUID]
) -> list[tuple[UUID, str, UUID, str]]:
    on, found = open_services(), []
    if Delivery.Channel.PUSH in step.channels and PUSH in on:
        rows = PushSubscription.objects.filter(user_id__in=people)
        for pk, user, label in rows.values_list("pk", "user_id", "label"):
            found.append((user, "push", pk, label))
    if Delivery.Channel.APPRISE in step.channels and on:
        rows = PersonalChannel.objects.filter(user_id__in=people, service__in=on)
        for pk, user, service, least in rows.values_list(
            "pk", "user_id", "service", "from_urgency"
        ):
            if alert.unsuppressed or not rules.rises(alert.urgency, least):
                found.append((user, "apprise", pk, service))
    return found
