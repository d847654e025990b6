"""The running detail over the API."""

from ninja import Router

from . import board, casualties, duress, duties, incidents, muster, nearness, nodes, patterns, watch

router = Router()
for part in (
    board,
    casualties,
    duress,
    duties,
    incidents,
    muster,
    nearness,
    nodes,
    patterns,
    watch,
):
    router.add_router("", part.router)
