"""Screens of principals."""

from django.urls import include, path

from . import exposure, exposure_imports, people, takedowns

addresses = [
    *people.paths,
    *exposure.paths,
    *takedowns.paths,
    *exposure_imports.paths,
]
urlpatterns = [path("principals/", include((addresses, "principals")))]
