"""Which cameras a deployment record may name, and which records a camera compares on now.

A record belongs to an operation. It names cameras of its own, and cameras of the engagement above
it, such as at the residence: those stay with whoever may know of the engagement.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, system_read

from ...models import Camera, DeploymentCamera, FaceDeployment
from ...rules import within

OVER = ("closed", "cancelled")


def nameable(actor: Actor, operation: Any) -> QuerySet[Camera]:
    """An exercise names no camera of the engagement: it would compare true faces."""
    above = operation.compartment.parent_id
    own = Q(operation=operation)
    if above is not None and not operation.compartment.exercise:
        own |= Q(operation=None, compartment_id=above)
    return Camera.objects.visible_to(actor).filter(own, retired_at=None).select_related("run")


def name_cameras(actor: Actor, record: FaceDeployment, cameras: Iterable[Camera]) -> None:
    known = set(nameable(actor, record.operation).values_list("pk", flat=True))
    for camera in {one.pk: one for one in cameras}.values():
        if camera.pk not in known:
            raise Refused(
                "This is no camera of the operation or its engagement",
                where=f"cameras, {camera.name}",
            )
        DeploymentCamera.objects.create(
            compartment_id=record.compartment_id, deployment=record, camera=camera
        )
    if not DeploymentCamera.objects.visible_to(SYSTEM).filter(deployment=record).exists():
        raise Refused("Name the cameras", where="cameras", mend="All others compare nothing.")


@system_read("what a record names besides what this person may know of stays named")
def forget_named(actor: Actor, record: FaceDeployment) -> None:
    seen = Camera.objects.visible_to(actor).values("pk")
    DeploymentCamera.objects.filter(deployment=record, camera__in=seen).delete()


@system_read("how many cameras there are besides is told, which they are is not")
def cameras_of(actor: Actor, record: FaceDeployment) -> tuple[list[Camera], int]:
    """Those that this person may know of, and how many there are besides."""
    named = DeploymentCamera.objects.filter(deployment=record).values("camera_id")
    rows = list(Camera.objects.visible_to(actor).filter(pk__in=named).order_by("name"))
    return rows, len(named) - len(rows)


@system_read("a camera may compare faces whoever asks; the record says so, not a person")
def all_in_force(camera: Camera, at: datetime | None = None) -> list[FaceDeployment]:
    """The signed records that name this camera and cover this moment: one of the engagement may be
    named by several of its operations, each with people of its own."""
    moment = at or now()
    found = FaceDeployment.objects.select_related("operation").filter(
        state=FaceDeployment.State.SIGNED,
        named__camera=camera,
        valid_from__lte=moment,
        valid_until__gt=moment,
    )
    if camera.operation_id is not None:
        found = found.filter(operation_id=camera.operation_id)
    else:
        above = {"operation__compartment__parent_id": camera.compartment_id}
        found = found.filter(**above, operation__compartment__exercise=False)
        found = found.exclude(operation__state__in=OVER)
    return [record for record in found.order_by("signed_at") if _hours(record, moment)]


def _hours(record: FaceDeployment, moment: datetime) -> bool:
    clock = moment.astimezone(ZoneInfo(record.operation.time_zone)).time()
    return within(clock, record.begins, record.ends)


def in_force(camera: Camera, at: datetime | None = None) -> FaceDeployment | None:
    return next(iter(all_in_force(camera, at)), None)
