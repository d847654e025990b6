"""Threats over the API."""

from ninja import Router

from . import bolo, communications, judgement, persons, threats, tvra

router = Router(tags=["threats"])
for part in (threats, bolo, persons, communications, tvra, judgement):
    router.add_router("", part.router)
