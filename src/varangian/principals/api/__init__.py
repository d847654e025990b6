"""Principals over the API."""

from ninja import Router

from . import exposure, exposure_imports, people

router = Router(tags=["principals"])
for part in (people, exposure, exposure_imports):
    router.add_router("", part.router)
