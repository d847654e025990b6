"""Screens of planning."""

from django.urls import include, path

from . import measures, orders, plan, readiness

paths = [*measures.paths, *orders.paths, *plan.paths, *readiness.paths]
urlpatterns = [path("planning/", include((paths, "planning")))]
