"""Screens of planning."""

from django.urls import include, path

from . import (
    advance,
    cards,
    changes,
    comms,
    debrief,
    exercises,
    lessons,
    measures,
    orders,
    plan,
    programme,
    readiness,
    thread,
)
from . import advance, cards, comms, exercises, measures, orders, plan, readiness, thread
from . import advance, cards, comms, measures, orders, packs, plan, readiness, thread
from . import advance, cards, comms, measures, orders, packs, paying, plan, readiness, thread
from . import (
    advance,
    cards,
    comms,
    exercises,
    measures,
    orders,
    packs,
    paying,
    plan,
    readiness,
    routine,
    thread,
)

paths = [
    *programme.paths,
    *advance.paths,
    *cards.paths,
    *changes.paths,
    *comms.paths,
    *exercises.paths,
    *lessons.paths,
    *debrief.paths,
    *measures.paths,
    *orders.paths,
    *packs.paths,
    *paying.paths,
    *plan.paths,
    *readiness.paths,
    *routine.paths,
    *thread.paths,
]
both = [path("planning/", include(paths)), path("m/", include([*cards.phone, *changes.phone]))]
both = [
    path("planning/", include(paths)),
    path("m/", include([*cards.phone, *debrief.phone_paths])),
]
both = [path("planning/", include(paths)), path("m/", include(cards.phone)), *packs.door]
urlpatterns = [path("", include((both, "planning")))]
