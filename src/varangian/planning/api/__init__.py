"""Planning over the API."""

from ninja import Router

from . import (
    advance,
    briefs,
    cards,
    changes,
    comms,
    debrief,
    exercises,
    measures,
    orders,
    packs,
    paying,
    readiness,
    roster,
    routine,
    thread,
)

router = Router()
router.add_router("", advance.router)
router.add_router("", briefs.router)
router.add_router("", cards.router)
router.add_router("", changes.router)
router.add_router("", comms.router)
router.add_router("", debrief.router)
router.add_router("", exercises.router)
router.add_router("", measures.router)
router.add_router("", orders.router)
router.add_router("", packs.router)
router.add_router("", paying.router)
router.add_router("", readiness.router)
router.add_router("", roster.router)
router.add_router("", routine.router)
router.add_router("", thread.router)
