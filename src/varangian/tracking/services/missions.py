"""Write the missions of TAK clients, and tell those who listen."""

from typing import Any

from django.db import connection, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, may, require, system_read
from varangian.platform.news.services import announce

from ..models import Device, TakMission, TakMissionFile, TakSubscription
from ..queries import missions as queries
from ..queries import tak as clients
from ..tak import notices, wires
from ..tak.wires import MOST_BYTES

MISSION_LOCK = 727_011
MOST_MISSIONS, MOST_FILES, LONGEST_NAME = 100, 500, 200


@transaction.atomic
def make(
    *, actor: Actor, device: Device, name: str, uid: str, **given: Any
) -> tuple[TakMission, bool]:
    """True for a new one; a name that is there already gets new words instead."""
    operation, named = device.operation, name.strip()
    require(actor, clients.CONNECT, operation.compartment_id)
    if not named or len(named) > LONGEST_NAME or "/" in named:
        raise Refused("This cannot be the name of a mission", where=named[:40])
    _one_at_a_time(operation.pk)
    present = list(queries.missions(actor, operation))
    known = next((one for one in present if one.name == named), None)
    if known is None and len(present) >= MOST_MISSIONS:
        raise Refused("The operation holds as many missions as it may", where=operation.slug)
    made = known or TakMission(
        compartment_id=operation.compartment_id,
        key=operation.key,
        operation=operation,
        device=device,
        creator_uid=uid[:256],
    )
    made.name = named
    for field in ("description", "keywords", "tool"):
        if field in given:
            setattr(made, field, given[field])
    made.save()
    if known is None:
        _hear(made, notices.made(made, now()), to=())
        _tell(made, device, "mission", f"{device.label} opened the mission {named}", actor)
    return made, known is None


@system_read("reads nothing: a lock")
def _one_at_a_time(operation_id: Any) -> None:
    """Names are sealed, so the database cannot keep two missions of one name apart."""
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(lock, [MISSION_LOCK, str(operation_id)])


@transaction.atomic
def end(*, actor: Actor, device: Device, mission: TakMission, uid: str) -> None:
    """By whoever opened it or leads the operation. The files stay data packages."""
    require(actor, clients.CONNECT, mission.compartment_id)
    own = mission.device_id == device.pk
    if not own and not may(actor, "device.change", mission.compartment_id):
        raise Denied("Only the one who opened a mission ends it", where=mission.name)
    mission.ended_at = now()
    mission.save(update_fields=["ended_at"])
    _hear(mission, notices.ended(mission, uid, now()), to=())
    _tell(mission, device, "mission", f"{device.label} ended the mission {mission.name}", actor)


@transaction.atomic
def put_in(
    *, actor: Actor, device: Device, mission: TakMission, digests: list[str], uid: str
) -> TakMission:
    """Files that were uploaded before; what is in already stays as it is."""
    require(actor, clients.CONNECT, mission.compartment_id)
    held = {row.package_id for row in mission.held}
    for digest in digests:
        package = clients.package(actor, mission.operation, digest)
        if package.pk in held:
            continue
        if len(held) >= MOST_FILES:
            raise Refused("The mission holds as many files as it may", where=mission.name)
        held.add(package.pk)
        row = TakMissionFile.objects.create(
            compartment_id=mission.compartment_id,
            mission=mission,
            package=package,
            creator_uid=uid[:256],
        )
        change = queries.Change("ADD_CONTENT", row.added_at, uid, package)
        _changed(mission, change, device, actor)
    return queries.mission(actor, mission.operation, str(mission.pk))


@transaction.atomic
def take_out(
    *, actor: Actor, device: Device, mission: TakMission, digest: str, uid: str
) -> TakMission:
    require(actor, clients.CONNECT, mission.compartment_id)
    row = next((one for one in mission.held if one.package.digest == digest.lower()), None)
    if row is None:
        raise Refused("The mission holds no such file", where=digest[:64])
    row.removed_at, row.remover_uid = now(), uid[:256]
    row.save(update_fields=["removed_at", "remover_uid"])
    change = queries.Change("REMOVE_CONTENT", row.removed_at, uid, row.package)
    _changed(mission, change, device, actor)
    return queries.mission(actor, mission.operation, str(mission.pk))


@transaction.atomic
def subscribe(*, actor: Actor, device: Device, mission: TakMission, uid: str) -> TakSubscription:
    require(actor, clients.CONNECT, mission.compartment_id)
    told = {"uid": uid[:256], "compartment_id": mission.compartment_id}
    row, _ = TakSubscription.objects.visible_to(actor).update_or_create(
        mission=mission, device=device, defaults=told
    )
    return row


@transaction.atomic
def unsubscribe(*, actor: Actor, device: Device, mission: TakMission) -> None:
    require(actor, clients.CONNECT, mission.compartment_id)
    queries.subscriptions(actor, mission).filter(device=device).delete()


def _changed(mission: TakMission, change: queries.Change, device: Device, actor: Actor) -> None:
    listening = TakSubscription.objects.visible_to(actor).filter(mission=mission)
    to = tuple(listening.values_list("uid", flat=True))
    _hear(mission, notices.changed(mission, change, to), to)
    name = change.package.name if change.package else ""
    words = "put in" if change.kind == "ADD_CONTENT" else "took out"
    _tell(mission, device, "mission", f"{device.label} {words} {name} ({mission.name})", actor)


def _hear(mission: TakMission, event: bytes, to: tuple[str, ...]) -> None:
    """Clients on all machines. Too many listeners for one notice: then everybody hears it."""
    if to and len(event) > MOST_BYTES // 2:
        event = notices.to_all(event)
    wires.tell(mission.compartment_id, event, sender="house")


def _tell(mission: TakMission, device: Device, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="devices",
        event=event,
        text=text,
        compartment_id=mission.compartment_id,
        operation_id=device.operation_id,
        actor=actor,
    )
