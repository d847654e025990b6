"""Casualty cards over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.places import queries as places
from varangian.platform.access.paging import idempotent

from ..queries import incidents
from ..services import casualty as services
from ..shapes.incidents import casualty_shape

router = Router(tags=["casualties"])


class NewCasualty(Schema):
    who: str
    priority: str = "unknown"


class Look(Schema):
    """Fields of the card: avpu, massive_bleeding, airway, respiration, circulation,
    head_hypothermia, pulse, breaths, spo2, systolic, age, injured_at, mechanism, injuries,
    treatment, tourniquet, note."""

    priority: str = ""
    card: dict[str, Any] = {}


class CrewTakes(Schema):
    to: str
    hospital: UUID | None = None


@router.post("/incidents/{uuid:pk}/casualties", response={201: dict})
@idempotent
def add_casualty(request: HttpRequest, pk: UUID, new: NewCasualty):
    found = incidents.incident(request.user, pk)
    made = services.add_casualty(actor=request.user, incident=found, **new.dict())
    return 201, casualty_shape(request.user, made)


@router.get("/casualties/{uuid:pk}")
def show_casualty(request: HttpRequest, pk: UUID):
    return casualty_shape(request.user, incidents.casualty(request.user, pk))


@router.post("/casualties/{uuid:pk}/entries", response={201: dict})
@idempotent
def write_casualty(request: HttpRequest, pk: UUID, look: Look):
    """What was found and done now; nothing written before changes."""
    found = incidents.casualty(request.user, pk)
    services.write_casualty(actor=request.user, casualty=found, priority=look.priority, **look.card)
    return 201, casualty_shape(request.user, incidents.casualty(request.user, pk))


@router.post("/casualties/{uuid:pk}/hand-over")
@idempotent
def hand_over_casualty(request: HttpRequest, pk: UUID, crew: CrewTakes):
    found = incidents.casualty(request.user, pk)
    hospital = places.place(request.user, crew.hospital) if crew.hospital else None
    done = services.hand_over_casualty(
        actor=request.user, casualty=found, to=crew.to, hospital=hospital
    )
    return casualty_shape(request.user, done)
