"""The groups of planning: ``varangian advance ...`` to ``varangian thread ...``."""

from . import (
    advance,
    cards,
    changes,
    comms,
    debrief,
    exercises,
    libraries,
    measures,
    orders,
    readiness,
    roster,
    thread,
)

groups = {
    **advance.groups,
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **cards.groups,
    **changes.groups,
    **comms.groups,
    **exercises.groups,
    **debrief.groups,
    **thread.groups,
    **roster.groups,
}
