"""Recorders that are asked over HTTP, and their picture of one event, shown and not kept.

The tick only hands out jobs: a slow recorder must hold up no escalation. Between asking and
keeping no transaction is open.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.storage.images import read_picture

from ..models import CameraView, SeenEvent, Sensor
from ..sensors import recorder
from ..sensors.recorder import News, Recorder, Silent
from .sealing import unseal
from .sensing import hear_all
from .watching import purpose_of

EVERY = timedelta(seconds=10)
LONGEST = timedelta(minutes=5)
OVER = ("closed", "cancelled")


@system_read("recorders are asked whoever may see them")
def ask_due() -> int:
    """The tick: a job for each recorder whose time has come. Returns how many."""
    from ..jobs import ask_recorder

    count = 0
    for pk in _asked().filter(ask_at__lte=now()).values_list("pk", flat=True)[:200]:
        mark = f"recorder:{pk}"
        try:
            with transaction.atomic():
                ask_recorder.configure(lock=mark, queueing_lock=mark).defer(sensor=str(pk))
        except AlreadyEnqueued:
            continue
        count += 1
    return count


@system_read("recorders that are asked")
def _asked():
    found = Sensor.objects.filter(removed_at=None, ask_at__isnull=False)
    return found.exclude(operation__state__in=OVER).select_related("operation")


def ask_one(pk: UUID) -> int:
    """Asks once and keeps what is new; returns how much."""
    with acting(SYSTEM, purpose="ask a recorder"):
        sensor = _taken(pk)
    if sensor is None:
        return 0
    try:
        news: News | None = recorder.ask(_recorder(sensor), sensor.asked_to or now().timestamp())
        fault = ""
    except Silent as why:
        news, fault = None, str(why)
    with acting(SYSTEM, purpose="ask a recorder"):
        return keep_news(sensor=sensor, news=news, fault=fault)


@system_read("a recorder is asked by one job at a time")
def _taken(pk: UUID) -> Sensor | None:
    """None when another has just asked it."""
    due = _asked().filter(pk=pk, ask_at__lte=now())
    if not due.update(ask_at=now() + EVERY):
        return None
    return _asked().get(pk=pk)


@transaction.atomic
@system_read("what a recorder says is kept by the house")
def keep_news(*, sensor: Sensor, news: News | None, fault: str = "") -> int:
    """An answer without events is a sign of life; after a failure it is asked less often."""
    row = _asked().select_for_update(of=("self",)).filter(pk=sensor.pk).first()
    if row is None:
        return 0
    present, kept = now(), 0
    if news is not None:
        row.asked_to = news.after
        kept = hear_all(sensor=row, told=news.told)
        row.heard_at, row.silent_since = present, None
    row.ask_fault, row.ask_failures = fault[:120], row.ask_failures + 1 if fault else 0
    row.ask_at = present + min(LONGEST, EVERY * 2 ** min(row.ask_failures, 8))
    if not fault:
        row.ask_at = present + EVERY
    fields = ["asked_to", "heard_at", "silent_since", "ask_fault", "ask_failures", "ask_at"]
    row.save(update_fields=fields)
    return kept


def has_picture(event: SeenEvent) -> bool:
    """Of an event whose camera keeps a picture of it; or of a recorder that is asked, and whose
    camera has no private areas here: the recorder does not know of those."""
    if event.still:
        return True
    sensor = event.sensor
    if sensor is None or sensor.ask_at is None or not event.key_of_source:
        return False
    return not (event.camera and event.camera.masks)


@transaction.atomic
def look_at(*, actor: Actor, event: SeenEvent, purpose: str) -> bytes:
    """The picture that was kept with the event; or the recorder's own, fetched now, decoded and
    written anew, kept nowhere. The look is on record with its purpose, for the leader as well when
    the camera is one of ours."""
    require(actor, "camera.watch", event.compartment_id)
    if actor.is_system:
        raise Refused("A person looks, not the house", where="who", mend="Sign in as yourself.")
    words = purpose_of(purpose)
    if not has_picture(event):
        raise Refused(
            "There is no picture of this event",
            where="event",
            mend="A camera that keeps one has it, or a recorder that is asked, unless its camera "
            "has private areas.",
        )
    shown = picture_of(event)
    present = now()
    if event.camera is not None:
        CameraView.objects.create(
            compartment_id=event.compartment_id,
            key_id=event.camera.key_id,
            camera=event.camera,
            person_id=actor.pk,
            purpose=words,
            ended_at=present,
        )
    note(kind="watch", record=event, actor=actor, purpose=words)
    return shown


def picture_of(event: SeenEvent) -> bytes:
    """Whoever asks has been asked for a purpose."""
    if event.still and event.camera is not None:
        return unseal(event.camera, bytes(event.still))
    sensor: Any = event.sensor
    try:
        told = recorder.picture(_recorder(sensor), event.key_of_source.rpartition(":")[0])
    except Silent as why:
        raise Refused(str(why), where=sensor.name) from why
    return read_picture(told, "picture of the recorder").preview


def _recorder(sensor: Sensor) -> Recorder:
    return Recorder(sensor.address, sensor.access)
