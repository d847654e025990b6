"""Puts the invented places on the map and names where help is."""

from typing import Any

from varangian.operations.models import Operation
from varangian.places import queries
from varangian.places import services as places
from varangian.platform.access.models import User


def locate(leader: User, operation: Operation, story: dict[str, Any]) -> None:
    circle = operation.engagement.compartment_id
    known = list(queries.places(leader).filter(compartment_id=circle))
    for name, facts in story["places"].items():
        for place in known:
            if name in (place.name, place.source_text):
                places.change_place(actor=leader, place=place, **facts)
    for row in story["shelters"]:
        places.add_place(
            actor=leader, compartment_id=circle, key_id=operation.engagement.key_id, **row
        )
