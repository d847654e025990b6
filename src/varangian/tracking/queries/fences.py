"""Fences, and who is where of them."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import Fence, FenceSide


def fences(actor: Actor, operation: Any = None) -> QuerySet[Fence]:
    found = Fence.objects.visible_to(actor).filter(removed_at=None).select_related("operation")
    return found if operation is None else found.filter(operation=operation)


def fence(actor: Actor, pk: UUID) -> Fence:
    found = fences(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such fence, or it is not yours to see", where=str(pk))
    return found


def fences_with_sides(actor: Actor, operation: Any) -> list[dict[str, Any]]:
    """Each fence with those who are inside by the last word of their device, and since when."""
    sides = FenceSide.objects.visible_to(actor).filter(
        fence__operation=operation, inside=True, device__revoked_at=None
    )
    inside: dict[UUID, list[FenceSide]] = defaultdict(list)
    for side in sides.select_related("device", "device__person").order_by("device__label"):
        inside[side.fence_id].append(side)
    return [{"fence": row, "inside": inside[row.pk]} for row in fences(actor, operation)]


def fence_features(
    actor: Actor, operation: Any = None, *, without: str = ""
) -> list[dict[str, Any]]:
    """As GeoJSON; a leash has no place of its own."""
    shown = [row for row in fences(actor, operation) if row.kind != Fence.Kind.LEASH]
    return [_feature(row) for row in shown if str(row.pk) != without]


def _feature(row: Fence) -> dict[str, Any]:
    told = {
        "kind": "fence",
        "title": row.name,
        "text": row.get_tells_display(),
        "url": reverse("tracking:fence", args=[row.pk]),
    }
    if row.kind == Fence.Kind.OUTLINE:
        ring = [[lon, lat] for lat, lon in [*row.ring, row.ring[0]]]
        return {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": told,
        }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {**told, "radius_km": row.radius_m / 1000},
    }
