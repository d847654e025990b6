"""Threats and risks over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page

from .. import services
from ..queries import threats as queries
from ..shapes.threats import acceptance_shape, assessment_shape, risk_shape, source_shape

router = Router(tags=["threats"])


class SourceFields(Schema):
    kind: str | None = None
    intent: str | None = None
    capability: str | None = None
    opportunity: str | None = None
    history: str | None = None
    evidence: str | None = None
    scale: str | None = None
    source_grade: str | None = None
    information_grade: str | None = None
    confidence: str | None = None
    handling: str | None = None
    valid_until: datetime | None = None


class SourceChange(SourceFields):
    title: str | None = None


class NewSource(SourceFields):
    title: str


class NewAssessment(Schema):
    level: str
    summary: str
    confidence: str = "low"
    valid_until: datetime | None = None


class RiskChange(Schema):
    title: str | None = None
    responsibility: str | None = None
    cause: str | None = None
    what_happens: str | None = None
    vulnerability: str | None = None
    controls: str | None = None
    likelihood: int | None = None
    impact: int | None = None
    threat_source: UUID | None = None
    movement: UUID | None = None
    owner: str | None = None
    """E-mail address."""
    due: datetime | None = None


class NewRisks(RiskChange):
    from_library: list[str] = []
    """Ids of standard risks; without any, the other fields make an own line."""


class State(Schema):
    state: str


class Acceptance(Schema):
    note: str = ""
    seat: str = ""
    given_by: str = ""


@router.get("/operations/{slug}/threats")
def list_threats(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation_with_register(request.user, slug)
    return page(queries.sources(request.user, operation), paging, source_shape)


@router.post("/operations/{slug}/threats", response={201: dict})
@idempotent
def add_threat(request: HttpRequest, slug: str, new: NewSource):
    operation = queries.operation_with_register(request.user, slug)
    fields = _given(new)
    return 201, source_shape(services.add_source(actor=request.user, operation=operation, **fields))


@router.get("/threats/{pk}")
def show_threat(request: HttpRequest, pk: UUID):
    return source_shape(queries.source(request.user, pk))


@router.patch("/threats/{pk}")
@idempotent
def change_threat(request: HttpRequest, pk: UUID, change: SourceChange):
    source = queries.source(request.user, pk)
    return source_shape(services.change_source(actor=request.user, source=source, **_given(change)))


@router.post("/threats/{pk}/state")
@idempotent
def set_threat_state(request: HttpRequest, pk: UUID, new: State):
    source = queries.source(request.user, pk)
    return source_shape(
        services.set_source_state(actor=request.user, source=source, state=new.state)
    )


@router.get("/operations/{slug}/assessments")
def list_assessments(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation_with_register(request.user, slug)
    return page(queries.assessments(request.user, operation), paging, assessment_shape)


@router.post("/operations/{slug}/assessments", response={201: dict})
@idempotent
def add_assessment(request: HttpRequest, slug: str, new: NewAssessment):
    operation = queries.operation_with_register(request.user, slug)
    return 201, assessment_shape(
        services.assess(actor=request.user, operation=operation, **new.dict())
    )


@router.get("/operations/{slug}/risks")
def list_risks(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation_with_register(request.user, slug)
    return page(queries.risks(request.user, operation), paging, risk_shape)


@router.post("/operations/{slug}/risks", response={201: dict})
@idempotent
def add_risks(request: HttpRequest, slug: str, new: NewRisks):
    """Answers ``{added, refused}``: a bad library id does not stop the others."""
    operation = queries.operation_with_register(request.user, slug)
    fields = _resolved(request, operation, _given(new))
    chosen = fields.pop("from_library", [])
    if chosen:
        batch = services.add_from_library(
            actor=request.user, operation=operation, library_ids=chosen, **fields
        )
    else:
        batch = services.Batch([_own_line(request, operation, fields)])
    added = [risk_shape(queries.risk(request.user, risk.pk)) for risk in batch.added]
    return 201, {"added": added, "refused": [{"id": i, "why": why} for i, why in batch.refused]}


@router.get("/risks/{pk}")
def show_risk(request: HttpRequest, pk: UUID):
    return risk_shape(queries.risk(request.user, pk))


@router.patch("/risks/{pk}")
@idempotent
def change_risk(request: HttpRequest, pk: UUID, change: RiskChange):
    risk = queries.risk(request.user, pk)
    services.change_risk(
        actor=request.user, risk=risk, **_resolved(request, risk.operation, _given(change, True))
    )
    return risk_shape(queries.risk(request.user, pk))


@router.post("/risks/{pk}/state")
@idempotent
def set_risk_state(request: HttpRequest, pk: UUID, new: State):
    risk = queries.risk(request.user, pk)
    return risk_shape(services.set_risk_state(actor=request.user, risk=risk, state=new.state))


@router.post("/risks/{pk}/accept", response={201: dict})
@idempotent
def accept_risk(request: HttpRequest, pk: UUID, new: Acceptance):
    risk = queries.risk(request.user, pk)
    return 201, acceptance_shape(services.accept_risk(actor=request.user, risk=risk, **new.dict()))


def _given(schema: Schema, empty: bool = False) -> dict[str, Any]:
    """The fields that were sent; null only where it means "none of these"."""
    keep = {"threat_source", "movement", "owner", "due"} if empty else set()
    return {
        name: value
        for name, value in schema.dict(exclude_unset=True).items()
        if value is not None or name in keep
    }


def _resolved(request: HttpRequest, operation: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Ids and addresses to the records that the caller may see."""
    actor = request.user
    if fields.get("threat_source"):
        fields["threat_source"] = queries.source(actor, fields["threat_source"])
    if fields.get("movement"):
        fields["movement"] = operations.movement(actor, fields["movement"])
    if fields.get("owner"):
        fields["owner"] = member_by_email(actor, operation, fields["owner"])
    return fields


def _own_line(request: HttpRequest, operation: Any, fields: dict[str, Any]) -> Any:
    lacking = {"title", "responsibility", "likelihood", "impact"} - set(fields)
    if lacking:
        raise Refused("An own line needs more fields", where=", ".join(sorted(lacking)))
    return services.add_risk(actor=request.user, operation=operation, **fields)
