"""How many people there are before a camera, by zone and door, without knowing who."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from varangian.engines.vision.counts.counting import UNDER_COUNT_FROM
from varangian.engines.vision.counts.drawn import WHOLE
from varangian.kernel.clock import now
from varangian.operations.counting import Place
from varangian.operations.events import people_counted
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.live.services import publish

from ..models import Camera, ZoneCount
from ..titles import drawn_of, titles_of
from .placing import Grip, held

STALE = timedelta(seconds=60)
"""Without a word for so long, how many are there now is unknown: never nobody."""
MOST_ZONES = 400


@transaction.atomic
@system_read("what a camera counts is kept by the house")
def add_counts(*, grip: Grip, rows: list[dict[str, Any]]) -> None:
    """``rows``: what came and went since the last call, and who is there now. Only from the job
    that holds the camera."""
    camera = held(grip).camera
    present = now()
    minute = present.replace(second=0, microsecond=0)
    expires = present + timedelta(days=camera.retention_days)
    for row in rows[:MOST_ZONES]:
        there = {} if row["door"] else {"inside": int(row["inside"]), "per_m2": _share(row)}
        entered, left = max(0, int(row["entered"])), max(0, int(row["left"]))
        most = None if row["door"] else int(row["most"])
        made, new = ZoneCount.objects.get_or_create(
            camera=camera, zone=str(row["zone"])[:60], at=minute,
            defaults={
                "compartment_id": camera.compartment_id, "told_at": present, "most": most,
                "entered": entered, "left": left, "expires_at": expires, **there,
            },
        )  # fmt: skip
        if not new:
            ZoneCount.objects.filter(pk=made.pk).update(
                told_at=present, entered=F("entered") + entered, left=F("left") + left,
                most=None if most is None else max(most, made.most or 0), **there,
            )  # fmt: skip
    publish(topic="counts", record=camera.pk, compartment_id=camera.compartment_id)
    if camera.operation_id is not None:  # pyright: ignore[reportAttributeAccessIssue]
        people_counted.send(
            Camera, operation_id=camera.operation_id, source=camera.pk,  # pyright: ignore
            rows=[_told(row) for row in rows[:MOST_ZONES]],
        )  # fmt: skip


def _told(row: dict[str, Any]) -> dict[str, Any]:
    door = bool(row["door"])
    return {
        "zone": str(row["zone"])[:60], "door": door, "people": None if door else int(row["inside"]),
        "entered": max(0, int(row["entered"])), "left": max(0, int(row["left"])),
        "under_counted": not door and (_share(row) or 0.0) >= UNDER_COUNT_FROM,
    }  # fmt: skip


def counted_places(actor: Actor, operation: Any) -> list[Place]:
    """The areas and lines that the cameras of an operation count by."""
    found = Camera.objects.visible_to(actor).filter(operation=operation, retired_at=None)
    return [
        Place(camera.pk, camera.name, zone, title, line)
        for camera in found.order_by("name")
        for zone, title, line in drawn_of(camera)
    ]


def _share(row: dict[str, Any]) -> float | None:
    return None if row["per_m2"] is None else float(row["per_m2"])


@system_read("numbers without anybody's name, of a camera that the caller has looked up")
def counts_since(camera: Camera, at: datetime) -> list[dict[str, Any]]:
    """Each zone and door since ``at``: who came in and out, and who is inside now.

    ``inside`` and ``per_m2`` are None when nothing was counted for a minute, and for doors.
    ``under_counted``: so dense that a camera sees too few. The whole picture comes first.
    """
    rows = ZoneCount.objects.filter(camera=camera, at__gte=at.replace(second=0, microsecond=0))
    zones: dict[str, dict[str, Any]] = {}
    named = titles_of(camera)
    for row in rows.order_by("at"):
        one = zones.setdefault(
            row.zone,
            {
                "zone": row.zone, "title": named.get(row.zone, row.zone), "entered": 0, "left": 0,
                "most": None, "door": row.most is None,
            },
        )  # fmt: skip
        one["entered"] += row.entered
        one["left"] += row.left
        if row.most is not None:
            one["most"] = max(row.most, one["most"] or 0)
        fresh = now() - row.told_at <= STALE
        one["inside"] = row.inside if fresh else None
        one["per_m2"] = row.per_m2 if fresh else None
        one["under_counted"] = (one["per_m2"] or 0.0) >= UNDER_COUNT_FROM
        one["as_of"] = row.told_at
    return sorted(zones.values(), key=lambda one: (one["zone"] != WHOLE, one["door"], one["title"]))
