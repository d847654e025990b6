"""The maps that a phone takes along: the streets round the places of its operation."""

from typing import Any

from varangian.kernel.geometry import LatLon
from varangian.operations import queries as operations
from varangian.operations.models import Operation
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, may
from varangian.travel.queries.map_parts import MapPart, parts
from varangian.travel.shapes.maps import shown_shape

from .phone import SHELTERS, part

MOST_PLACES = 40


def taken_along(actor: Actor, operation: Operation) -> list[MapPart]:
    return parts(actor, _places(actor, operation)[:MOST_PLACES])


def _places(actor: Actor, operation: Operation) -> list[LatLon]:
    """Where its movements begin and end first, then havens and hospitals."""
    ends = [
        place.position
        for leg in operations.movements(actor, operation)
        if leg.state not in ("cancelled", "complete")
        for place in (leg.origin, leg.destination)
        if place and place.located
    ]
    if not may(actor, "place.view", operation.compartment_id):
        return ends
    near = (operation.compartment_id, operation.engagement.compartment_id)
    rows = places.places(actor).filter(kind__in=SHELTERS, compartment_id__in=near)
    return [*ends, *(row.position for row in rows if row.located)]


@part("maps")
def maps(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    """What there is to fetch; the tiles themselves come on their own, only when they changed."""
    return [
        {**shown_shape(one.road_map, one.tiles), "mark": one.mark, "url": f"/m/api/map/{one.mark}"}
        for one in taken_along(actor, operation)
    ]
