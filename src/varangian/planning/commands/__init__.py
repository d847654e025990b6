"""``varangian advance|measure|library|order|readiness|go|card|comms|thread|roster ...``"""

from . import advance, cards, comms, libraries, measures, orders, readiness, roster, thread

groups = {
    **advance.groups,
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **cards.groups,
    **comms.groups,
    **thread.groups,
    **roster.groups,
}
