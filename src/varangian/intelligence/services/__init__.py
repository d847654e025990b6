"""The only writers of feeds and signals."""

from .connectors import poll, switch
from .ingest import import_feed
from .matching import match_movements, match_signals

__all__ = ["import_feed", "match_movements", "match_signals", "poll", "switch"]
