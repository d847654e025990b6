"""Devices: enrolled once, their token shown once, withdrawn at once."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, may, require, role_in
from varangian.platform.news.services import announce

from ..models import Device
from ..tokens import digest

MOST_DAYS = 366
DAYS = 30
PERIODS = (1, 3600)
SPEAK_OTHERWISE = (Device.Kind.TAK,)
"""They prove themselves by a certificate; the feature that enrols them gives no token."""


@transaction.atomic
def enrol(
    *,
    actor: Actor,
    operation: Any,
    kind: str,
    label: str,
    person: Any = None,
    carried_by_principal: bool = False,
    share: str = Device.Share.DUTY,
    period_s: int = 60,
    days: int = DAYS,
    outside_id: str = "",
) -> tuple[Device, str]:
    """Returns the device and its token, of which only the hash is kept.

    Everybody of the team enrols a device of their own; one for somebody else, for a car or for
    the principal is for those who change devices.
    """
    own = person is not None and person.pk == actor.pk and not carried_by_principal
    require(actor, "device.enrol" if own else "device.change", operation.compartment_id)
    _sensible(operation, kind, label, person, share, period_s, days)
    secret = "" if kind in SPEAK_OTHERWISE else secrets.token_urlsafe(24)
    device = Device(
        compartment_id=operation.compartment_id,
        operation=operation,
        person=person,
        kind=kind,
        label=label.strip(),
        carried_by_principal=carried_by_principal,
        share=share,
        period_s=period_s,
        digest=digest(secret) if secret else None,
        outside_id=outside_id.strip(),
        enrolled_by_id=actor.pk,
        expires_at=now() + timedelta(days=days),
    )
    _save(device)
    tell(device, "enrolled", f"Device enrolled: {device.label}{_whose(device)}", actor)
    return device, secret


def _sensible(
    operation: Any, kind: str, label: str, person: Any, share: str, period_s: int, days: int
) -> None:
    if operation.state in ("closed", "cancelled"):
        raise Refused("This operation is over", where=operation.slug)
    if kind not in Device.Kind.values:
        raise Refused("Unknown kind of device", where=kind, mend=", ".join(Device.Kind.values))
    if share not in Device.Share.values:
        raise Refused("Unknown share mode", where=share, mend=", ".join(Device.Share.values))
    if not label.strip() or len(label) > 80:
        raise Refused("A device has a name of 1 to 80 characters", where="label")
    if not PERIODS[0] <= period_s <= PERIODS[1]:
        raise Refused("A device speaks every 1 to 3600 seconds", where="period_s")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"A token lives between 1 and {MOST_DAYS} days", where="days")
    if person is not None and role_in(person, operation.compartment_id) is None:
        raise Refused(f"{person} does not belong to this operation", where=operation.slug)


def _save(device: Device) -> None:
    try:
        with transaction.atomic():
            device.save(force_insert=True)
    except IntegrityError as error:
        mend = "Withdraw the other one first."
        raise Refused("This node is enrolled already", device.outside_id, mend) from error


@transaction.atomic
def change_device(*, actor: Actor, device: Device, **changes: Any) -> Device:
    """Label, share mode and period. Who carries a device decides what it shares, and those who
    change devices may too."""
    device = mine(actor, device)
    unknown = set(changes) - {"label", "share", "period_s"}
    if unknown:
        raise Refused("A device has no such field", where=", ".join(sorted(unknown)))
    wanted = {"label": device.label, "share": device.share, "period_s": device.period_s} | changes
    _sensible(device.operation, device.kind, person=None, days=1, **wanted)
    before = device.share
    for name, value in wanted.items():
        setattr(device, name, value)
    device.save(update_fields=list(wanted))
    if device.share != before:
        words = Device.Share(device.share).label.lower()
        tell(device, "changed", f"{device.label} shares: {words}", actor)
    return device


@transaction.atomic
def renew_token(*, actor: Actor, device: Device, days: int = DAYS) -> tuple[Device, str]:
    """The old token dies; the history stays with the device."""
    device = mine(actor, device)
    _sensible(
        device.operation, device.kind, device.label, None, device.share, device.period_s, days
    )
    secret = secrets.token_urlsafe(24)
    device.digest, device.expires_at = digest(secret), now() + timedelta(days=days)
    device.revoked_at = None
    device.save(update_fields=["digest", "expires_at", "revoked_at"])
    tell(device, "changed", f"New token for {device.label}", actor)
    return device, secret


@transaction.atomic
def revoke(*, actor: Actor, device: Device) -> Device:
    """Lost or handed back: from now nothing of it is believed."""
    device = mine(actor, device)
    if device.revoked_at is None:
        device.revoked_at = now()
        device.save(update_fields=["revoked_at"])
        tell(device, "revoked", f"Device withdrawn: {device.label}", actor)
    return device


def mine(actor: Actor, device: Device) -> Device:
    """The row, locked, if this person may change it."""
    found = Device.objects.visible_to(actor).select_related("operation", "person")
    row = found.select_for_update(of=("self",)).get(pk=device.pk)
    if row.person_id is not None and row.person_id == actor.pk:
        require(actor, "device.enrol", row.compartment_id)
    elif not may(actor, "device.change", row.compartment_id):
        raise Denied("This device is not yours to change", mend="Ask the detail leader.")
    else:
        require(actor, "device.change", row.compartment_id)
    return row


def _whose(device: Device) -> str:
    return f", carried by {device.person}" if device.person else ""


def tell(device: Device, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="devices",
        event=event,
        text=text,
        compartment_id=device.compartment_id,
        operation_id=device.operation_id,
        record=("device", device.pk),
        actor=actor,
    )
