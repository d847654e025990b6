"""``varangian measure|library|order|readiness|go|card|comms|roster ...``"""

from . import cards, comms, libraries, measures, orders, readiness, roster

groups = {
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **cards.groups,
    **comms.groups,
    **roster.groups,
}
