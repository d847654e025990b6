"""Screens of threats."""

from django.urls import include, path

from . import (
    bolo,
    communications,
    judgement,
    letter_imports,
    letter_writers,
    person_deeds,
    persons,
    strategy,
    threats,
    tvra,
)

paths = [
    *bolo.paths,
    *letter_imports.paths,
    *letter_writers.paths,
    *communications.paths,
    *persons.paths,
    *person_deeds.paths,
    *tvra.paths,
    *judgement.paths,
    *strategy.paths,
    *threats.paths,
]
urlpatterns = [path("threats/", include((paths, "threats")))]
