"""Screens of places."""

from django.urls import include, path

from . import places, surveys

paths = [*places.paths, *surveys.paths]
urlpatterns = [path("places/", include((paths, "places")))]
