"""A counter for the areas and lines that the rules of a camera are drawn with."""

from collections.abc import Sequence
from typing import Any

from .counting import Counter

WHOLE = "picture"
"""The zone of everything that the camera sees."""


def counter_of(behaviours: Sequence[Any], size: tuple[int, int]) -> Counter:
    """``behaviours``: as `engines.vision.behaviours.read` gives them; zones and doors bear the ids
    of their rules. Without rules the whole picture is counted."""
    zones = {one.id: one.area.corners for one in behaviours if getattr(one, "area", None)}
    doors = {one.id: (one.line.a, one.line.b) for one in behaviours if getattr(one, "line", None)}
    wide, high = float(size[0]), float(size[1])
    # Wider than the picture: feet at its edge are in it as well, and it has no size in metres.
    zones[WHOLE] = ((-wide, -high), (2 * wide, -high), (2 * wide, 2 * high), (-wide, 2 * high))
    ground = behaviours[0].frame.scene.ground if behaviours else None
    found = Counter(size=size, zones=zones, doors=doors, ground=ground, unmeasured=True)
    found.square[WHOLE] = None
    return found
