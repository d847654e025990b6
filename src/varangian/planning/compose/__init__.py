"""Compose an operation order from what is known: pure, from records to numbered lines."""

from .difference import affected, difference, in_force
from .line import Line
from .material import Material
from .whole import compose

__all__ = ["Line", "Material", "affected", "compose", "difference", "in_force"]
