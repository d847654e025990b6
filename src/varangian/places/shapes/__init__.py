"""How places and their surveys look in the API and in ``--json``."""

from .places import shape

__all__ = ["shape"]
