"""One walk behind the principal at several cameras: found by a job, decided by a person."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from varangian.alerts.services import raise_alert, settle, supersede
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.crypto import keys
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce
from varangian.platform.thread.services import untie

from ..behind_ground import Ground, shown_of
from ..models import Camera, GroundTracks, WalkBehind
from .walks import KEPT, why_not

KIND = TOPIC = "walk_behind"
State = WalkBehind.State
UNDECIDED = timedelta(hours=24)
"""After that a walk that nobody looked at is erased."""
LEAST_CAMERAS = 3


@system_read("ways are compared whoever may see them")
def compare_due() -> int:
    """The tick: a job for each operation with ways of three cameras. Returns how many."""
    from ..jobs import compare_ways

    cameras: dict[UUID, set[UUID]] = defaultdict(set)
    rows = GroundTracks.objects.order_by().values_list("camera__operation_id", "camera_id")
    for operation, camera in rows.distinct():
        cameras[operation].add(camera)
    due = [pk for pk, found in cameras.items() if pk and len(found) >= LEAST_CAMERAS]
    for pk in due:
        mark = f"ways:{pk}"
        try:
            with transaction.atomic():
                compare_ways.configure(lock=mark, queueing_lock=mark).defer(operation=str(pk))
        except AlreadyEnqueued:
            continue
    return len(due)


def compare_one(pk: UUID) -> int:
    """Returns how many walks wait to be looked at that did not before."""
    with acting(SYSTEM, purpose="compare ways"):
        operation = operations.operations(SYSTEM).filter(pk=pk).first()
        if operation is None or why_not(operation):
            return 0
        found = _found(operation)
        return sum(keep_found(operation=operation, shown=one) is not None for one in found)


@system_read("what cameras and devices told in the last minutes")
def _found(operation: Any) -> list[dict[str, Any]]:
    from varangian.engines.vision.behaviours.behind import behind
    from varangian.tracking.queries import ways_of

    until = now()
    own, team = ways_of(SYSTEM, operation, since=until - KEPT, until=until)
    if len(own) < 2:
        return []
    ground = Ground(own[0][1])
    walks: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
    rows = GroundTracks.objects.filter(camera__operation=operation, at__gte=until - KEPT)
    for row in rows.order_by("at"):
        for name, points in row.walks.items():
            walks[str(row.camera_id), name] += points  # pyright: ignore
    seen = [ground.walk(*whose, points) for whose, points in walks.items()]
    principal = ground.device("principal", own)
    follows = behind(principal, [ground.device("team", way) for way in team], seen)
    names = dict(Camera.objects.filter(operation=operation).values_list("pk", "name"))
    known = {str(pk): name for pk, name in names.items()}
    return [shown_of(one, own, walks, known) for one in follows]


@transaction.atomic
@system_read("a walk behind the principal is kept by the house; who may see it, is asked later")
def keep_found(*, operation: Any, shown: dict[str, Any]) -> WalkBehind | None:
    """None for a walk that was told before; while it waits it is brought up to date."""
    mine = {part["walk"] for part in shown["parts"]}
    begun, ended = (datetime.fromtimestamp(shown["figures"][n], UTC) for n in ("begun", "ended"))
    words = _words(shown, begun, ended)
    recent = WalkBehind.objects.select_for_update().filter(
        operation=operation, last_at__gt=begun - KEPT
    )
    for row in recent:
        if mine & set(row.shown.get("walks", ())):
            if row.state == State.CANDIDATE:
                _go_on(row, shown, mine, ended, words)
            return None
    row = WalkBehind(
        compartment_id=operation.compartment_id,
        key=keys.create(),
        operation=operation,
        first_at=begun,
        expires_at=now() + UNDECIDED,
    )
    _go_on(row, shown, mine, ended, words)
    _ask(row)
    return row


def _go_on(
    row: WalkBehind, shown: dict[str, Any], mine: set[str], ended: datetime, words: str
) -> None:
    row.shown = {**shown, "walks": sorted(mine | set((row.shown or {}).get("walks", ())))}
    row.cameras, row.last_at, row.words = shown["figures"]["cameras"], ended, words
    row.save()
    publish(topic=TOPIC, record=row.pk, compartment_id=row.compartment_id)


def _words(shown: dict[str, Any], begun: datetime, ended: datetime) -> str:
    minutes = max(1, round((ended - begun).total_seconds() / 60))
    cameras = plural(shown["figures"]["cameras"], "camera")
    return f"The same walk behind the principal at {cameras} in {plural(minutes, 'minute')}: look"


def _ask(row: WalkBehind) -> None:
    """Of a way, never of a person: nobody is described, and nothing is said to be meant."""
    last = row.shown["parts"][-1]
    raise_alert(
        operation=row.operation,
        title=row.words,
        source=KIND,
        dedupe=f"walk:{row.pk}",
        urgency="attention",
        about=row.pk,
        place=last["name"],
        body="A machine compared ways. It does not know who anybody is, nor why they walk there.",
        action="Look at the map and the time line, look at the place, then say what it was.",
        position=list(last["points"][-1][1:]) if last["points"] else None,
    )


@transaction.atomic
def decide_walk(*, actor: Actor, walk: WalkBehind, confirmed: bool, words: str = "") -> WalkBehind:
    """Somebody followed: kept for the days of its cameras. Nobody did: its points are erased."""
    require(actor, "walk.decide", walk.compartment_id)
    if actor.is_system:
        raise Refused("A person decides, not the house", where="who", mend="Sign in as yourself.")
    rows = WalkBehind.objects.visible_to(actor).select_related("operation")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=walk.pk).first()
    if row is None:
        raise NotFound("This walk was erased")
    if row.state != State.CANDIDATE:
        said = row.get_state_display().lower()  # pyright: ignore
        raise Refused(f"This was decided: {said}", where="state")
    said = " ".join(words.split())
    if len(said) > 400:
        raise Refused("This has up to 400 characters", where="words")
    if confirmed:
        row.expires_at = now() + timedelta(days=_days(row))
    else:
        row.shown = {"walks": row.shown["walks"]}
    row.state = State.CONFIRMED if confirmed else State.DENIED
    row.decided_by, row.decided_at, row.said = actor, now(), said
    row.save()
    done = row.get_state_display()  # pyright: ignore
    settle(source=KIND, about=row.pk, state="resolved", reason=done, actor=actor)
    announce(
        topic=TOPIC,
        event="decided",
        text=f"Walk behind the principal at {plural(row.cameras, 'camera')}: {done.lower()}",
        compartment_id=row.compartment_id,
        operation_id=row.operation_id,
        actor=actor,
    )
    return row


@system_read("how long the cameras of a walk keep what they saw")
def _days(row: WalkBehind) -> int:
    pks = {part["camera"] for part in row.shown["parts"]}
    found = Camera.objects.filter(pk__in=pks).values_list("retention_days", flat=True)
    return min(found, default=1)


@system_read("walks end by themselves")
def end_walks() -> int:
    """The tick: row and key; nothing of it opens again, here or in a backup."""
    found = list(WalkBehind.objects.filter(expires_at__lte=now()))
    for row in found:
        pk, key, where = row.pk, row.key_id, row.compartment_id  # pyright: ignore
        supersede(source=KIND, about=pk, reason="Erased")
        untie(right=(KIND, pk))
        row.delete()
        keys.destroy(key)
        publish(topic=TOPIC, record=pk, compartment_id=where)
    return len(found)
