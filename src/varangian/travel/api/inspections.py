"""Checks of vehicles over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove

from .. import services
from ..queries import fleet
from ..queries import inspections as queries
from ..shapes.fleet import check_file, check_shape, find_shape

router = Router()


class CheckBegun(Schema):
    checklist: str = ""
    movement: UUID | None = None


class CheckFinished(Schema):
    answers: dict[str, Any]
    seals: list[dict[str, str]] = []


class FindReported(Schema):
    item: str = ""
    words: str = ""


class FindReleased(Schema):
    reason: str


@router.get("/vehicles/{pk}/inspections")
def list_checks(request: HttpRequest, pk: UUID, paging: PageOf):
    return page(queries.checks(request.user, fleet.vehicle(request.user, pk)), paging, check_shape)


@router.post("/vehicles/{pk}/inspections", response={201: dict})
@idempotent
def begin_check(request: HttpRequest, pk: UUID, given: CheckBegun):
    """Without a checklist: the search that custody asks for."""
    vehicle = fleet.vehicle(request.user, pk)
    leg = operation_queries.movement(request.user, given.movement) if given.movement else None
    begun = services.begin_check(
        actor=request.user, vehicle=vehicle, checklist=given.checklist, movement=leg
    )
    return 201, check_file(begun)


@router.get("/inspections/{pk}")
def show_check(request: HttpRequest, pk: UUID):
    return check_file(queries.check(request.user, pk))


@router.post("/inspections/{pk}/photos", response={201: dict})
@idempotent
def add_photo(request: HttpRequest, pk: UUID, file: File[UploadedFile], item: Form[str]):
    made = services.add_check_photo(
        actor=request.user,
        inspection=queries.check(request.user, pk),
        item=item,
        data=file.read(),
        name=file.name or "",
    )
    return 201, {"id": str(made.pk), "item": made.item, "at": made.at}


@router.post("/inspections/{pk}/finish")
@idempotent
def finish_check(request: HttpRequest, pk: UUID, given: CheckFinished):
    """Answers by step: a state (ok, fault, find), or a state with note and time."""
    done = services.finish_check(
        actor=request.user,
        inspection=queries.check(request.user, pk),
        answers=given.answers,
        seals=given.seals,
    )
    return check_shape(done)


@router.post("/inspections/{pk}/sign")
@idempotent
def sign_check(request: HttpRequest, pk: UUID):
    inspection = queries.check(request.user, pk)
    prove(request)
    return check_shape(services.sign_second(actor=request.user, inspection=inspection))


@router.post("/inspections/{pk}/find", response={201: dict})
@idempotent
def report_find(request: HttpRequest, pk: UUID, given: FindReported):
    inspection = queries.check(request.user, pk)
    return 201, find_shape(
        services.report_find(actor=request.user, inspection=inspection, **given.dict())
    )


@router.get("/finds/{pk}")
def show_find(request: HttpRequest, pk: UUID):
    return find_shape(queries.find(request.user, pk))


@router.post("/finds/{pk}/release")
@idempotent
def release_find(request: HttpRequest, pk: UUID, given: FindReleased):
    find = queries.find(request.user, pk)
    return find_shape(services.release_find(actor=request.user, find=find, reason=given.reason))
