"""Screens of surveillance."""

from django.urls import include, path

from . import behaviours, cameras, events, faces, live, looks, trials

parts = (cameras, behaviours, events, live, looks, trials, faces)
PATHS = [one for part in parts for one in part.paths]
urlpatterns = [path("", include((PATHS, "surveillance")))]
