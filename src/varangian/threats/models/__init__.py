"""Tables of threats."""

from .bolo import BoloCard, BoloPicture, BoloReview, BoloSighting
from .threats import Assessment, RiskAcceptance, RiskLine, ThreatSource

__all__ = [
    "Assessment",
    "BoloCard",
    "BoloPicture",
    "BoloReview",
    "BoloSighting",
    "RiskAcceptance",
    "RiskLine",
    "ThreatSource",
]
