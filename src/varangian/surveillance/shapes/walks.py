"""Walks behind the principal over the API and at the console."""

from typing import Any

from ..models import WalkBehind


def walk_shape(walk: WalkBehind, *, whole: bool = False) -> dict[str, Any]:
    """``whole``: with the principal's way and the tracks; both empty once it was denied."""
    told = {
        "id": walk.pk,
        "operation": walk.operation.slug,
        "state": walk.state,
        "words": walk.words,
        "first_at": walk.first_at,
        "last_at": walk.last_at,
        "cameras": walk.cameras,
        "decided_by": str(walk.decided_by) if walk.decided_by else None,
        "decided_at": walk.decided_at,
        "said": walk.said,
        "expires_at": walk.expires_at,
    }
    if whole:
        shown = walk.shown or {}
        told |= {
            "figures": shown.get("figures", {}),
            "principal": shown.get("principal", []),
            "parts": [
                {name: part[name] for name in ("camera", "name", "points")}
                for part in shown.get("parts", [])
            ],
        }
    return told
