"""Public hazard feeds read into one kind of record: ``parse(data, kind="auto")``."""

from varangian.intelligence.feeds.parser import parse
from varangian.intelligence.feeds.records import FeedResult, Geometry, HazardReport, Problem
from varangian.intelligence.feeds.relevance import Relevance, hazard_of, relevance

__all__ = [
    "FeedResult",
    "Geometry",
    "HazardReport",
    "Problem",
    "Relevance",
    "hazard_of",
    "parse",
    "relevance",
]
