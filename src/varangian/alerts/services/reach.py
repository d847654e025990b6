"""How a person lets themselves be reached: browsers that agreed to push, and message services."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.kernel.ids import short_code
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys

from .. import rules
from ..channels import messages, push
from ..channels.catalogue import PUSH, check, service_named, service_of
from ..channels.words import Call, Undelivered
from ..models import PersonalChannel, PushIdentity, PushSubscription
from . import sending
from .switches import hosts_of, set_switch

__all__ = [
    "add_channel",
    "public_key",
    "remove_channel",
    "set_switch",
    "subscribe",
    "try_channel",
    "unsubscribe",
]
MOST = 10
"""Browsers, and addresses, of one person."""


@transaction.atomic
@system_read("one key pair for the house, made by whoever needs it first")
def public_key() -> str:
    """What a browser needs to subscribe."""
    found = PushIdentity.objects.first()
    if found is not None:
        return found.public
    private, public = push.new_key()
    identity = PushIdentity(key_id=keys.create().pk, public=public)
    identity.private = private
    try:
        with transaction.atomic():
            identity.save(force_insert=True)
    except IntegrityError:
        return PushIdentity.objects.get().public
    return public


@transaction.atomic
@system_read("a person's own devices: nobody else reads them")
def subscribe(
    *, actor: Actor, endpoint: str, p256dh: str, auth: str, label: str = ""
) -> PushSubscription:
    """A browser agreed to push. The same browser twice is one; it belongs to who used it last."""
    _person(actor)
    hosts = hosts_of(PUSH)
    if hosts is None:
        raise _off("Web push")
    if len(endpoint) > 1000 or len(p256dh) > 200 or len(auth) > 100 or not (p256dh and auth):
        raise Refused("This is no push subscription", where="endpoint")
    if not endpoint.startswith(("https://", "http://")):
        raise Refused("A push service has an https address", where="endpoint")
    check(service_named(PUSH), endpoint, hosts)
    mark = sha256(endpoint.encode()).hexdigest()
    for old in PushSubscription.objects.filter(endpoint_digest=mark):
        _forget(old, actor)
    mine = PushSubscription.objects.select_for_update().filter(user=actor).order_by("-created_at")
    for old in list(mine)[MOST - 1 :]:
        _forget(old, actor)
    row = PushSubscription(
        user=actor, key_id=keys.create().pk, endpoint_digest=mark, label=label.strip()[:60]
    )
    row.endpoint, row.p256dh, row.auth = endpoint, p256dh, auth
    row.save(force_insert=True)
    note(kind="channel", record=row, actor=actor, purpose="web push on")
    return row


@transaction.atomic
@system_read("a person's own devices: nobody else reads them")
def unsubscribe(*, actor: Actor, pk: UUID | None = None, endpoint: str = "") -> int:
    _person(actor)
    mine = PushSubscription.objects.filter(user=actor)
    mark = sha256(endpoint.encode()).hexdigest()
    mine = mine.filter(pk=pk) if pk else mine.filter(endpoint_digest=mark)
    return sum(_forget(row, actor) for row in mine)


@transaction.atomic
@system_read("a person's own addresses: nobody else reads them")
def add_channel(
    *, actor: Actor, url: str, label: str = "", from_urgency: str = "now"
) -> PersonalChannel:
    """An address of a service that is switched on."""
    _person(actor)
    service = service_of(url.strip())
    hosts = hosts_of(service.id)
    if hosts is None:
        raise _off(service.words)
    check(service, url.strip(), hosts)
    if from_urgency not in rules.RANK:
        raise Refused("Unknown urgency", where=from_urgency, mend=", ".join(rules.RANK))
    if len(url) > 500 or not messages.known_as(url.strip()):
        raise Refused("This address is not complete", where=service.words, mend=service.example)
    if PersonalChannel.objects.filter(user=actor).count() >= MOST:
        raise Refused(f"{MOST} addresses are enough", mend="Remove one first.")
    row = PersonalChannel(
        user=actor,
        key_id=keys.create().pk,
        service=service.id,
        label=label.strip()[:60] or service.words,
        from_urgency=from_urgency,
    )
    row.url = url.strip()
    row.save(force_insert=True)
    note(kind="channel", record=row, actor=actor, purpose=f"{service.id} added")
    return row


@transaction.atomic
def remove_channel(*, actor: Actor, pk: UUID) -> None:
    _forget(_own(actor, pk), actor)


def try_channel(*, actor: Actor, pk: UUID) -> str:
    """Send a test now, outside of any transaction; returns the fault in words, or nothing."""
    call = Call(code=short_code(4), path="/alerts/", urgent=False, exercise=True)
    _own(actor, pk)
    try:
        sending.send(sending.parcel("apprise", pk, call))
    except Undelivered as fault:
        return fault.why
    return ""


@system_read("a person's own addresses: nobody else reads them")
def _own(actor: Actor, pk: UUID) -> PersonalChannel:
    _person(actor)
    found = PersonalChannel.objects.filter(user=actor, pk=pk).first()
    if found is None:
        raise NotFound("There is no such address, or it is not yours", where=str(pk))
    return found


def _forget(row: Any, actor: Actor) -> int:
    """Its key goes with it: what lies in backups cannot be read any more."""
    key = row.key_id
    note(kind="channel", record=row, actor=actor, purpose="removed")
    row.delete()
    keys.destroy(key)
    return 1


def _person(actor: Actor) -> None:
    if actor.is_system:
        raise Refused("Only a person has devices", mend="Use --as with a person's e-mail.")


def _off(words: str) -> Refused:
    return Refused(
        f"{words} is off in this house",
        mend="An administrator switches it on under Alerts, Channels.",
    )
