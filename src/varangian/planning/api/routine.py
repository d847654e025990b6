"""The routine over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import idempotent

from ..queries import routine
from ..services.ways import looked_at_routine, record_way
from ..shapes.routine import routine_shape

router = Router(tags=["routine"])


class Way(Schema):
    route: str | None = None
    entrance: str | None = None


@router.get("/principals/{slug}/routine")
def show_routine(request: HttpRequest, slug: str, weeks: int = 8):
    """How guessable time, route, entrance and destination were; who asks is noted."""
    principal = routine.principal_to_judge(request.user, slug)
    looked_at_routine(actor=request.user, principal=principal)
    return routine_shape(routine.routine(request.user, principal, weeks=weeks))


@router.post("/movements/{pk}/way")
@idempotent
def write_way(request: HttpRequest, pk: UUID, way: Way):
    """The route and the entrance that a leg really had."""
    movement = operations.movement(request.user, pk)
    row = record_way(actor=request.user, movement=movement, **way.dict())
    return {"movement": str(pk), "route": row.route, "entrance": row.entrance, "at": row.at}
