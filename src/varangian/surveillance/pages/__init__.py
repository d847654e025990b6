"""Screens of surveillance."""

from django.urls import include, path

from . import behaviours, cameras, devices, events, faces, live, looks, pictures, trials

parts = (cameras, devices, behaviours, events, pictures, live, looks, trials, faces)
PATHS = [one for part in parts for one in part.paths]
urlpatterns = [path("", include((PATHS, "surveillance")))]
