"""``varangian measure|library|order|readiness ...``"""

from . import libraries, measures, orders, readiness

groups = {**measures.groups, **libraries.groups, **orders.groups, **readiness.groups}
