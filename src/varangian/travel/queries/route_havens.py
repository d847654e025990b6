"""Havens that the team's own surveys know: which were verified, and when."""

from datetime import datetime
from typing import TYPE_CHECKING

from varangian.operations.models import Operation
from varangian.places.models import Place
from varangian.places.queries import places
from varangian.places.queries.surveys import last_verified
from varangian.platform.access.scope import Actor

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Site

KINDS = (Place.Kind.TRAUMA_CENTRE, Place.Kind.HOSPITAL, Place.Kind.SAFE_HAVEN)


def surveyed(actor: Actor, operation: Operation) -> list["Site"]:
    """``tags`` say which place it is and, where somebody verified it, when."""
    from varangian.engines.routing.graph import Site

    known = places(actor).filter(
        kind__in=KINDS,
        compartment_id__in=(operation.compartment_id, operation.engagement.compartment_id),
    )
    located = [place for place in known if place.located]
    seen = last_verified(actor, located)
    return [
        Site(place.kind, place.name, *place.position, tags=_tags(place, seen.get(place.pk)))
        for place in located
    ]


def _tags(place: Place, seen: datetime | None) -> dict[str, str]:
    return {"place": str(place.pk)} | ({"verified_at": seen.isoformat()} if seen else {})
