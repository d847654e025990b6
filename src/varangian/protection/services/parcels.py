"""The outbox of a node: what is done here, packed for the hub in the transaction that does it.

A press is not touched for it: the sender finds presses by itself, so that nothing here can hold
one up.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef

from varangian.kernel.clock import now
from varangian.log.models import LogEntry
from varangian.operations.models import Duty
from varangian.platform.access.scope import Actor, system_read

from ..models import FieldReport, Lane, Parcel, Press, Uplink
from . import outbox
from .node_taking import ENTRY, KINDS, PRESS
from .uplinks import uplink_of

EVENTS = {"started": "duty_start", "status": "status", "ended": "duty_end"}
MOST_TRIES = 12
"""Failures of the hub itself before an act is set aside, so that those behind it get through."""


def on_act(*, actor: Actor, act: outbox.Act, **_: Any) -> None:
    """An act of a phone; the same key goes on, so that one sent to both houses is done once."""
    uplink = _of_person(actor, act) if act.kind in KINDS else None
    if uplink is not None:
        body = {name: value for name, value in act.body.items() if name != "operation"}
        _pack(uplink, key=act.key, kind=act.kind, person=actor.pk, at=act.at, body=body)


@system_read("the operation of an act decides where it goes")
def _of_person(actor: Actor, act: outbox.Act) -> Uplink | None:
    slug = act.body.get("operation")
    found = Uplink.objects.filter(left_at=None)
    if slug:
        return found.filter(operation__slug=slug).first()
    duties = Duty.objects.filter(person=actor).order_by("-started_at")
    return found.filter(operation=duties.values("operation")[:1]).first()


def on_duty_changed(*, duty: Duty, event: str, actor: Actor, **_: Any) -> None:
    """Duty taken up or given back at a screen of the node."""
    uplink = None if outbox.doing() else uplink_of(duty.operation_id)
    kind = EVENTS.get(event)
    if uplink is None or kind is None or actor.is_system:
        return
    at = {"started": duty.started_at, "status": duty.status_at}.get(event) or duty.ended_at
    body: dict[str, Any] = {"status": duty.status} if event == "status" else {}
    if event == "started" and duty.post_id:
        body["post"] = str(duty.post_id)
    if event == "ended" and duty.relieved_by is not None:
        kind = "handover"
        body = {"to": duty.relieved_by.email, "points": duty.handover}
    key = uuid5(duty.pk, f"{event} {at}")
    _pack(uplink, key=key, kind=kind, person=duty.person_id, at=at or now(), body=body)


def on_entry(*, instance: LogEntry, created: bool, **_: Any) -> None:
    """A line typed into the log; what the house writes by itself the hub writes by itself too."""
    if not created or instance.kind == "auto" or outbox.doing() or instance.author_id is None:
        return
    uplink = uplink_of(instance.operation_id)
    if uplink is None:
        return
    said = instance.body or {}
    body = {
        "from_": said.get("from", ""),
        **{n: said.get(n, "") for n in ("to", "event", "action")},
    }
    if instance.corrects:
        body["event"] = (
            f"Correction of entry {instance.corrects} at {uplink.label}: {body['event']}"
        )
    _pack(uplink, key=instance.pk, kind=ENTRY, person=instance.author_id, at=instance.at, body=body)


@system_read("the outbox of the house takes what anybody does here")
def _pack(
    uplink: Uplink,
    *,
    key: UUID,
    kind: str,
    person: UUID | None,
    at: datetime,
    body: dict[str, Any],
    lane: int = Lane.ACTS,
) -> None:
    if Parcel.objects.filter(uplink=uplink, act=key).exists():
        return
    parcel = Parcel.objects.create(
        key_id=uplink.key_id,
        compartment_id=uplink.operation.compartment_id,
        uplink=uplink,
        lane=lane,
        act=key,
        kind=kind,
        person_id=person,
        at=at,
    )
    # its number is bound into the seal, and the database gives it
    parcel.body = body
    parcel.save(update_fields=["body"])


@transaction.atomic
@system_read("the house finds every press that has not been packed")
def pack_presses(uplink: Uplink) -> int:
    packed = Parcel.objects.filter(uplink=uplink, act=OuterRef("pk"))
    found = Press.objects.filter(operation=uplink.operation_id, heard_at__gte=uplink.joined_at)
    rows = list(found.filter(~Exists(packed)).order_by("heard_at")[:50])
    for row in rows:
        body = {
            "subject": row.subject,
            "key": row.key.removeprefix(f"{row.subject}:"),
            **{n: getattr(row, n) for n in ("via", "caption", "words", "lat", "lon", "accuracy")},
        }
        at, lane = row.device_at or row.heard_at, Lane.DURESS
        _pack(uplink, key=row.pk, kind=PRESS, person=row.person_id, at=at, body=body, lane=lane)
    return len(rows)


@system_read("the sender of the house takes what is next")
def waiting(uplink: Uplink, lane: int, most: int) -> list[Parcel]:
    found = Parcel.objects.filter(uplink=uplink, lane=lane, state=Parcel.State.WAITING)
    return list(found.order_by("id")[:most])


@system_read("the length of the queue is no secret of anybody")
def waiting_count(uplink: Uplink) -> int:
    return Parcel.objects.filter(uplink=uplink, state=Parcel.State.WAITING).count()


@system_read("pictures and voice notes go along with the report they belong to")
def files_of(parcel: Parcel) -> dict[str, Any]:
    """Stored files by their role."""
    if parcel.kind not in ("log", "sighting"):
        return {}
    report = FieldReport.objects.select_related("photo", "voice").filter(act=parcel.act).first()
    found = {"photo": report.photo, "voice": report.voice} if report else {}
    return {name: stored for name, stored in found.items() if stored is not None}


@transaction.atomic
@system_read("the sender of the house notes what the hub answered")
def answered(uplink: Uplink, answers: list[dict[str, Any]]) -> bool:
    """Returns whether all of them are off the queue. One that the hub cannot take holds those
    behind it, so that order stays, until it is set aside."""
    moved = True
    for answer in answers:
        row = Parcel.objects.filter(uplink=uplink, act=answer["key"]).first()
        if row is None or row.state != Parcel.State.WAITING:
            continue
        row.words = str(answer.get("words", ""))[:300]
        if answer["state"] == "kept":
            moved = False
            row.tries += 1
            if row.tries >= MOST_TRIES and row.lane != Lane.DURESS:
                row.state = Parcel.State.STUCK
        else:
            row.state, row.sent_at, row.body = answer["state"], now(), {}
        row.save(update_fields=["words", "tries", "state", "sent_at", "body"])
    return moved
