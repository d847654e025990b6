"""Commands of the running detail."""

from . import board, duress, duties, incidents, muster, nearness, nodes, patterns, watch

groups = {
    **board.groups,
    **duress.groups,
    **duties.groups,
    **incidents.groups,
    **muster.groups,
    **nearness.groups,
    **nodes.groups,
    **patterns.groups,
    **watch.groups,
}
