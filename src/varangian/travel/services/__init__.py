"""The only writers of itineraries."""

from .accept import accept_draft, reject_draft
from .imports import import_itinerary

__all__ = ["accept_draft", "import_itinerary", "reject_draft"]
