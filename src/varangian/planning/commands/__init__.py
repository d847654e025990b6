"""``varangian measure|library|order|readiness|roster ...``"""

from . import libraries, measures, orders, readiness, roster

groups = {
    **measures.groups,
    **libraries.groups,
    **orders.groups,
    **readiness.groups,
    **roster.groups,
}
