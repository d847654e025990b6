"""The only writers of planning."""

from .acknowledging import acknowledge_order
from .confirming import confirm_artefact, withdraw_waiver
from .deciding import decide
from .issuing import approve_order, close_order, issue_order
from .measures import (
    add_measure,
    change_measure,
    propose_for_risk,
    propose_standard,
    set_effects,
    set_measure_state,
)
from .orders import draft_fragmentary_order, draft_order, redraft_order
from .plans import write_plan, write_routes

__all__ = [
    "acknowledge_order",
    "add_measure",
    "approve_order",
    "change_measure",
    "close_order",
    "confirm_artefact",
    "decide",
    "draft_fragmentary_order",
    "draft_order",
    "issue_order",
    "propose_for_risk",
    "propose_standard",
    "redraft_order",
    "set_effects",
    "set_measure_state",
    "withdraw_waiver",
    "write_plan",
    "write_routes",
]
