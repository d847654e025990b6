"""Threats over the API."""

from ninja import Router

from . import bolo, threats

router = Router(tags=["threats"])
for part in (threats, bolo):
    router.add_router("", part.router)
