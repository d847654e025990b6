"""A whole day as one game: planned together, and planned anew when a road closes."""

from .closing import resolve
from .model import Day, DayLeg, Wish
from .planning import day, places_of
from .recorded import Kept, recorded

__all__ = ["Day", "DayLeg", "Kept", "Wish", "day", "places_of", "recorded", "resolve"]
