"""Screens of planning."""

from django.urls import include, path

from . import advance, cards, changes, comms, exercises, measures, orders, plan, readiness, thread

paths = [
    *advance.paths,
    *cards.paths,
    *changes.paths,
    *comms.paths,
    *exercises.paths,
    *measures.paths,
    *orders.paths,
    *plan.paths,
    *readiness.paths,
    *thread.paths,
]
both = [path("planning/", include(paths)), path("m/", include([*cards.phone, *changes.phone]))]
urlpatterns = [path("", include((both, "planning")))]
