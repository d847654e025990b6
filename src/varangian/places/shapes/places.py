"""How a place looks in the API and in ``--json``."""

from typing import Any

from ..models import Place


def shape(place: Place) -> dict[str, Any]:
    return {
        "id": str(place.pk),
        "slug": place.slug,
        "kind": place.kind,
        "name": place.name,
        "address": place.address,
        "phone": place.phone,
        "position": place.position or None,
        "precision": place.precision,
        "checked_at": place.checked_at,
    }
