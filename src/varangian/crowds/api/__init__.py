"""Crowds over the API."""

from ninja import Router

from . import live, plans, runs, venues

router = Router(tags=["crowds"])
for part in (venues, runs, plans, live):
    router.add_router("", part.router)
