"""Who calls: the person or place of a press, and the operation whose people must come."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict
from varangian.operations import queries as operations
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM
from varangian.tracking.queries import devices

from .models import DuressKey

STATES = ("active", "planned", "draft", "closed", "cancelled")
FEW = ("id", "key_id", "compartment_id", "slug", "state", "starts", "time_zone")


@dataclass(frozen=True)
class Caller:
    subject: str
    caption: str
    operation: Any
    person: User | None = None


def person_calling(person: User) -> Caller:
    """Their duty says for which operation; else the one under way, else the nearest there is.

    Call it while acting as the person. Somebody who belongs to no operation has nobody to call.
    """
    duty = operations.own_duty(person)
    operation = duty.operation if duty else _nearest(person)
    if operation is None:
        raise Conflict(
            "You belong to no operation: nobody can be told here", mend="Call the emergency number."
        )
    sign = duty.call_sign if duty else person.call_sign
    words = f"{sign} {person.name}".strip() or person.email
    return Caller(f"person:{person.pk}", words[:160], operation, person)


def _nearest(person: User) -> Any:
    rows = list(operations.operations(person).select_related(None).only(*FEW))
    present = now()

    def rank(row: Any) -> tuple[int, float]:
        return STATES.index(row.state), abs(((row.starts or present) - present).total_seconds())

    return min(rows, key=rank, default=None)


def place_calling(key: DuressKey) -> Caller:
    operation = operations.operation_by_id(SYSTEM, key.operation_id)  # pyright: ignore
    return Caller(f"key:{key.pk}", key.label, operation)


def device_calling(device_id: UUID) -> Caller:
    found = devices.device(SYSTEM, device_id)
    return Caller(f"device:{found.pk}", found.label, found.operation)
