"""A vehicle that was met at three places, and a verdict on another."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from varangian.kernel.clock import now
from varangian.protection.models import PatternVerdict
from varangian.protection.services.field import report

PLACES = ((54.50, 11.00), (54.55, 11.00), (54.50, 11.10))


def seen_again(leader: Any, operation: Any, mark: str) -> None:
    for days, place in enumerate(PLACES):
        said = {"what": "vehicle", "plate": "ZPH 771", "text": f"{mark} van", "position": place}
        report(
            actor=leader, operation=operation, kind="sighting", act=uuid4(),
            at=now() - timedelta(days=days, minutes=5), content=said,
        )  # fmt: skip
    PatternVerdict.objects.create(
        key_id=operation.key_id, compartment_id=operation.compartment_id, operation=operation,
        name=f"{mark} plate", sightings=3, verdict="denied", words=f"{mark} baker", by=leader,
    )  # fmt: skip
