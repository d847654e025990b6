"""A fence as data."""

from typing import Any

from ..models import Fence


def fence_shape(fence: Fence) -> dict[str, Any]:
    return {
        "id": fence.pk,
        "operation": fence.operation.slug,
        "name": fence.name,
        "purpose": fence.purpose or "",
        "kind": fence.kind,
        "position": None if fence.lat is None else [fence.lat, fence.lon],
        "radius_m": fence.radius_m,
        "ring": fence.ring,
        "margin_m": fence.margin_m,
        "tells": fence.tells,
        "about": fence.about,
        "urgency": fence.urgency,
        "made_at": fence.made_at,
    }
