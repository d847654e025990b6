"""Crowds over the API."""

from ninja import Router

from . import cover, live, plans, runs, venues

router = Router(tags=["crowds"])
for part in (venues, runs, cover, plans, live):
    router.add_router("", part.router)
