"""Planning over the API."""

from ninja import Router

from . import cards, measures, orders, readiness

router = Router()
router.add_router("", cards.router)
router.add_router("", measures.router)
router.add_router("", orders.router)
router.add_router("", readiness.router)
