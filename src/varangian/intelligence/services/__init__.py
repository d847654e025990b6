"""The only writers of feeds and signals."""

from .connectors import ask, keep, poll, switch
from .ingest import import_feed
from .matching import match_movements, match_signals

__all__ = [
    "ask",
    "import_feed",
    "keep",
    "match_movements",
    "match_signals",
    "poll",
    "switch",
]
