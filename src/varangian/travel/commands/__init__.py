"""Commands of travel."""

from . import (
    destinations,
    doors,
    drivers,
    fleet,
    inspections,
    itineraries,
    maps,
    modes,
    movement_board,
    presence,
    route_days,
    route_records,
    routes,
    stays,
)

groups = {
    **destinations.groups,
    **doors.groups,
    **drivers.groups,
    **fleet.groups,
    **inspections.groups,
    **itineraries.groups,
    **maps.groups,
    **modes.groups,
    **movement_board.groups,
    **presence.groups,
    **route_days.groups,
    **route_records.groups,
    **routes.groups,
    **stays.groups,
}
