"""Tracking over the API."""

from ninja import Router

from . import devices, fences, tak

router = Router(tags=["tracking"])
for part in (devices, fences, tak):
    router.add_router("", part.router)
