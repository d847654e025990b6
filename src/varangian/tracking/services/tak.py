"""Let TAK clients in, sign for them, shut them out; keep their calls for help and packages."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.ids import short_code
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import SYSTEM, Actor, may, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce
from varangian.platform.storage import services as storage

from ..events import sos_cancelled, sos_heard
from ..models import Beacon, Device, TakCertificate, TakInvitation, TakPackage, TakPresence
from ..queries import tak as queries
from ..tak import authority, cot, wires
from . import devices
from .calls import open_in_emergency

SECRET_SIGNS = 16
PERIOD_S = 10
INVITED = timedelta(hours=24)
STANDING = timedelta(days=90)
AGAIN = timedelta(minutes=15)
"""After the first use: long enough to ask once more for an answer that was lost."""
MOST_PACKAGES = 500


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.strip().upper().encode()).hexdigest()


@transaction.atomic
def add_client(*, actor: Actor, operation: Any, label: str, person: Any = None) -> Device:
    """A TAK client of one operation, carried by a member of it."""
    _may_enrol(actor, operation.compartment_id, person)
    words = label.strip()[:80] or f"TAK of {person or 'the car'}"
    device, _ = devices.enrol(
        actor=actor,
        operation=operation,
        kind=Device.Kind.TAK,
        label=words,
        person=person,
        period_s=PERIOD_S,
        days=devices.MOST_DAYS,
    )
    return device


def _may_enrol(actor: Actor, compartment_id: UUID, person: Any) -> None:
    own = person is not None and person.pk == actor.pk
    require(actor, "device.enrol" if own else "device.change", compartment_id)
    if person is not None and not may(person, queries.CONNECT, compartment_id):
        raise Refused(
            "This person is no member of the operation",
            where=str(person),
            mend="Add them under Members first.",
        )


@transaction.atomic
def invite_client(*, actor: Actor, device: Device, standing: bool = False) -> str:
    """The secret of a QR code, shown once. The one before it stops working.

    ``standing``: the password of a client that signs in each time, good until it is withdrawn.
    """
    _may_enrol(actor, device.compartment_id, device.person)
    if not device.live:
        raise Refused("This device was withdrawn", where=device.label, mend="Add it anew.")
    secret = short_code(SECRET_SIGNS)
    _end_invitations(actor, device)
    TakInvitation.objects.create(
        compartment_id=device.compartment_id,
        device=device,
        digest=digest_of(secret),
        expires_at=now() + (STANDING if standing else INVITED),
        standing=standing,
    )
    _tell(device, "invited", f"{device.label} may ask for a certificate", actor)
    return secret


def _end_invitations(actor: Actor, device: Device) -> None:
    waiting = TakInvitation.objects.visible_to(actor).filter(device=device)
    waiting.filter(expires_at__gt=now()).update(expires_at=now())


@transaction.atomic
def issue_keys(*, actor: Actor, device: Device) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Certificate and key in one file: for clients that cannot ask for themselves."""
    _may_enrol(actor, device.compartment_id, device.person)
    if not device.live:
        raise Refused("This device was withdrawn", where=device.label, mend="Add it anew.")
    certificate, key = authority.issue(name=device.label, ours=authority.authority())
    _record(device, certificate, actor)
    return certificate, key


def _record(device: Device, certificate: x509.Certificate, actor: Actor) -> TakCertificate:
    """The one before it is good no longer: a lost phone is shut out by enrolling the next."""
    _revoke(actor, device)
    made = TakCertificate.objects.create(
        compartment_id=device.compartment_id,
        device=device,
        fingerprint=authority.fingerprint(certificate),
        expires_at=certificate.not_valid_after_utc,
    )
    note(kind="certificate", record=device, actor=actor, purpose="TAK certificate signed")
    _tell(device, "certified", f"{device.label} has a TAK certificate", actor)
    return made


def _revoke(actor: Actor, device: Device) -> int:
    good = TakCertificate.objects.visible_to(actor).filter(device=device, revoked_at=None)
    return good.update(revoked_at=now())


@transaction.atomic
def shut_out(*, actor: Actor, device: Device) -> None:
    """Within seconds it is disconnected; it needs a new invitation to come back."""
    _may_enrol(actor, device.compartment_id, device.person)
    _end_invitations(actor, device)
    _revoke(actor, device)
    _tell(device, "shut_out", f"{device.label} was shut out of the TAK endpoint", actor)


@system_read("whoever holds the secret asks; nobody is signed in at this door")
@transaction.atomic
def sign_for(*, secret: str, request: bytes, client_uid: str) -> x509.Certificate:
    """For as_house: answer a client's request for its certificate."""
    invitation = _invited(secret)
    uid = client_uid[:256]
    if invitation.client_uid and invitation.client_uid != uid:
        raise Denied("Another client has used this invitation", mend="Ask for a new one.")
    device = invitation.device
    certificate = authority.sign(request, name=device.label, ours=authority.authority())
    _record(device, certificate, SYSTEM)
    if not invitation.client_uid:
        invitation.client_uid = uid
        if not invitation.standing:
            invitation.expires_at = min(invitation.expires_at, now() + AGAIN)
        invitation.save(update_fields=["client_uid", "expires_at"])
    return certificate


def _invited(secret: str) -> TakInvitation:
    invitation = queries.invitation(digest_of(secret))
    if invitation is None or not _good(invitation.device):
        raise Denied("This invitation is not known, or has been used", mend="Ask for a new one.")
    return invitation


def _good(device: Device) -> bool:
    """Withdrawn, or carried by somebody who belongs here no more: nothing is signed for it."""
    person = device.person
    gone = person is not None and not may(person, queries.CONNECT, device.compartment_id)
    return device.live and not gone and device.operation.state not in queries.ENDED


def username_of(device: Device) -> str:
    return f"device-{device.pk.hex[-8:]}"


def invited_device(secret: str) -> Device:
    return _invited(secret).device


@system_read("the stream writes down whom it sees")
@transaction.atomic
def note_presence(*, device_id: UUID, uid: str, callsign: str, client: str, host: str) -> bool:
    """A client has come and said who it is.

    False: this uid is another device of the operation, and the client an impostor.
    """
    device = Device.objects.get(pk=device_id)
    if device.outside_id != uid[:120] and not _claim(device, uid[:120]):
        return False
    at = now()
    told = {"uid": uid, "callsign": callsign, "client": client[:160], "host": host[:80]}
    told |= {"seen_at": at, "since": at, "compartment_id": device.compartment_id}
    TakPresence.objects.update_or_create(device=device, defaults=told)
    publish(topic="devices", kind="connected", compartment_id=device.compartment_id)
    return True


@system_read("the stream writes down whom it still sees, all at once")
@transaction.atomic
def touch_presence(*, device_ids: list[UUID]) -> int:
    return TakPresence.objects.filter(device_id__in=device_ids).update(seen_at=now())


def _claim(device: Device, uid: str) -> bool:
    try:
        with transaction.atomic():
            device.outside_id = uid
            device.save(update_fields=["outside_id"])
    except IntegrityError:
        return False
    return True


@system_read("a call for help is written down whoever sends it")
@transaction.atomic
def open_beacon(
    *,
    device_id: UUID,
    uid: str,
    kind: str,
    at: datetime,
    position: tuple[float, float] | None,
    event: bytes,
) -> bool:
    """True for a new call; its repetitions change nothing. The event goes out with the commit."""
    device = Device.objects.select_related("person").get(pk=device_id)
    place = position or (None, None)
    try:
        with transaction.atomic():
            beacon = Beacon.objects.create(
                compartment_id=device.compartment_id,
                device=device,
                uid=uid,
                kind=kind,
                lat=place[0],
                lon=place[1],
                event=event,
            )
    except IntegrityError:
        return False
    open_in_emergency(device=device)
    _tell(device, "calls", f"{device.label} calls for help", SYSTEM)
    sos_heard.send(
        sender=Beacon,
        person=device.person,
        device_id=device.pk,
        at=at,
        position=position,
        via="tak",
        key=f"tak:{beacon.pk}",
    )
    return True


@system_read("a call for help is taken back by the client that sent it")
@transaction.atomic
def cancel_beacon(*, device_id: UUID, uid: str, at: datetime) -> bool:
    """Whether the cancel counts is for the answerers of duress; on the radio net it does."""
    found = Beacon.objects.select_for_update().filter(device_id=device_id, cancelled_at=None)
    beacon = found.filter(uid=uid).first()
    if beacon is None:
        return False
    device = Device.objects.select_related("person").get(pk=device_id)
    beacon.cancelled_at = now()
    beacon.save(update_fields=["cancelled_at"])
    _tell(device, "calls_off", f"{device.label} takes its call for help back", SYSTEM)
    sos_cancelled.send(
        sender=Beacon,
        person=device.person,
        device_id=device_id,
        at=at,
        via="tak",
        key=f"tak:{beacon.pk}",
    )
    return True


@system_read("a call that people have answered is over on every map")
@transaction.atomic
def end_beacons(*, person_id: UUID) -> int:
    """For the feature that answers duress: cleared on all clients, whatever machine they are on."""
    found = Beacon.objects.select_for_update().filter(cancelled_at=None)
    rows = list(found.filter(device__person_id=person_id))
    for beacon in rows:
        beacon.cancelled_at = now()
        beacon.save(update_fields=["cancelled_at"])
        over = cot.write("b-a-o-can", '<emergency cancel="true"/>', at=now(), uid=beacon.uid)
        wires.tell(beacon.compartment_id, over, sender="house")
    return len(rows)


@transaction.atomic
def keep_package(
    *, actor: Actor, device: Device, data: bytes, name: str, media_type: str, creator_uid: str
) -> TakPackage:
    """The same content sent again is the same package."""
    operation = device.operation
    require(actor, queries.CONNECT, operation.compartment_id)
    digest = hashlib.sha256(data).hexdigest()
    known = queries.packages(actor, operation)
    if (found := known.filter(digest=digest).first()) is not None:
        return found
    if known.count() >= MOST_PACKAGES:
        raise Refused("The operation holds as many data packages as it may", where=operation.slug)
    key = operation.key
    circle = operation.compartment_id
    file = storage.keep(
        data=data, name=name[:200], media_type=media_type[:100], key=key, compartment_id=circle
    )
    package = TakPackage(
        compartment_id=circle,
        key=key,
        operation=operation,
        device=device,
        file=file,
        digest=digest,
        creator_uid=creator_uid[:256],
        media_type=media_type[:100],
        size=len(data),
    )
    package.name = name[:200]
    package.save(force_insert=True)
    _tell(device, "package", f"{device.label} shared a data package", actor)
    return package


@transaction.atomic
def set_tool(*, actor: Actor, package: TakPackage, tool: str) -> None:
    require(actor, queries.CONNECT, package.compartment_id)
    package.tool = tool.strip()[:40] or "public"
    package.save(update_fields=["tool"])


def _tell(device: Device, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="devices",
        event=event,
        text=text,
        compartment_id=device.compartment_id,
        operation_id=device.operation_id,
        actor=actor,
    )
