"""Screens of planning."""

from django.urls import include, path

from . import cards, measures, orders, plan, readiness

paths = [
    *cards.paths,
    *measures.paths,
    *orders.paths,
    *plan.paths,
    *readiness.paths,
]
both = [path("planning/", include(paths)), path("m/", include(cards.phone))]
urlpatterns = [path("", include((both, "planning")))]
