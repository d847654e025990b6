from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "varangian.places"
    label = "places"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register

        register(
            "place",
            words="Place",
            model="places.Place",
            caption=lambda place: place.name,
            url=lambda place: reverse("places:show", args=[place.pk]),
        )
