"""What is public about a principal, over the API."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from ..queries import exposure as queries
from ..services import exposure as services
from ..shapes.exposure import file_shape, item_shape, month_shape, news_shape, task_shape

router = Router(tags=["exposure"])
KindWord = Literal[
    "profile", "work", "appearance", "wealth", "controversy", "household", "routine", "footprint"
]
SensitivityWord = Literal["unknown", "knows", "helps", "finds", "reaches"]
StatusWord = Literal["open", "public", "taking_down", "taken_down", "accepted", "came_back"]


class ExposureFields(Schema):
    detail: str | None = None
    where: str | None = None
    link: str | None = None
    notes: str | None = None
    found_by: str | None = None
    seen_on: date | None = None
    sensitivity: SensitivityWord | None = None
    recheck_due: date | None = None


class NewExposure(ExposureFields):
    kind: KindWord
    what: str


class ExposureEdit(ExposureFields):
    kind: KindWord | None = None
    what: str | None = None


class ExposureLookedAt(Schema):
    there: bool
    words: str = ""


class ExposureAcceptance(Schema):
    reason: str


class ExposurePurpose(Schema):
    purpose: str


class NewTakeDown(Schema):
    owner: str
    """E-mail address."""
    counter: str = ""
    what: str = ""
    due: date | None = None
    sent_to: str = ""


class TakeDownChange(Schema):
    owner: str | None = None
    what: str | None = None
    due: date | None = None
    sent_to: str | None = None
    sent_on: date | None = None
    answer: str | None = None


class TakeDownEnd(Schema):
    gone: bool
    answer: str = ""
    dropped: bool = False


class ExposureFilter(Schema):
    kind: KindWord | None = None
    detail: str = ""
    status: StatusWord | None = None
    sensitivity: SensitivityWord | None = None
    due: bool = False


@router.get("/principals/{slug}/exposure")
def list_exposures(request: HttpRequest, slug: str, paging: PageOf, asked: Query[ExposureFilter]):
    principal = queries.principal_with_exposure(request.user, slug)
    services.read_exposure(actor=request.user, record=principal)
    filters = queries.Filters(**{n: v or "" for n, v in asked.dict().items() if n != "due"},
                              due=asked.due)  # fmt: skip
    return page(queries.exposures(request.user, principal, filters), paging, item_shape)


@router.post("/principals/{slug}/exposure", response={201: dict})
@idempotent
def add_exposure(request: HttpRequest, slug: str, new: NewExposure):
    principal = queries.principal_with_exposure(request.user, slug)
    made = services.add_exposure(actor=request.user, principal=principal, **_given(new))
    return 201, item_shape(made)


@router.post("/principals/{slug}/exposure/open")
def open_exposure(request: HttpRequest, slug: str, asked: ExposurePurpose):
    """All items in plain words, with a reason that stays. Never kept for a repeat."""
    principal = queries.principal_with_exposure(request.user, slug)
    prove(request)
    services.open_exposure(actor=request.user, principal=principal, purpose=asked.purpose)
    return [item_shape(one, opened=True) for one in queries.exposures(request.user, principal)]


@router.get("/principals/{slug}/exposure/picture")
def exposure_picture(request: HttpRequest, slug: str):
    """Open items by month, kind and sensitivity, and what changed since your last look."""
    principal = queries.principal_with_exposure(request.user, slug)
    return {
        "months": [month_shape(one) for one in queries.months(request.user, principal)],
        "standing": queries.standing(request.user, principal),
        "news": news_shape(queries.news(request.user, principal)),
    }


@router.post("/principals/{slug}/exposure/looked")
@idempotent
def note_exposure_look(request: HttpRequest, slug: str):
    principal = queries.principal_with_exposure(request.user, slug)
    look = services.note_look(actor=request.user, principal=principal)
    return {"at": look.at}


@router.get("/exposures/{pk}")
def show_exposure(request: HttpRequest, pk: UUID):
    item = queries.item(request.user, pk)
    services.read_exposure(actor=request.user, record=item)
    return _file(request, item)


@router.patch("/exposures/{pk}")
@idempotent
def change_exposure(request: HttpRequest, pk: UUID, change: ExposureEdit):
    item = queries.item(request.user, pk)
    return item_shape(services.change_exposure(actor=request.user, item=item, **_given(change)))


@router.post("/exposures/{pk}/looked")
@idempotent
def look_again(request: HttpRequest, pk: UUID, given: ExposureLookedAt):
    item = queries.item(request.user, pk)
    return item_shape(services.look_again(actor=request.user, item=item, **given.dict()))


@router.post("/exposures/{pk}/accept")
@idempotent
def accept_exposure(request: HttpRequest, pk: UUID, given: ExposureAcceptance):
    item = queries.item(request.user, pk)
    return item_shape(services.accept_exposure(actor=request.user, item=item, reason=given.reason))


@router.post("/exposures/{pk}/threat")
@idempotent
def raise_exposure(request: HttpRequest, pk: UUID):
    """A draft in the register of each operation in hand, tied to the item."""
    item = queries.item(request.user, pk)
    return {"made": services.raise_threat(actor=request.user, item=item)}


@router.post("/exposures/{pk}/tasks", response={201: dict})
@idempotent
def give_takedown(request: HttpRequest, pk: UUID, new: NewTakeDown):
    item = queries.item(request.user, pk)
    require(request.user, "exposure.change", item.compartment_id)
    given = {**new.dict(), "owner": queries.owner(request.user, item.principal, new.owner)}
    return 201, task_shape(services.add_takedown(actor=request.user, item=item, **given))


@router.patch("/takedowns/{pk}")
@idempotent
def change_takedown(request: HttpRequest, pk: UUID, change: TakeDownChange):
    task = queries.task(request.user, pk)
    given = _given(change)
    if "owner" in given:
        given["owner"] = queries.owner(request.user, task.principal, given["owner"])
    return task_shape(services.change_takedown(actor=request.user, task=task, **given))


@router.post("/takedowns/{pk}/end")
@idempotent
def end_takedown(request: HttpRequest, pk: UUID, given: TakeDownEnd):
    task = queries.task(request.user, pk)
    return task_shape(services.end_takedown(actor=request.user, task=task, **given.dict()))


def _file(request: HttpRequest, item: Any) -> dict[str, Any]:
    tasks, changes = queries.tasks(request.user, item), queries.changes(request.user, item)
    return file_shape(item, tasks, changes[:100])


def _given(schema: Schema) -> dict[str, Any]:
    return schema.dict(exclude_none=True)
