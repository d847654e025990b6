"""Places and their surveys over the API."""

from ninja import Router

from . import places, surveys

router = Router()
router.add_router("", places.router)
router.add_router("", surveys.router)
