"""Screens of planning."""

from django.urls import include, path

from . import (
    advance,
    briefs,
    cards,
    changes,
    comms,
    debrief,
    duties,
    exercises,
    lessons,
    measures,
    officers,
    orders,
    packs,
    paying,
    plan,
    programme,
    readiness,
    roster,
    routine,
    thread,
)

paths = [
    *programme.paths,
    *advance.paths,
    *briefs.paths,
    *cards.paths,
    *changes.paths,
    *comms.paths,
    *exercises.paths,
    *lessons.paths,
    *debrief.paths,
    *measures.paths,
    *officers.paths,
    *orders.paths,
    *packs.paths,
    *paying.paths,
    *plan.paths,
    *readiness.paths,
    *roster.paths,
    *routine.paths,
    *thread.paths,
]
phone = [*briefs.phone, *cards.phone, *changes.phone, *debrief.phone_paths]
both = [path("planning/", include(paths)), path("m/", include(phone)), *packs.door]
urlpatterns = [
    path("", include((both, "planning"))),
    path("", include((duties.paths, "roster"))),
]
