"""Posts for cover and time in view over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require
from varangian.platform.audit.services import note

from .. import services
from ..queries import cover as reads
from ..queries import venues as queries
from ..shapes.cover import cover_row
from ..shapes.venues import version_row

router = Router()


class CoverWeightsIn(Schema):
    """What counts how much beside a second on the planned way; what is left out stays as usual.

    ``rope``, ``stay``, ``out``: a second along a rope line, of a stay, on a way out. ``entrance``,
    ``zone``: seconds that each counts. ``stage_minutes``: on a stage without a stay."""

    rope: float | None = None
    stay: float | None = None
    out: float | None = None
    entrance: float | None = None
    zone: float | None = None
    stage_minutes: float | None = None


class CoverIn(Schema):
    """``posts`` more than are drawn, or the fewest that see ``share``; ``at``: level, x, y."""

    version: int | None = None
    posts: int | None = None
    share: float | None = None
    reach: float = 25.0
    twice: bool = False
    doors_open: bool = False
    candidates: int = 60
    at: list[tuple[int, float, float]] = []
    seed: int = 1
    weights: CoverWeightsIn | None = None


class AcceptCoverIn(Schema):
    posts: list[str] | None = None


@router.get("/venues/{uuid:pk}/covers")
def list_crowd_covers(request: HttpRequest, pk: UUID, paging: PageOf):
    found = reads.covers(request.user, queries.plan(request.user, pk))
    return page(found, paging, lambda row: cover_row(row, whole=False))


@router.post("/venues/{uuid:pk}/covers", response={202: dict})
@idempotent
def ask_crowd_cover(request: HttpRequest, pk: UUID, given: CoverIn):
    """Answers with the wish; ask for it until it is done."""
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    wish = given.model_dump()
    version = queries.version(request.user, plan, wish.pop("version"))
    made = services.ask_cover(actor=request.user, version=version, **wish)
    return 202, cover_row(services.cover_later(made))


@router.get("/crowd-covers/{uuid:pk}")
def show_crowd_cover(request: HttpRequest, pk: UUID):
    """Posts, what each adds, what is unseen; stretches of the way in view and what lowers it."""
    found = reads.cover(request.user, pk)
    note(kind="export", record=found, purpose="posts for cover of a venue")
    return cover_row(found)


@router.post("/crowd-covers/{uuid:pk}/stop")
@idempotent
def stop_crowd_cover(request: HttpRequest, pk: UUID):
    found = reads.cover(request.user, pk)
    return cover_row(services.stop_cover(actor=request.user, row=found), whole=False)


@router.post("/crowd-covers/{uuid:pk}/accept", response={201: dict})
@idempotent
def accept_crowd_cover(request: HttpRequest, pk: UUID, given: AcceptCoverIn):
    """The proposed posts, or those named, in a new version of the drawing: a draft."""
    found = reads.cover(request.user, pk)
    made = services.accept_cover_posts(actor=request.user, cover=found, posts=given.posts)
    return 201, version_row(made)
