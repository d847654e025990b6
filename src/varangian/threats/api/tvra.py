"""TVRAs over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import tvra_printing
from ..library.tvra import KindId
from ..queries import tvra as queries
from ..services import tvra as services
from ..shapes.tvra import (
    answer_shape,
    change_shape,
    check_shapes,
    told,
    tvra_row,
    tvra_shape,
)
from ..tvra_rules import differences

router = Router(tags=["tvra"])
TvraView = Literal["current", "drafts", "superseded", "all"]


class TvraFields(Schema):
    title: str | None = None
    scope: str | None = None
    summary: str | None = None
    conclusion: str | None = None
    client_title: str | None = None
    template: str | None = None
    handling: str | None = None
    review_due: datetime | None = None
    valid_until: datetime | None = None


class NewTvra(TvraFields):
    kind: KindId
    place: UUID | None = None
    movement: UUID | None = None


class TvraCheckAnswer(Schema):
    item: str
    answer: str
    note: str = ""
    seen_at: datetime | None = None


class TvraJudgement(Schema):
    line: str
    """R and the number in the register, or T for a threat that is left out."""
    likelihood: int | None = None
    impact: int | None = None
    confidence: str = "low"
    reason: str
    weighs: list[str] = []
    left_out: bool = False


class NewTvraTreatment(Schema):
    line: str
    title: str
    task: str = ""
    owner: str
    """E-mail address."""
    due: datetime
    residual_likelihood: int
    residual_impact: int


class TvraReturn(Schema):
    reason: str


@router.get("/operations/{slug}/tvras")
def list_tvras(request: HttpRequest, slug: str, paging: PageOf, view: TvraView = "current"):
    operation = queries.operation_with_tvras(request.user, slug)
    return page(queries.tvras(request.user, operation, view), paging, tvra_row)


@router.post("/operations/{slug}/tvras", response={201: dict})
@idempotent
def draft_tvra(request: HttpRequest, slug: str, new: NewTvra):
    operation = queries.operation_with_tvras(request.user, slug)
    require(request.user, "tvra.change", operation.compartment_id)
    fields = _given(new)
    fields |= _subject(request, operation, fields)
    made = services.draft_tvra(actor=request.user, operation=operation, **fields)
    return 201, tvra_shape(request.user, made)


@router.get("/tvras/{pk}")
def show_tvra(request: HttpRequest, pk: UUID):
    return tvra_shape(request.user, queries.tvra(request.user, pk))


@router.patch("/tvras/{pk}")
@idempotent
def change_tvra(request: HttpRequest, pk: UUID, change: TvraFields):
    found = queries.tvra(request.user, pk)
    services.change_tvra(actor=request.user, tvra=found, **_given(change))
    return tvra_shape(request.user, queries.tvra(request.user, pk))


@router.get("/tvras/{pk}/since")
def tvra_since(request: HttpRequest, pk: UUID):
    """What the register says otherwise than when it was read into this version."""
    found = queries.since(request.user, queries.tvra(request.user, pk))
    return [change_shape(one) for one in found]


@router.post("/tvras/{pk}/refresh")
@idempotent
def refresh_tvra(request: HttpRequest, pk: UUID):
    done = services.refresh_tvra(actor=request.user, tvra=queries.tvra(request.user, pk))
    return tvra_shape(request.user, done)


@router.get("/tvras/{pk}/checks")
def list_tvra_checks(request: HttpRequest, pk: UUID):
    found = queries.tvra(request.user, pk, action="tvra.check")
    return check_shapes(request.user, found)


@router.post("/tvras/{pk}/checks", response={201: dict})
@idempotent
def answer_tvra_check(request: HttpRequest, pk: UUID, given: TvraCheckAnswer):
    found = queries.tvra(request.user, pk, action="tvra.check")
    made = services.answer_check(actor=request.user, tvra=found, **given.dict())
    return 201, {"item": made.item, **answer_shape(made)}


@router.post("/tvras/{pk}/checks/photo", response={201: dict})
def answer_tvra_check_with_photo(
    request: HttpRequest,
    pk: UUID,
    file: File[UploadedFile],
    item: Form[str],
    answer: Form[str],
    note: Form[str] = "",
):
    found = queries.tvra(request.user, pk, action="tvra.check")
    made = services.answer_check(
        actor=request.user,
        tvra=found,
        item=item,
        answer=answer,
        note=note,
        data=file.read(),
        name=file.name or "",
    )
    return 201, {"item": made.item, **answer_shape(made)}


@router.post("/tvras/{pk}/judgements", response={201: dict})
@idempotent
def judge_tvra_line(request: HttpRequest, pk: UUID, given: TvraJudgement):
    found = queries.tvra(request.user, pk)
    require(request.user, "tvra.change", found.compartment_id)
    line = _named(queries.line, request.user, found, given.line)
    if given.left_out:
        services.leave_out(actor=request.user, line=line, reason=given.reason)
        return 201, tvra_shape(request.user, found)
    if given.likelihood is None or given.impact is None:
        raise Refused("Choose likelihood and impact", where="likelihood, impact")
    fields = given.dict(exclude={"line", "left_out"})
    services.judge_line(actor=request.user, line=line, **fields)
    return 201, tvra_shape(request.user, found)


@router.post("/tvras/{pk}/treatments", response={201: dict})
@idempotent
def add_tvra_treatment(request: HttpRequest, pk: UUID, given: NewTvraTreatment):
    found = queries.tvra(request.user, pk)
    require(request.user, "tvra.change", found.compartment_id)
    fields = given.dict()
    fields["line"] = _named(queries.line, request.user, found, given.line)
    fields["owner"] = member_by_email(request.user, found.operation, given.owner)
    services.add_treatment(actor=request.user, **fields)
    return 201, tvra_shape(request.user, found)


@router.delete("/tvras/{pk}/treatments/{number}", response={204: None})
def remove_tvra_treatment(request: HttpRequest, pk: UUID, number: int):
    found = queries.tvra(request.user, pk)
    require(request.user, "tvra.change", found.compartment_id)
    row = _named(queries.treatment, request.user, found, number)
    services.remove_treatment(actor=request.user, treatment=row)
    return 204, None


@router.post("/tvras/{pk}/submit")
@idempotent
def submit_tvra(request: HttpRequest, pk: UUID):
    done = services.submit_tvra(actor=request.user, tvra=queries.tvra(request.user, pk))
    return tvra_shape(request.user, done)


@router.post("/tvras/{pk}/return")
@idempotent
def return_tvra(request: HttpRequest, pk: UUID, given: TvraReturn):
    found = queries.tvra(request.user, pk)
    done = services.return_tvra(actor=request.user, tvra=found, reason=given.reason)
    return tvra_shape(request.user, done)


@router.post("/tvras/{pk}/approve")
@idempotent
def approve_tvra(request: HttpRequest, pk: UUID):
    prove(request)
    done = services.approve_tvra(actor=request.user, tvra=queries.tvra(request.user, pk))
    return tvra_shape(request.user, done)


@router.post("/tvras/{pk}/versions", response={201: dict})
@idempotent
def next_tvra_version(request: HttpRequest, pk: UUID):
    made = services.next_version(actor=request.user, tvra=queries.tvra(request.user, pk))
    return 201, tvra_shape(request.user, made)


@router.get("/tvras/{pk}/compare")
def compare_tvra(request: HttpRequest, pk: UUID, version: int | None = None):
    """Against an earlier version; without one against the version before."""
    found = queries.tvra(request.user, pk)
    old = queries.other_version(request.user, found, version)
    rows = differences(told(request.user, old), told(request.user, found))
    return {
        "old": old.version,
        "new": found.version,
        "differences": [
            {"part": one.part, "what": one.what, "old": one.before, "new": one.after}
            for one in rows
            if not one.same
        ],
    }


@router.get("/tvras/{pk}/report.pdf")
def tvra_report(request: HttpRequest, pk: UUID, template: str = ""):
    prove(request)
    found = queries.tvra(request.user, pk)
    data = tvra_printing.report_pdf(request.user, found, template)
    return HttpResponse(data, content_type="application/pdf")


def _given(schema: Schema) -> dict[str, Any]:
    sent = schema.dict(exclude_unset=True).items()
    return {name: value for name, value in sent if value is not None}


def _subject(request: HttpRequest, operation: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Ids to records; one that is not there is a fault of the body, not of the address."""
    found: dict[str, Any] = {}
    if fields.get("place"):
        rows = {row.pk: row for row in queries.places_for(request.user, operation)}
        found["place"] = rows.get(fields["place"])
        if found["place"] is None:
            raise Refused("There is no such place here", where="place")
    if fields.get("movement"):
        found["movement"] = _named(operations.movement, request.user, fields["movement"])
    return found


def _named(query: Any, *asked: Any) -> Any:
    try:
        return query(*asked)
    except NotFound as error:
        raise Refused(error.what, where=str(asked[-1]), mend=error.mend) from error
