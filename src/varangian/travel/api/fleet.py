"""Vehicles over the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page

from .. import services
from ..queries import fleet as queries
from ..shapes.fleet import custody_shape, defect_shape, vehicle_file, vehicle_shape

router = Router()


class VehicleFields(Schema):
    make_model: str | None = None
    profile: str | None = None
    drive: str | None = None
    range_km: int | None = None
    terrain: list[str] | None = None
    features: list[str] | None = None
    odometer_km: int | None = None
    service_due_km: int | None = None
    service_due_on: date | None = None
    notes: str | None = None


class VehicleChange(VehicleFields):
    name: str | None = None
    plate: str | None = None
    kind: str | None = None
    seats: int | None = None


class NewVehicle(VehicleFields):
    engagement: str
    name: str
    plate: str
    kind: str
    seats: int


class EquipmentNoted(Schema):
    sort: str
    name: str
    ends: date | None = None
    note: str = ""


class ArmourCertificate(Schema):
    standard: str
    edition: str
    number: str = ""
    body: str = ""
    glass: str = ""
    roof: str = ""
    floor: str = ""
    door_gaps: str = ""
    ends: date | None = None


class CustodyLine(Schema):
    state: str
    where: str = ""
    keeper: str = ""
    at: datetime | None = None


class DefectRaised(Schema):
    words: str
    blocking: bool = False


class DefectCleared(Schema):
    words: str


@router.get("/vehicles")
def list_vehicles(request: HttpRequest, paging: PageOf, retired: bool = False):
    rows = queries.fleet(request.user, retired=retired)
    return page(rows, paging, lambda row: vehicle_shape(queries.stand(row)))


@router.post("/vehicles", response={201: dict})
@idempotent
def add_vehicle(request: HttpRequest, given: NewVehicle):
    fields = given.dict(exclude_unset=True)
    engagement = operation_queries.engagement(request.user, fields.pop("engagement"))
    made = services.add_vehicle(actor=request.user, engagement=engagement, **fields)
    return 201, _file(request, made.pk)


@router.get("/vehicles/{pk}")
def show_vehicle(request: HttpRequest, pk: UUID):
    return _file(request, pk)


@router.patch("/vehicles/{pk}")
@idempotent
def change_vehicle(request: HttpRequest, pk: UUID, change: VehicleChange):
    vehicle = queries.vehicle(request.user, pk)
    fields = change.dict(exclude_unset=True)
    services.change_vehicle(actor=request.user, vehicle=vehicle, **fields)
    return _file(request, pk)


@router.post("/vehicles/{pk}/retire")
@idempotent
def retire_vehicle(request: HttpRequest, pk: UUID):
    services.retire_vehicle(actor=request.user, vehicle=queries.vehicle(request.user, pk))
    return _file(request, pk)


@router.post("/vehicles/{pk}/equipment", response={201: dict})
@idempotent
def note_equipment(request: HttpRequest, pk: UUID, given: EquipmentNoted):
    vehicle = queries.vehicle(request.user, pk)
    services.note_equipment(actor=request.user, vehicle=vehicle, **given.dict())
    return 201, _file(request, pk)


@router.post("/vehicles/{pk}/armour", response={201: dict})
@idempotent
def add_armour(request: HttpRequest, pk: UUID, given: ArmourCertificate):
    vehicle = queries.vehicle(request.user, pk)
    services.add_armour(actor=request.user, vehicle=vehicle, **given.dict())
    return 201, _file(request, pk)


@router.get("/vehicles/{pk}/custody")
def list_custody(request: HttpRequest, pk: UUID, paging: PageOf):
    vehicle = queries.vehicle(request.user, pk)
    return page(queries.custody_log(request.user, vehicle), paging, custody_shape)


@router.post("/vehicles/{pk}/custody", response={201: dict})
@idempotent
def hand_over(request: HttpRequest, pk: UUID, given: CustodyLine):
    vehicle = queries.vehicle(request.user, pk)
    return 201, custody_shape(
        services.hand_over(actor=request.user, vehicle=vehicle, **given.dict())
    )


@router.get("/vehicles/{pk}/defects")
def list_defects(request: HttpRequest, pk: UUID, paging: PageOf):
    vehicle = queries.vehicle(request.user, pk)
    return page(queries.defects(request.user, vehicle), paging, defect_shape)


@router.post("/vehicles/{pk}/defects", response={201: dict})
@idempotent
def raise_defect(request: HttpRequest, pk: UUID, given: DefectRaised):
    vehicle = queries.vehicle(request.user, pk)
    return 201, defect_shape(
        services.raise_defect(actor=request.user, vehicle=vehicle, **given.dict())
    )


@router.post("/defects/{pk}/clear")
@idempotent
def clear_defect(request: HttpRequest, pk: UUID, given: DefectCleared):
    defect = queries.defect(request.user, pk)
    return defect_shape(services.clear_defect(actor=request.user, defect=defect, words=given.words))


def _file(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    return vehicle_file(queries.stand(queries.vehicle(request.user, pk)))
