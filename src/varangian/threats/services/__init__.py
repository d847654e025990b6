"""The only writers of threats, assessments and the risk register."""

from .acceptance import accept_risk
from .assessments import assess
from .expiry import expire_due
from .risks import Batch, add_from_library, add_risk, change_risk, set_risk_state
from .sources import add_source, change_source, set_source_state

__all__ = [
    "Batch",
    "accept_risk",
    "add_from_library",
    "add_risk",
    "add_source",
    "assess",
    "change_risk",
    "change_source",
    "expire_due",
    "set_risk_state",
    "set_source_state",
]
