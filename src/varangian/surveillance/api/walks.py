"""Walks behind the principal over the API."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..queries import walks as queries
from ..services import behind as services
from ..shapes.walks import walk_shape

router = Router()


class WalkVerdict(Schema):
    verdict: Literal["confirmed", "denied"]
    words: str = ""


@router.get("/operations/{slug}/walks-behind")
def list_walks(request: HttpRequest, slug: str, paging: PageOf):
    """What waits and what was decided, the newest first."""
    operation = operations.operation(request.user, slug)
    require(request.user, "walk.view", operation.compartment_id)
    return page(queries.walks(request.user, operation), paging, walk_shape)


@router.get("/operations/{slug}/walks-behind/state")
def walks_state(request: HttpRequest, slug: str):
    """Whether ways are compared now, and why not or at which cameras."""
    operation = operations.operation(request.user, slug)
    require(request.user, "walk.view", operation.compartment_id)
    compared, words = queries.compared(request.user, operation)
    return {"compared": compared, "words": words}


@router.get("/walks-behind/{pk}")
def show_walk(request: HttpRequest, pk: UUID):
    """With the principal's way and the tracks, each point as seconds since 1970, lat, lon."""
    return walk_shape(queries.walk(request.user, pk), whole=True)


@router.post("/walks-behind/{pk}/decision")
@idempotent
def decide_walk(request: HttpRequest, pk: UUID, given: WalkVerdict):
    """Denied: the points are erased at once. Confirmed: kept for the days of the cameras."""
    row = services.decide_walk(
        actor=request.user,
        walk=queries.walk(request.user, pk),
        confirmed=given.verdict == "confirmed",
        words=given.words,
    )
    return walk_shape(row)
