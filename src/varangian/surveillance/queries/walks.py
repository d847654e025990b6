"""Walks behind the principal, and whether ways are compared now."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.kernel.words import plural
from varangian.platform.access.scope import Actor

from ..models import Camera, WalkBehind
from ..services.walks import why_not

LEAST_CAMERAS = 3


def walks(actor: Actor, operation: Any = None) -> QuerySet[WalkBehind]:
    found = WalkBehind.objects.visible_to(actor).select_related("operation", "decided_by")
    return found if operation is None else found.filter(operation=operation)


def walk(actor: Actor, pk: UUID) -> WalkBehind:
    found = walks(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such walk, or it was erased", where=str(pk))
    return found


def compared(actor: Actor, operation: Any) -> tuple[bool, str]:
    """Whether ways are compared now, and in words why not or at which cameras."""
    rows = Camera.objects.visible_to(actor).filter(
        operation=operation, keeps_tracks=True, retired_at=None
    )
    told = [one.name for one in rows if one.behaviours and one.position]
    if len(told) < LEAST_CAMERAS:
        return False, (
            f"{plural(len(told), 'camera')} of yours may compare ways; three are needed, each with "
            "this in its record, rules that say where the ground lies, and its place on the map"
        )
    if words := why_not(operation):
        return False, words
    return True, ", ".join(sorted(told))


def features(walk: WalkBehind) -> list[dict[str, Any]]:
    """The principal's way and each track as GeoJSON; nothing once it was denied."""
    shown = walk.shown or {}
    rows = [("The principal's way", shown.get("principal", ()))]
    rows += [(f"Behind, at {one['name']}", one["points"]) for one in shown.get("parts", ())]
    return [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[p[2], p[1]] for p in points]},
            "properties": {"kind": "trail" if n else "movement", "title": title},
        }
        for n, (title, points) in enumerate(rows)
        if len(points) > 1
    ]


def time_line(walk: WalkBehind) -> list[dict[str, Any]]:
    """For each camera from when to when, as shares of the whole in thousandths."""
    parts = [one for one in (walk.shown or {}).get("parts", ()) if one["points"]]
    if not parts:
        return []
    first, last = (pick(p[0] for one in parts for p in one["points"]) for pick in (min, max))
    span = max(1.0, last - first)
    return [
        {
            "camera": one["camera"],
            "name": one["name"],
            "from": one["points"][0][0],
            "until": one["points"][-1][0],
            "x": round(1000 * (one["points"][0][0] - first) / span),
            "width": max(4, round(1000 * (one["points"][-1][0] - one["points"][0][0]) / span)),
            "y": 40 * n,
        }
        for n, one in enumerate(parts)
    ]
