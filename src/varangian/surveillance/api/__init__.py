"""Surveillance over the API."""

from ninja import Router

from . import cameras, clips, events, faces, looks, trials

router = Router(tags=["surveillance"])
for part in (cameras, clips, events, faces, looks, trials):
    router.add_router("", part.router)
