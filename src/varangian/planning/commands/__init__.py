"""``varangian measure|library|order|readiness|go|card|roster ...``"""

from . import cards, libraries, measures, orders, readiness, roster

groups = {
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **cards.groups,
    **roster.groups,
}
