"""Looks and counts over the API."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import holds

from ..queries import cameras as camera_queries
from ..queries import looks as queries
from ..services import looks as services
from ..services.counts import counts_since
from ..shapes.looks import search_shape

router = Router()


class LooksWanted(Schema):
    words: str
    purpose: str
    operation: str = ""
    cameras: list[UUID] = []
    days: int = 1
    crops: bool = False


@router.post("/camera-search")
def find_looks(request: HttpRequest, given: LooksWanted):
    """Who looked so before the cameras one may search; on record with its purpose. ``crops``:
    with the small pictures, as base64."""
    if not holds(request.user, "camera.search"):
        raise Denied("Your role searches no cameras", mend="Ask the detail leader.")
    operation = operations.operation(request.user, given.operation) if given.operation else None
    cameras = queries.searchable(request.user, operation)
    if given.cameras:
        cameras = [one for one in cameras if one.pk in given.cameras]
    found = services.find_looks(
        actor=request.user, words=given.words, purpose=given.purpose, cameras=cameras,
        days=given.days,
    )  # fmt: skip
    shape = search_shape(found)
    if given.crops:
        for row, hit in zip(shape["hits"], found.hits, strict=True):
            row["crop"] = b64encode(hit.crop).decode()
    return shape


@router.get("/cameras/{pk}/counts")
def camera_counts(request: HttpRequest, pk: UUID, since: datetime | None = None) -> list[Any]:
    """People in and out of each zone and door since then (an hour ago), and inside now."""
    camera = camera_queries.camera(request.user, pk)
    if since is not None and since.tzinfo is None:
        raise Refused("This time has no zone", where="since", mend="End it with Z or +02:00.")
    return counts_since(camera, since or now() - timedelta(hours=1))
