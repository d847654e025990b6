"""Screens of crowds."""

from django.urls import include, path

from . import cover, editor, live, plans, runs, venues, wayout

parts = (venues, editor, runs, wayout, cover, plans, live)
paths = [one for part in parts for one in part.paths]
both = [path("crowds/", include(paths)), path("m/", include(plans.phone))]
urlpatterns = [path("", include((both, "crowds")))]
