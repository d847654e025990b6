"""Reads of places."""

from .places import place, place_in, places

__all__ = ["place", "place_in", "places"]
