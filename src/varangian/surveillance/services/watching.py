"""Looking through a camera: begun with a purpose, kept while the picture is fetched, on record."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..models import Camera, CameraRun, CameraView

IDLE = timedelta(seconds=25)
"""A view whose picture nobody fetched for so long is over."""
TOUCH = timedelta(seconds=4)
LONGEST = timedelta(hours=12)
LEAST_WORDS = 4


@transaction.atomic
def begin_view(*, actor: Actor, camera: Camera, purpose: str) -> CameraView:
    """On record before the first picture is shown."""
    require(actor, "camera.watch", camera.compartment_id)
    if actor.is_system:
        raise Refused("A person watches, not the house", where="who", mend="Sign in as yourself.")
    words = purpose_of(purpose)
    if camera.retired_at is not None:
        raise Refused("This camera is retired", where=camera.name)
    view = CameraView.objects.create(
        compartment_id=camera.compartment_id,
        key_id=camera.key_id,
        camera=camera,
        person_id=actor.pk,
        purpose=words,
    )
    note(kind="watch", record=camera, actor=actor, purpose=words)
    publish(topic="views", record=camera.pk, compartment_id=camera.compartment_id)
    return view


def purpose_of(text: str) -> str:
    """In one line. Raises Refused for none."""
    words = " ".join(text.split())
    if not LEAST_WORDS <= len(words) <= 200:
        raise Refused(
            "Say in a few words why you look",
            where="purpose",
            mend="Such as: arrival of the principal. The leader sees it.",
        )
    return words


@system_read("a view is of the person who began it; whether they still may is asked each time")
def own_view(actor: Actor, pk: UUID) -> CameraView:
    """For each playlist and each part: still the same person, still allowed, still open."""
    found = CameraView.objects.select_related("camera").filter(pk=pk, person_id=actor.pk).first()
    if found is None:
        raise NotFound("There is no such view, or it is not yours")
    require(actor, "camera.watch", found.compartment_id)
    present = now()
    over = found.ended_at is not None or present - found.seen_at > IDLE
    if over or present - found.began_at > LONGEST or found.camera.retired_at is not None:
        raise NotFound("This view is over", mend="Open the camera again.")
    if present - found.seen_at > TOUCH:
        CameraView.objects.filter(pk=pk).update(seen_at=present)
    return found


@transaction.atomic
@system_read("a view is ended by the person who began it")
def end_view(*, actor: Actor, pk: UUID) -> None:
    found = CameraView.objects.select_for_update().filter(pk=pk, person_id=actor.pk).first()
    if found is None:
        raise NotFound("There is no such view, or it is not yours")
    if found.ended_at is not None:
        return
    if now() - found.seen_at < IDLE:
        found.seen_at = now()
    close(found)


@system_read("the end of a view is noted by the house")
def close(view: CameraView) -> None:
    view.ended_at = view.seen_at
    CameraView.objects.filter(pk=view.pk).update(ended_at=view.ended_at, seen_at=view.seen_at)
    note(
        kind="watched",
        record=view.camera,
        actor=view.person,
        purpose=f"{view.seconds} s: {view.purpose}"[:400],
    )
    publish(topic="views", record=view.camera_id, compartment_id=view.compartment_id)


@system_read("a camera gives its picture away only while somebody watches")
def watched(camera: UUID) -> bool:
    fresh = CameraView.objects.filter(camera_id=camera, ended_at=None, seen_at__gt=now() - IDLE)
    return fresh.exists()


@transaction.atomic
@system_read("who may change a camera may ask for a still; the asking is on record")
def ask_still(*, actor: Actor, camera: Camera) -> None:
    require(actor, "camera.change", camera.compartment_id)
    wanted = Q(still_wanted_at=None) | Q(still_wanted_at__lt=now() - IDLE)
    if CameraRun.objects.filter(wanted, camera=camera).update(still_wanted_at=now()):
        note(kind="still", record=camera, actor=actor, purpose="a still to draw the masks on")
