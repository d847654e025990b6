"""Reads of devices and positions; the ones that other features use."""

from .devices import device, own_devices
from .positions import (
    features,
    last_positions,
    minutes_on_foot,
    nearest,
    place_of,
    position_of,
    tracks_of,
    trail,
    ways_of,
)

__all__ = [
    "device",
    "features",
    "last_positions",
    "minutes_on_foot",
    "nearest",
    "own_devices",
    "place_of",
    "position_of",
    "tracks_of",
    "trail",
    "ways_of",
]
