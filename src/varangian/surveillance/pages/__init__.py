"""Screens of surveillance."""

from django.urls import include, path

from . import (
    behaviours,
    cameras,
    devices,
    events,
    faces,
    kept,
    live,
    looks,
    pictures,
    trials,
    walks,
)

parts = (cameras, devices, behaviours, events, pictures, live, looks, trials, walks, kept, faces)
PATHS = [one for part in parts for one in part.paths]
urlpatterns = [path("", include((PATHS, "surveillance")))]
