"""Clips over the API: begun, pushed part by part, opened."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, page

from ..queries import clips as queries
from ..services import clips as services
from ..shapes import clip_shape

router = Router()


class NewClip(Schema):
    act: UUID
    media_type: str
    size: int
    sha256: str
    what: str = ""
    taken_at: datetime | None = None
    position: list[float] | None = None


@router.get("/operations/{slug}/clips")
def list_clips(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    return page(queries.clips(request.user, operation), paging, clip_shape)


@router.post("/operations/{slug}/clips")
def begin_clip(request: HttpRequest, slug: str, given: NewClip):
    """``act`` is made by the phone: begun again it answers with what was received so far."""
    operation = operations.operation(request.user, slug)
    made = services.begin_clip(actor=request.user, operation=operation, **given.dict())
    return clip_shape(made)


@router.put("/clips/{pk}/parts")
def push_part(request: HttpRequest, pk: UUID, offset: int = 0):
    """The bytes from ``offset`` on as the body, up to 2 MiB at once."""
    clip = queries.clip(request.user, pk, "clip.add")
    row = services.take_part(actor=request.user, clip=clip, offset=offset, data=request.body)
    return clip_shape(row)


@router.get("/clips/{pk}/file")
def open_clip(request: HttpRequest, pk: UUID):
    clip = queries.clip(request.user, pk)
    data = services.open_clip(actor=request.user, clip=clip)
    answer = StreamingHttpResponse(data, content_type=clip.media_type)
    answer["Content-Disposition"] = f'attachment; filename="clip-{clip.pk}"'
    return answer
