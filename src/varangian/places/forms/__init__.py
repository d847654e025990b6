"""What a person may type about places and their surveys."""

from .places import PlaceForm
from .surveys import SectionForm

__all__ = ["PlaceForm", "SectionForm"]
