"""The communications plan over the API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import printing_comms, services
from ..queries import comms
from ..shapes.comms import plan_shape, tried_shape

router = Router(tags=["communications"])


class NewPlan(Schema):
    bearers: dict[str, str]
    """primary, alternate, contingency, emergency."""
    check_minutes: int = 30
    missed: int = 2
    check_words: str = ""
    code_words: dict[str, str] | None = None
    """Slot of the library, or a meaning, to the word; left out, they stay."""
    duress_word: str | None = None
    why: str = ""
    expected_version: int | None = None
    """Refused when somebody changed it since this version was read."""


class NewTest(Schema):
    rank: str
    result: str
    """good, weak or failed."""
    post: UUID | None = None
    note: str = ""
    tested_at: datetime | None = None


class Purpose(Schema):
    purpose: str


@router.get("/operations/{slug}/comms")
def show_comms(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    require(request.user, "comms.view", operation.compartment_id)
    return plan_shape(request.user, operation, comms.current(request.user, operation))


@router.put("/operations/{slug}/comms")
@idempotent
def write_comms(request: HttpRequest, slug: str, given: NewPlan):
    operation = operations.operation(request.user, slug)
    made = services.write_comms(actor=request.user, operation=operation, **given.dict())
    return plan_shape(request.user, operation, made)


@router.get("/operations/{slug}/comms/tests")
def list_tests(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "comms.view", operation.compartment_id)
    return page(comms.tests(request.user, operation), paging, tried_shape)


@router.post("/operations/{slug}/comms/tests", response={201: dict})
@idempotent
def record_test(request: HttpRequest, slug: str, given: NewTest):
    operation = operations.operation(request.user, slug)
    fields = given.dict()
    pk = fields.pop("post")
    post = operations.post(request.user, pk) if pk else None
    made = services.record_test(actor=request.user, operation=operation, post=post, **fields)
    return 201, tried_shape(made)


@router.post("/operations/{slug}/comms/words")
def reveal_words(request: HttpRequest, slug: str, given: Purpose):
    """Code and duress words in plain text; who asked and why is audited."""
    prove(request)
    operation = operations.operation(request.user, slug)
    return services.reveal_words(actor=request.user, operation=operation, purpose=given.purpose)


@router.get("/operations/{slug}/comms/pdf")
def print_comms(request: HttpRequest, slug: str):
    prove(request)
    operation = operations.operation(request.user, slug)
    body = printing_comms.comms_pdf(request.user, operation)
    return HttpResponse(body, content_type="application/pdf")
