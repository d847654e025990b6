"""What governments and hazard services publish, read from bytes into one normal form. Pure."""

from .notice import AUTHORITIES, GOVERNMENTS, Hazard, Notice, Problem, ReadFile
from .reading import SOURCES, read

__all__ = [
    "AUTHORITIES",
    "GOVERNMENTS",
    "SOURCES",
    "Hazard",
    "Notice",
    "Problem",
    "ReadFile",
    "read",
]
