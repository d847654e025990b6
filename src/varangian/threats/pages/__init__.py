"""Screens of threats."""

from django.urls import include, path

from . import bolo, threats

paths = [*bolo.paths, *threats.paths]
urlpatterns = [path("threats/", include((paths, "threats")))]
