"""Travel over the API."""

from ninja import Router

from . import (
    destinations,
    drivers,
    fleet,
    inspections,
    itineraries,
    maps,
    modes,
    movement_board,
    presence,
    route_days,
    routes,
    stays,
)

router = Router(tags=["travel"])
for part in (
    destinations,
    drivers,
    fleet,
    inspections,
    itineraries,
    maps,
    modes,
    movement_board,
    presence,
    route_days,
    routes,
    stays,
):
    router.add_router("", part.router)
