"""Venues, the plan of a crowd, and the crowd itself."""

from .cover import CrowdCover
from .live import CrowdCounter, CrowdMoment, CrowdReading, CrowdTrigger, CrowdWatch
from .plans import CrowdAgreement, CrowdPlan, CrowdPost
from .venues import CrowdRun, VenuePlan, VenueVersion

__all__ = [
    "CrowdAgreement",
    "CrowdCounter",
    "CrowdCover",
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
