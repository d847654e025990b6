from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "varangian.travel"
    label = "travel"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.operations import tabs
        from varangian.platform.thread.registry import register

        from . import (
            choices_ties,
            destinations_ties,
            doors_ties,
            fleet_ties,
            movement_ties,
            presence_ties,
            routes_ties,
        )

        register(
            "itinerary",
            words="Itinerary",
            model="travel.ItineraryDraft",
            caption=lambda row: f"Itinerary version {row.version}",
            url=lambda row: reverse("travel:draft", args=[row.pk]),
        )
        tabs.add(
            "itinerary",
            "Itinerary",
            icon="calendar-event",
            url_name="travel:operation",
            action="movement.view",
            rank=10,
        )
        for ties in (
            presence_ties,
            destinations_ties,
            doors_ties,
            fleet_ties,
            routes_ties,
            choices_ties,
            movement_ties,
        ):
            ties.tie()
