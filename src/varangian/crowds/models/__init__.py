"""Venues, the plan of a crowd, and the crowd itself."""

from .live import CrowdCounter, CrowdMoment, CrowdReading, CrowdTrigger, CrowdWatch
from .plans import CrowdAgreement, CrowdPlan, CrowdPost
from .venues import CrowdRun, VenuePlan, VenueVersion

__all__ = [
    "CrowdAgreement",
    "CrowdCounter",
    "CrowdMoment",
    "CrowdPlan",
    "CrowdPost",
    "CrowdReading",
    "CrowdRun",
    "CrowdTrigger",
    "CrowdWatch",
    "VenuePlan",
    "VenueVersion",
]
