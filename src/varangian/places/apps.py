from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "varangian.places"
    label = "places"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register

        from .library import forms

        register(
            "place",
            words="Place",
            model="places.Place",
            caption=lambda place: place.name,
            url=lambda place: reverse("places:show", args=[place.pk]),
        )
        register(
            "survey_fact",
            words="Survey fact",
            model="places.SurveyFact",
            caption=lambda fact: forms()[fact.form].fact(fact.item).title,
            url=lambda fact: f"{reverse('places:survey', args=[fact.place_id])}#f-{fact.item}",
        )
