"""Which job holds a camera, and the fence in front of everything that it writes.

Each camera that should run has one never-ending job in the queue ``vision``. The pair of its
number and its attempt only grows; a run that was started later owns the camera from then on, and
whatever an earlier owner still tries to write finds no row and is refused.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued

from varangian.kernel.clock import now
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..models import Camera, CameraRun, LivePart
from .watching import watched

BUSY = "select 1 from procrastinate_jobs where lock = %s and status in ('todo', 'doing') limit 1"
HEALTH = ("fps", "size", "codec", "jumps", "events_at", "events_reason")
STALE = timedelta(seconds=10)
STILL_WAIT = timedelta(seconds=30)
RING = 12


class Fenced(Exception):
    """Another job holds the camera now: stop, and write nothing more."""


@dataclass(frozen=True)
class Grip:
    """One attempt of one job at one camera."""

    camera: UUID
    job: int
    attempt: int


@dataclass(frozen=True)
class Order:
    """What the child is to do; asked for with every beat."""

    source: str
    masks: list[Any]
    watched: bool
    still: bool
    behaviours: str = ""
    faces: str = ""
    """Mark of the templates that may be compared; empty for none. Themselves they are fetched by
    the runner when the mark changes, and kept by the child alone."""
    keeps_looks: bool = False
    onvif: dict[str, str] | None = None
    """Where its own events are pulled from, with user and password; never told to the child."""
    plates: str | None = None
    """The countries whose number plates are read, empty for all; None where none are read."""
    stills: bool = False
    """One picture goes with an event of behaviour."""
    tracks: bool = False
    """Where people walk is told, as places on the map: only while an operation is under way."""


def lock_of(camera: UUID) -> str:
    return f"camera:{camera}"


@system_read("cameras run whoever may see them")
def place_all() -> int:
    """The tick: a job for each camera that has none. Returns how many were new."""
    from ..jobs import run_camera

    placed = 0
    for pk in _wanted().values_list("pk", flat=True):
        with connection.cursor() as cursor:
            cursor.execute(BUSY, [lock_of(pk)])
            if cursor.fetchone():
                continue
        try:
            with transaction.atomic():
                run_camera.configure(lock=lock_of(pk), queueing_lock=lock_of(pk)).defer(
                    camera=str(pk)
                )
        except AlreadyEnqueued:
            continue
        placed += 1
    _tell_stale()
    return placed


@system_read("cameras run whoever may see them")
def _wanted():
    """Of operations that are not over, and of engagements."""
    open_ = Q(operation=None) | ~Q(operation__state__in=("closed", "cancelled"))
    return Camera.objects.filter(open_, running=True, retired_at=None)


@system_read("a camera whose owner fell silent is shown as waiting")
def _tell_stale() -> None:
    """Its worker died, and no other has taken it yet: that is not live."""
    stale = CameraRun.objects.exclude(state=CameraRun.State.WAITING)
    for run in stale.filter(Q(beat_at__lt=now() - STALE) | Q(beat_at=None)):
        run.state, run.since = CameraRun.State.WAITING, now()
        run.save(update_fields=["state", "since"])
        publish(topic="cameras", record=run.camera_id, compartment_id=run.compartment_id)


@transaction.atomic
@system_read("a job takes its camera")
def claim(*, grip: Grip, owner: str) -> Order | None:
    """From here on earlier attempts are fenced off. None: nobody wants it to run any more."""
    run = CameraRun.objects.select_for_update().filter(camera_id=grip.camera).first()
    if run is None or not _wanted().filter(pk=grip.camera).exists():
        return None
    if (run.job, run.attempt) > (grip.job, grip.attempt):
        raise Fenced
    run.job, run.attempt, run.owner = grip.job, grip.attempt, owner[:120]
    run.beat_at = now()
    run.save(update_fields=["job", "attempt", "owner", "beat_at"])
    set_state(grip=grip, state=CameraRun.State.OPENING)
    return _order(run)


@system_read("the fence")
def held(grip: Grip) -> CameraRun:
    """The row, locked until the transaction ends; raises Fenced when it belongs to another."""
    run = (
        CameraRun.objects.select_for_update(of=("self",))
        .select_related("camera")
        .filter(camera_id=grip.camera, job=grip.job, attempt=grip.attempt)
        .first()
    )
    if run is None:
        raise Fenced
    return run


@transaction.atomic
@system_read("the owner of a camera says that it lives")
def beat(*, grip: Grip, health: dict[str, Any]) -> Order | None:
    """Once a second. None: switched off or retired meanwhile."""
    run = held(grip)
    if not _wanted().filter(pk=grip.camera).exists():
        set_state(grip=grip, state=CameraRun.State.WAITING, reason="Switched off")
        return None
    run.beat_at = now()
    for name in HEALTH:
        if name in health:
            setattr(run, name, health[name])
    if health.get("frames"):
        run.frame_at = run.beat_at
    run.save(update_fields=["beat_at", "frame_at", *HEALTH])
    return _order(run)


def _order(run: CameraRun) -> Order:
    from .faces.matching import stamp
    from .walks import wanted

    camera = run.camera
    asked = run.still_wanted_at
    still = asked is not None and now() - asked < STILL_WAIT
    masks, seen = list(camera.masks or []), watched(run.camera_id)
    plates = camera.plate_countries if camera.reads_plates and camera.operation_id else None
    return Order(
        camera.source, masks, seen, still, camera.behaviours, stamp(camera), camera.keeps_looks,
        camera.onvif or None,
        plates, camera.keeps_stills, wanted(camera),
    )  # fmt: skip


@transaction.atomic
@system_read("the owner of a camera tells its state")
def set_state(*, grip: Grip, state: str, reason: str = "") -> None:
    run = held(grip)
    if (run.state, run.reason) == (state, reason):
        return
    before = run.state
    if state == CameraRun.State.LOST and before != state:
        run.losses += 1
    run.since = run.since if run.state == state else now()
    run.state, run.reason = state, reason[:120]
    run.save(update_fields=["state", "reason", "since", "losses"])
    camera = run.camera
    if state == CameraRun.State.LOST and before == CameraRun.State.LIVE:
        announce(
            topic="cameras",
            event="lost",
            text=f"Camera lost: {camera.name}. {reason}",
            compartment_id=camera.compartment_id,
            operation_id=camera.operation_id,
            record=("camera", camera.pk),
            actor=SYSTEM,
        )
    else:
        publish(topic="cameras", record=camera.pk, compartment_id=camera.compartment_id)


@transaction.atomic
@system_read("the owner of a camera gives the picture to those who watch")
def keep_part(*, grip: Grip, opened: str, number: int, seconds: float, data: bytes) -> None:
    from .sealing import seal

    run = held(grip)
    camera = run.camera
    LivePart.objects.create(
        compartment_id=camera.compartment_id,
        camera=camera,
        run=f"{grip.job}-{grip.attempt}-{opened}"[:60],
        number=number,
        seconds=seconds,
        sealed=seal(camera, data),
    )
    old = (
        LivePart.objects.filter(camera=camera, still=False)
        .order_by("-made_at")
        .values_list("pk", flat=True)[RING : RING + 50]
    )
    LivePart.objects.filter(pk__in=list(old)).delete()


@transaction.atomic
@system_read("a still for whoever draws the masks")
def keep_still(*, grip: Grip, data: bytes) -> None:
    from .sealing import seal

    run = held(grip)
    LivePart.objects.filter(camera_id=grip.camera, still=True).delete()
    LivePart.objects.create(
        compartment_id=run.compartment_id,
        camera_id=grip.camera,
        run="",
        number=0,
        seconds=0,
        still=True,
        sealed=seal(run.camera, data),
    )
    CameraRun.objects.filter(pk=run.pk).update(still_wanted_at=None)


@transaction.atomic
@system_read("a worker that ends lets its camera go at once")
def let_go(*, grip: Grip) -> None:
    run = held(grip)
    CameraRun.objects.filter(pk=run.pk).update(beat_at=None, state="waiting", since=now())
