"""Patterns of sightings over the API."""

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import idempotent

from ..queries import patterns as queries
from ..services.patterns import judge
from ..shapes.patterns import pattern_shape, verdict_shape

router = Router(tags=["sightings"])


class Judged(Schema):
    name: str
    verdict: str
    words: str


@router.get("/operations/{slug}/sighting-patterns")
def list_patterns(request: HttpRequest, slug: str):
    """What was met too often to be chance, over all operations of this principal that you see."""
    found = queries.patterns(request.user, operations.operation(request.user, slug))
    rows = [pattern_shape(found, one) for one in found.report.patterns]
    return {"items": rows, "count": len(rows), "next": None, "sightings": found.seen}


@router.post("/operations/{slug}/sighting-patterns")
@idempotent
def judge_pattern(request: HttpRequest, slug: str, given: Judged):
    """Follow it up (confirmed) or say that it is chance (denied)."""
    operation = operations.operation(request.user, slug)
    return verdict_shape(judge(actor=request.user, operation=operation, **given.dict()))
