"""Reads of the TAK endpoint: by people, and by the house at its own doors."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.models import User
from varangian.platform.access.roles import OVERSIGHT, roles_for
from varangian.platform.access.scope import Actor, system_read

from ..models import Beacon, Device, TakCertificate, TakInvitation, TakPackage
from ..rules import shares
from ..store import SQL

ADMITTED = files("varangian.tracking").joinpath("sql", "tak_admitted.sql").read_text()
ENDED = ("closed", "cancelled")
CONNECT = "device.enrol"
"""What a person must be allowed in the operation for their client to be let in."""


@dataclass(frozen=True)
class Admitted:
    """A certificate as the stream sees it."""

    device: UUID
    compartment: UUID
    person: UUID | None
    words: str
    shares: bool
    uid: str


def clients(actor: Actor, operation: Any) -> QuerySet[Device]:
    """TAK clients of an operation, with what they were last known as."""
    good = TakCertificate.objects.visible_to(actor).filter(revoked_at=None)
    asked = TakInvitation.objects.visible_to(actor).filter(expires_at__gt=now())
    found = Device.objects.visible_to(actor).filter(operation=operation, kind=Device.Kind.TAK)
    return (
        found.filter(revoked_at=None)
        .select_related("person", "presence")
        .prefetch_related(
            Prefetch("certificates", good, to_attr="good"),
            Prefetch("invitations", asked, to_attr="asked"),
        )
    )


def client(actor: Actor, pk: UUID) -> Device:
    found = Device.objects.visible_to(actor).filter(kind=Device.Kind.TAK, pk=pk)
    row = found.select_related("person", "operation", "presence").first()
    if row is None:
        raise NotFound("There is no such TAK client, or it is not yours to see", where=str(pk))
    return row


def open_beacons(actor: Actor, operation: Any) -> QuerySet[Beacon]:
    found = Beacon.objects.visible_to(actor).filter(device__operation=operation, cancelled_at=None)
    return found.select_related("device__person")


def packages(actor: Actor, operation: Any) -> QuerySet[TakPackage]:
    found = TakPackage.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("device__person", "file")


def package(actor: Actor, operation: Any, digest: str) -> TakPackage:
    found = packages(actor, operation).filter(digest=digest.lower()).first()
    if found is None:
        raise NotFound("There is no such data package, or it is not yours to see", where=digest)
    return found


@system_read("a certificate is looked up before anybody is known; what it may hear follows from it")
def admitted(fingerprints: list[str]) -> dict[str, Admitted | None]:
    """None for what is unknown, withdrawn, expired, or of somebody who is no member any more."""
    known: dict[str, Admitted | None] = dict.fromkeys(fingerprints)
    above = sorted(role.value for role in OVERSIGHT)
    with connection.cursor() as cursor:
        cursor.execute(ADMITTED, [fingerprints, roles_that_connect(), above])
        rows = cursor.fetchall()
        cursor.execute(SQL["facts"], [[row[1] for row in rows]])
        sharing = {row[0]: _shares(*row[2:8]) for row in cursor.fetchall()}
    for shown, device, place, person, words, uid in rows:
        open_ = sharing.get(device, False)
        known[shown] = Admitted(device, place, person, words, open_, uid)
    return known


def _shares(
    live: bool, mode: str, private: bool, on_duty: bool, moving: bool, emergency: bool
) -> bool:
    """As the intake of positions judges it: the map and the radio net show the same."""
    open_ = shares(mode, on_duty=on_duty, moving=moving, emergency=emergency)
    return live and open_ and (emergency or not private)


@system_read("open calls for help go to whoever joins, before anybody asks for them")
def standing_beacons(compartment: UUID) -> list[bytes]:
    found = Beacon.objects.filter(compartment_id=compartment, cancelled_at=None)
    return [bytes(event) for event in found.values_list("event", flat=True)]


@system_read("an invitation is looked up by its secret before anybody is known")
def invitation(digest: str) -> TakInvitation | None:
    found = TakInvitation.objects.filter(digest=digest, expires_at__gt=now())
    return found.select_related("device__person", "device__operation").first()


@system_read("who signed in at the door is let in as far as their certificate goes")
def good_fingerprint(device_id: UUID) -> str:
    """Empty: the device has no certificate, or none that is good."""
    found = TakCertificate.objects.filter(device_id=device_id, revoked_at=None)
    return found.values_list("fingerprint", flat=True).first() or ""


@system_read("the person behind a certificate acts through their client")
def person_of(device_id: UUID) -> tuple[User | None, Device]:
    device = Device.objects.select_related("person", "operation__compartment").get(pk=device_id)
    return device.person, device


def roles_that_connect() -> list[str]:
    return sorted(role.value for role in roles_for(CONNECT))


@dataclass(frozen=True)
class Named:
    """A device as TAK clients show it."""

    uid: str
    callsign: str
    period_s: int


@system_read("team mates on other devices are shown to the TAK clients of their operation")
def named(device_id: UUID) -> Named | None:
    row = Device.objects.select_related("person", "presence").filter(pk=device_id).first()
    if row is None:
        return None
    presence = getattr(row, "presence", None)
    if presence is not None:
        return Named(presence.uid, presence.callsign or row.label, row.period_s)
    person = row.person
    callsign = (person.call_sign or person.name) if person else row.label
    return Named(f"varangian-{row.pk}", callsign, row.period_s)
