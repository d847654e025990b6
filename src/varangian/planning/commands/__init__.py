"""The groups of planning: ``varangian advance ...`` to ``varangian thread ...``."""

from . import (
    advance,
    briefs,
    cards,
    changes,
    comms,
    debrief,
    exercises,
    libraries,
    measures,
    orders,
    packs,
    paying,
    readiness,
    roster_book,
    routine,
    thread,
)

groups = {
    **advance.groups,
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **briefs.groups,
    **cards.groups,
    **changes.groups,
    **comms.groups,
    **exercises.groups,
    **debrief.groups,
    **packs.groups,
    **paying.groups,
    **routine.groups,
    **thread.groups,
    **roster_book.groups,
}
