"""``varangian advance|measure|order|change|readiness|go|card|comms|exercise|thread|roster ...``"""

from . import (
    advance,
    cards,
    changes,
    comms,
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
    **thread.groups,
    **roster.groups,
}
