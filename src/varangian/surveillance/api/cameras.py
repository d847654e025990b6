"""Cameras over the API. The picture itself is for people at their screens."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..queries import cameras as queries
from ..services import behaviours as rule_services
from ..services import cameras as services
from ..services import devices
from ..shapes import asked_shape, camera_shape, device_shape, view_shape

router = Router()


class OnvifAccess(Schema):
    address: str
    user: str = ""
    password: str = ""


class NewCamera(Schema):
    name: str
    source: str = ""
    onvif: OnvifAccess | None = None
    profile: str = ""
    purpose: str
    legal_basis: str
    signage: str = ""
    position: list[float] | None = None
    bearing: int = 0
    width_deg: int = 70
    reach_m: int = 40
    retention_days: int = 3
    keeps_looks: bool = False
    keeps_stills: bool = False
    reads_plates: bool = False
    plates_basis: str = ""
    keeps_tracks: bool = False
    tracks_basis: str = ""
    plate_countries: str = ""
    place: UUID | None = None
    """One of the engagement; without ``position`` the camera stands there."""


class CameraChange(Schema):
    name: str | None = None
    source: str | None = None
    onvif: OnvifAccess | None = None
    purpose: str | None = None
    legal_basis: str | None = None
    signage: str | None = None
    position: list[float] | None = None
    bearing: int | None = None
    width_deg: int | None = None
    reach_m: int | None = None
    retention_days: int | None = None
    keeps_looks: bool | None = None
    keeps_stills: bool | None = None
    reads_plates: bool | None = None
    plates_basis: str | None = None
    keeps_tracks: bool | None = None
    tracks_basis: str | None = None
    plate_countries: str | None = None
    place: UUID | None = None


def _placed(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("place") is not None:
        given["place"] = places.place(request.user, given["place"])
    return given


class Masks(Schema):
    masks: list[list[list[float]]]


class CameraRules(Schema):
    behaviours: str


class CameraSwitch(Schema):
    running: bool


@router.get("/operations/{slug}/cameras")
def list_cameras(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    return page(queries.cameras(request.user, operation), paging, camera_shape)


@router.post("/operations/{slug}/cameras")
@idempotent
def add_camera(request: HttpRequest, slug: str, given: NewCamera):
    """With ``onvif`` and no ``source``, the camera itself is asked for its stream."""
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.change", operation.compartment_id)
    made = services.add_camera(actor=request.user, owner=operation, **_asked(request, given))
    return camera_shape(made)


@router.get("/engagements/{slug}/cameras")
def list_engagement_cameras(request: HttpRequest, slug: str, paging: PageOf):
    engagement = operations.engagement(request.user, slug)
    require(request.user, "camera.view", engagement.compartment_id)
    found = queries.cameras(request.user).filter(
        compartment_id=engagement.compartment_id, operation=None
    )
    return page(found, paging, camera_shape)


@router.post("/engagements/{slug}/cameras")
@idempotent
def add_engagement_camera(request: HttpRequest, slug: str, given: NewCamera):
    engagement = operations.engagement(request.user, slug)
    require(request.user, "camera.change", engagement.compartment_id)
    made = services.add_camera(actor=request.user, owner=engagement, **_asked(request, given))
    return camera_shape(made)


def _asked(request: HttpRequest, given: NewCamera) -> dict[str, Any]:
    fields = _placed(request, given.dict())
    profile = fields.pop("profile")
    if given.onvif is not None and not given.source:
        told = devices.ask_device(actor=request.user, **given.onvif.dict())
        fields["source"] = devices.stream_of(told, profile)
    return fields


@router.post("/operations/{slug}/camera-devices")
def find_devices(request: HttpRequest, slug: str):
    """Asks the local network of the house which cameras are there; takes some seconds."""
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.change", operation.compartment_id)
    return {"items": [device_shape(one) for one in devices.find_devices(actor=request.user)]}


@router.post("/operations/{slug}/camera-devices/streams")
def ask_device(request: HttpRequest, slug: str, given: OnvifAccess):
    """What one device is and which streams it offers. The password is kept nowhere."""
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.change", operation.compartment_id)
    return asked_shape(devices.ask_device(actor=request.user, **given.dict()))


@router.get("/cameras/{pk}")
def show_camera(request: HttpRequest, pk: UUID):
    return camera_shape(queries.camera(request.user, pk))


@router.patch("/cameras/{pk}")
@idempotent
def change_camera(request: HttpRequest, pk: UUID, change: CameraChange):
    camera = queries.camera(request.user, pk)
    fields = {name: v for name, v in change.dict(exclude_unset=True).items() if v is not None}
    fields = _placed(request, fields)
    return camera_shape(services.change_camera(actor=request.user, camera=camera, **fields))


@router.put("/cameras/{pk}/masks")
@idempotent
def mask_camera(request: HttpRequest, pk: UUID, given: Masks):
    """Outlines of [x, y] as shares of the picture; an empty list takes all masks away."""
    camera = queries.camera(request.user, pk)
    made = services.mask_camera(actor=request.user, camera=camera, masks=given.masks)
    return camera_shape(made)


@router.put("/cameras/{pk}/behaviours")
@idempotent
def rule_camera(request: HttpRequest, pk: UUID, given: CameraRules):
    """YAML, as `varangian behaviours schema` says; empty text ends all rules."""
    camera = queries.camera(request.user, pk)
    made = rule_services.rule_camera(actor=request.user, camera=camera, text=given.behaviours)
    return camera_shape(made)


@router.post("/cameras/{pk}/switch")
@idempotent
def switch_camera(request: HttpRequest, pk: UUID, given: CameraSwitch):
    camera = queries.camera(request.user, pk)
    made = services.switch_camera(actor=request.user, camera=camera, running=given.running)
    return camera_shape(made)


@router.get("/cameras/{pk}/views")
def list_views(request: HttpRequest, pk: UUID, paging: PageOf):
    """Who watched, why and for how long."""
    camera = queries.camera(request.user, pk)
    return page(queries.views(request.user, camera), paging, view_shape)


@router.delete("/cameras/{pk}")
@idempotent
def retire_camera(request: HttpRequest, pk: UUID):
    camera = queries.camera(request.user, pk)
    return camera_shape(services.retire_camera(actor=request.user, camera=camera))
