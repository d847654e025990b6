"""Sightings near the principal over the API."""

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import idempotent

from ..services.nearness import report_near

router = Router(tags=["sightings"])


class Seen(Schema):
    what: str
    position: list[float]
    confirmed: bool = False
    kind: str = ""
    plate: str = ""


@router.post("/operations/{slug}/near")
@idempotent
def report_sighting(request: HttpRequest, slug: str, seen: Seen):
    """Who or what was seen, and where: into the log, with the way on foot from the principal. An
    alert is raised when that is short or not known. It is weighed with the others for patterns."""
    operation = operation_queries.operation(request.user, slug)
    return report_near(actor=request.user, operation=operation, **seen.dict())
