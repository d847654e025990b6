"""Measures over the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.threats import queries as threats

from .. import queries, services
from ..shapes.measures import measure_shape

router = Router(tags=["measures"])
CLEARABLE = {"post", "owner", "due", "cost", "hours", "people"}


class Lowers(Schema):
    risk: UUID
    likelihood: int = 0
    impact: int = 0


class MeasureChange(Schema):
    title: str | None = None
    task: str | None = None
    heading: str | None = None
    responsibility: str | None = None
    post: UUID | None = None
    owner: str | None = None
    """E-mail address."""
    due: datetime | None = None
    cost: Decimal | None = None
    hours: Decimal | None = None
    people: int | None = None
    discomfort: int | None = None
    lowers: list[Lowers] | None = None


class MeasureAmended(MeasureChange):
    expected_version: int | None = None
    """Refused when somebody changed it since this version was read."""


class NewMeasures(MeasureChange):
    from_library: list[str] = []
    """Ids of standard measures; without any, the other fields make an own one."""


class MeasureState(Schema):
    state: str
    verified_at: datetime | None = None


@router.get("/operations/{slug}/measures")
def list_measures(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation_with_measures(request.user, slug)
    rows = queries.measures(request.user, operation)
    return page(rows, paging, lambda row: measure_shape(row, request.user))


@router.post("/operations/{slug}/measures", response={201: dict})
@idempotent
def add_measures(request: HttpRequest, slug: str, new: NewMeasures):
    """Answers ``{added, refused}``: a bad library id does not stop the others."""
    operation = queries.operation_with_measures(request.user, slug)
    if new.from_library:
        added, refused = services.propose_standard(
            actor=request.user, operation=operation, library_ids=new.from_library
        )
    else:
        added, refused = [_own(request, operation, new)], []
    shapes = [_shown(request, row.pk) for row in added]
    return 201, {"added": shapes, "refused": [{"id": i, "why": why} for i, why in refused]}


@router.get("/measures/{pk}")
def show_measure(request: HttpRequest, pk: UUID):
    return _shown(request, pk)


@router.patch("/measures/{pk}")
@idempotent
def change_measure(request: HttpRequest, pk: UUID, change: MeasureAmended):
    measure = queries.measure(request.user, pk)
    fields, effects = _resolved(request, measure.operation, change)
    services.change_measure(actor=request.user, measure=measure, **fields)
    if effects is not None:
        services.set_effects(actor=request.user, measure=measure, effects=effects)
    return _shown(request, pk)


@router.post("/measures/{pk}/state")
@idempotent
def set_measure_state(request: HttpRequest, pk: UUID, new: MeasureState):
    measure = queries.measure(request.user, pk)
    services.set_measure_state(actor=request.user, measure=measure, **new.dict())
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    return measure_shape(queries.measure(request.user, pk), request.user)


def _own(request: HttpRequest, operation: Any, new: NewMeasures) -> Any:
    fields, effects = _resolved(request, operation, new)
    lacking = {"title", "task", "responsibility"} - set(fields)
    if lacking:
        raise Refused("An own measure needs more fields", where=", ".join(sorted(lacking)))
    return services.add_measure(actor=request.user, operation=operation, effects=effects, **fields)


def _resolved(
    request: HttpRequest, operation: Any, sent: MeasureChange
) -> tuple[dict[str, Any], dict[Any, tuple[int, int]] | None]:
    """Ids and addresses to records that the caller may see; null empties what can be empty."""
    actor, given = request.user, sent.dict(exclude_unset=True)
    given.pop("from_library", None)
    given.pop("lowers", None)
    fields: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None or name in CLEARABLE
    }
    if fields.get("post"):
        fields["post"] = operations.post(actor, fields["post"])
    if fields.get("owner"):
        fields["owner"] = member_by_email(actor, operation, fields["owner"])
    if sent.lowers is None:
        return fields, None
    steps = {threats.risk(actor, one.risk): (one.likelihood, one.impact) for one in sent.lowers}
    return fields, steps
