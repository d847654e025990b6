"""Screens of travel."""

from django.urls import include, path

from . import (
    advisories,
    allotments,
    choices,
    closures,
    destinations,
    doors,
    dossier_deeds,
    drivers,
    fleet,
    inspections,
    itineraries,
    maps,
    modes,
    movement_board,
    movement_leg,
    presence,
    route_cards,
    route_days,
    routes,
    stays,
    tracking_plan,
)

paths = [
    *advisories.paths,
    *allotments.paths,
    *choices.paths,
    *closures.paths,
    *destinations.paths,
    *doors.paths,
    *dossier_deeds.paths,
    *drivers.paths,
    *fleet.paths,
    *inspections.paths,
    *itineraries.paths,
    *maps.paths,
    *modes.paths,
    *movement_board.paths,
    *movement_leg.paths,
    *presence.paths,
    *route_cards.paths,
    *route_days.paths,
    *routes.paths,
    *stays.paths,
    *tracking_plan.paths,
]
urlpatterns = [path("travel/", include((paths, "travel")))]
