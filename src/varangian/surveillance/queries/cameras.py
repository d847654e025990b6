"""Cameras, how they are, and who looked through them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, compartments_for, require

from ..models import Camera, CameraRun, CameraView, LivePart
from ..rules import cone
from ..services.cameras import circles_of
from ..services.sealing import unseal

FRESH = timedelta(seconds=10)
STILL_AGE = timedelta(minutes=2)


def cameras(actor: Actor, operation: Any = None, *, retired: bool = False) -> QuerySet[Camera]:
    found = Camera.objects.visible_to(actor).select_related("operation", "place", "run")
    if not retired:
        found = found.filter(retired_at=None)
    return found if operation is None else found.filter(operation=operation)


def camera(actor: Actor, pk: UUID) -> Camera:
    found = cameras(actor, retired=True).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such camera, or it is not yours to see", where=str(pk))
    return found


def state_of(camera: Camera) -> tuple[str, str, str]:
    """Tone, word and reason. What has not beaten for ten seconds is not live, whatever it says."""
    if camera.retired_at is not None:
        return "grey", "Retired", ""
    if not camera.running:
        return "grey", "Off", ""
    run: CameraRun = camera.run  # pyright: ignore
    if run.beat_at is None or now() - run.beat_at > FRESH:
        return "amber", "Waits for a worker", ""
    if run.state == CameraRun.State.LIVE:
        late = run.frame_at is None or now() - run.frame_at > FRESH
        return ("amber", "No new picture", "") if late else ("blue", "Live", "")
    if run.state == CameraRun.State.LOST:
        return "red", "Lost", run.reason
    return "amber", "Opening", ""


def places_for(actor: Actor, camera: Camera | None = None) -> list[Any]:
    """Places at which this camera may be: of its own circle and the engagement above it."""
    found = places.places(actor)
    if camera is not None:
        found = found.filter(compartment_id__in=circles_of(camera))
    return sorted(found, key=lambda one: one.name)


def owners(actor: Actor) -> list[Any]:
    """Operations and engagements in which this person may register a camera."""
    found = [*operations.operations(actor), *operations.engagements(actor)]
    if actor.is_system:
        return found
    allowed = compartments_for(actor, "camera.change")
    return [one for one in found if one.compartment_id in allowed]


def views(actor: Actor, camera: Camera) -> QuerySet[CameraView]:
    """Who watched: for the leader."""
    require(actor, "camera.oversee", camera.compartment_id)
    return CameraView.objects.visible_to(actor).filter(camera=camera).select_related("person")


def views_of(actor: Actor, operation: Any) -> QuerySet[CameraView]:
    found = CameraView.objects.visible_to(actor).filter(camera__operation=operation)
    return found.select_related("person", "camera")


def own_watching(actor: Actor, camera: Camera) -> bool:
    mine = CameraView.objects.visible_to(actor, "camera.watch")
    return mine.filter(camera=camera, person_id=actor.pk, ended_at=None).exists()


def parts(view: CameraView) -> list[LivePart]:
    """The newest parts of the run that is on now, oldest first. Whether the person may see them
    was asked when the view was looked up."""
    found = LivePart.objects.visible_to(view.person, "camera.watch")
    rows = list(
        found.filter(camera_id=view.camera_id, still=False).defer("sealed").order_by("-made_at")[:8]
    )
    if not rows or now() - rows[0].made_at > FRESH:
        return []
    return [row for row in reversed(rows) if row.run == rows[0].run]


def part(view: CameraView, run: str, number: int) -> bytes:
    found = LivePart.objects.visible_to(view.person, "camera.watch").filter(
        camera_id=view.camera_id, still=False, run=run, number=number
    )
    row = found.first()
    if row is None:
        raise NotFound("This part of the picture is over")
    return unseal(view.camera, bytes(row.sealed))


def still(actor: Actor, camera: Camera) -> bytes | None:
    require(actor, "camera.change", camera.compartment_id)
    found = LivePart.objects.visible_to(actor, "camera.change").filter(camera=camera, still=True)
    row = found.filter(made_at__gt=now() - STILL_AGE).order_by("-made_at").first()
    return None if row is None else unseal(camera, bytes(row.sealed))


def features(rows: Any, *, without: str = "") -> list[dict[str, Any]]:
    """Cameras and their fields of view as GeoJSON."""
    return [
        one
        for camera in rows
        if camera.position and str(camera.pk) != without
        for one in _of(camera)
    ]


def _of(camera: Camera) -> list[dict[str, Any]]:
    lat, lon = camera.position
    told = {
        "kind": "camera",
        "title": camera.name,
        "text": state_of(camera)[1],
        "url": reverse("surveillance:camera", args=[camera.pk]),
    }
    ring = cone(camera.position, camera.bearing, camera.width_deg, camera.reach_m)
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {**told, "radius_km": camera.reach_m / 1000},
        },
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": told,
        },
    ]
