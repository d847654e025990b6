"""What the standards say of a venue, each figure with its source.

    rules = rules_of("uk")
    answer = capacities(venue, rules, risk="low")     entry, holding, exit, emergency and the least
    staff(people, rules, static_posts=12)             stewards, managers, first aid, duties by law
    contradictions(venue, answer, rules)              figures that others gave and that are wrong

A simulation may lower a capacity (``simulated``), never raise it. Figures marked ``assumed`` were
not read in the standard itself; the answer says so. This is an aid to a safety officer, who signs.
"""

from varangian.engines.crowdflow.standards.bands import (
    density_band,
    queue_service,
    walkway_service,
)
from varangian.engines.crowdflow.standards.capacity import (
    Capacities,
    Capacity,
    capacities,
    width_needed,
)
from varangian.engines.crowdflow.standards.claims import Contradiction, contradictions
from varangian.engines.crowdflow.standards.figures import Figure, Rules, rules_of, standards
from varangian.engines.crowdflow.standards.staff import Staff, martyns_law, staff

__all__ = [
    "Capacities",
    "Capacity",
    "Contradiction",
    "Figure",
    "Rules",
    "Staff",
    "capacities",
    "contradictions",
    "density_band",
    "martyns_law",
    "queue_service",
    "rules_of",
    "staff",
    "standards",
    "walkway_service",
    "width_needed",
]
