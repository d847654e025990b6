"""Surveillance over the API."""

from ninja import Router

from . import cameras, clips, events, faces, kept, looks, trials, walks

router = Router(tags=["surveillance"])
for part in (cameras, clips, events, faces, kept, looks, trials, walks):
    router.add_router("", part.router)
