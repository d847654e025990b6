"""What the maps ask for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse

from varangian.kernel.clock import now
from varangian.operations import geo
from varangian.operations import queries as operation_queries

from ..queries import devices, fences, positions

TRAIL = timedelta(hours=12)


def _collection(features: list[dict[str, Any]]) -> JsonResponse:
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_required
def everybody(request: HttpRequest) -> JsonResponse:
    return _collection(positions.features(request.user))


@login_required
def positions_of(request: HttpRequest, slug: str) -> JsonResponse:
    operation = operation_queries.operation(request.user, slug)
    return _collection(positions.features(request.user, operation))


@login_required
def of_operation(request: HttpRequest, slug: str) -> JsonResponse:
    """What the positions are seen against: the fences and the places of the legs. ``without``
    leaves out the fence that is being drawn."""
    operation = operation_queries.operation(request.user, slug)
    legs = geo.movement_features(operation_queries.movements(request.user, operation))
    shown = fences.fence_features(request.user, operation, without=request.GET.get("without", ""))
    return _collection([*legs, *shown])


@login_required
def trail(request: HttpRequest, pk: UUID) -> JsonResponse:
    device = devices.device(request.user, pk)
    rows = positions.trail(request.user, device, now() - TRAIL)
    features = fences.fence_features(request.user, device.operation)
    if len(rows) > 1:
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": [[r.lon, r.lat] for r in rows]},
                "properties": {"kind": "trail", "title": f"{len(rows)} positions"},
            }
        )
    last = positions.last_positions(request.user).filter(device=device).first()
    return _collection(features + ([positions.feature_of(last)] if last else []))
