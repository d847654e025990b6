"""Records of how people and vehicles looked, and the cameras whose records one may search."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from varangian.platform.access.scope import Actor

from ..models import Camera, SeenLooks

MOST = 20_000


def searchable(actor: Actor, operation: Any = None) -> list[Camera]:
    """Cameras that keep looks, or did: what they kept is there until its days are over."""
    found = Camera.objects.visible_to(actor, "camera.search").select_related("operation")
    if operation is not None:
        found = found.filter(operation=operation)
    kept = SeenLooks.objects.visible_to(actor).values("camera_id").distinct()
    return [*found.filter(keeps_looks=True), *found.filter(keeps_looks=False, pk__in=kept)]


def kept(
    actor: Actor, cameras: Sequence[Camera], kinds: Collection[str], since: datetime
) -> tuple[list[SeenLooks], bool]:
    """The newest first; True when there are more than are looked through."""
    rows = SeenLooks.objects.visible_to(actor).filter(camera__in=cameras, begun_at__gte=since)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    rows = rows.select_related("camera", "camera__operation").order_by("-begun_at")
    found = list(rows[: MOST + 1])
    return found[:MOST], len(found) > MOST
