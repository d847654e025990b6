"""Where people walk before a camera: taken only while it may be compared, gone within minutes.

Without an operation under way whose principal's way is known, no camera gives a track, and what
one gave before is dropped. Nothing here is shown, exported or backed up.
"""

from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km, valid_lat_lon
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.principals.queries import private_now
from varangian.tracking.queries import place_of

from ..models import Camera, GroundTracks
from .placing import Grip, held

KEPT = timedelta(minutes=25)
"""With a round of the tick every half minute, nothing is there for half an hour."""
FRESH = timedelta(minutes=2)
MOST_WALKS, MOST_POINTS = 200, 40
BEYOND_M = 150.0
LATE_S = 60.0


@system_read("asked with every beat: whether a camera may tell where people walk")
def wanted(camera: Camera) -> bool:
    if not (camera.keeps_tracks and camera.behaviours and camera.position):
        return False
    return camera.operation is not None and not why_not(camera.operation)


@system_read("whether ways may be compared now, without saying where anybody is")
def why_not(operation: Any) -> str:
    """In words; empty while the principal's way is known and the operation is under way."""
    if operation.state != "active":
        return "The operation is not under way"
    if private_now(operation.principal_id):
        return "The principal is left alone now"
    here = place_of(SYSTEM, operation)
    if here is None or now() - here.at > FRESH:
        return "Nobody knows where the principal is: no device of theirs tells it now"
    return ""


@transaction.atomic
@system_read("ways are kept by the house for minutes")
def keep_walks(*, grip: Grip, rows: dict[str, Any]) -> GroundTracks | None:
    """Only from the job that holds the camera, while it may; places far from the camera are not
    believed."""
    camera = held(grip).camera
    if not wanted(camera):
        return None
    present = now()
    walks = {
        str(name)[:24]: points
        for name, given in list(rows.items())[:MOST_WALKS]
        if (points := _points(camera, given, present))
    }
    if not walks:
        return None
    return GroundTracks.objects.create(
        compartment_id=camera.compartment_id,
        key_id=camera.key_id,
        camera=camera,
        walks=walks,
        at=present,
    )


def _points(camera: Camera, given: Any, present: datetime) -> list[list[float]]:
    found, here = [], (camera.position[0], camera.position[1])
    for ago, lat, lon in given[:MOST_POINTS]:
        near = valid_lat_lon(lat, lon) and (
            haversine_km(here, (lat, lon)) * 1000 <= camera.reach_m + BEYOND_M
        )
        if near and isfinite(ago) and 0 <= ago <= LATE_S:
            at = round(present.timestamp() - ago, 2)
            found.append([at, round(float(lat), 6), round(float(lon), 6)])
    return sorted(found)


@system_read("ways are forgotten by the house")
def forget_walks() -> int:
    """The tick: what is old, and all of cameras and operations that may compare nothing now."""
    count, _ = GroundTracks.objects.filter(at__lt=now() - KEPT).delete()
    rows = GroundTracks.objects.order_by().values_list("camera_id", flat=True).distinct()
    cameras = Camera.objects.select_related("operation").filter(pk__in=list(rows))
    for camera in cameras:
        if not _compares(camera):
            count += GroundTracks.objects.filter(camera=camera).delete()[0]
    return count


def _compares(camera: Camera) -> bool:
    operation: Any = camera.operation
    if operation is None or operation.state != "active" or not camera.keeps_tracks:
        return False
    return not private_now(operation.principal_id)
