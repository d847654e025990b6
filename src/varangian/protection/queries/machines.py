"""What machines saw around a principal, as the correlator takes it beside officers' reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from varangian.engines.sightings.plates import canonical
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor
from varangian.surveillance.queries.events import plates

ONE_PASS = timedelta(minutes=10)
"""A car that stands before a reader is read again and again: that is one sighting."""


@dataclass(frozen=True)
class MachineSighting:
    """Has what a report from the field has, but for the person and the entry in the log."""

    pk: UUID
    at: datetime
    person: str
    operation: Operation
    content: dict[str, Any]
    kind: str = "machine"


def read_plates(actor: Actor, principal: UUID, since: datetime) -> list[MachineSighting]:
    """Of readers and of cameras that read, once a pass. Where the camera hangs, or the reader."""
    found = plates(actor, principal, since)
    return list(_passes(sorted(found, key=lambda one: one.at)))


def _passes(rows: list[Any]) -> Iterable[MachineSighting]:
    last: dict[tuple[Any, str], datetime] = {}
    for one in rows:
        source = one.sensor or one.camera
        pass_ = source.pk, canonical(one.detail["plate"])
        before, last[pass_] = last.get(pass_), one.at
        if before is not None and one.at - before <= ONE_PASS:
            continue
        where = (one.camera.position if one.camera else None) or source.position
        kind = one.sensor.get_kind_display().lower() if one.sensor else "camera"
        yield MachineSighting(
            one.pk, one.at, f"{source.name}, {kind}", source.operation,
            {
                "what": "vehicle", "plate": one.detail["plate"], "position": where or None,
                "text": "Number plate read by a machine",
            },
        )  # fmt: skip
