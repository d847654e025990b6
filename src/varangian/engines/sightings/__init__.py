"""Has the same person or vehicle been met too often, in too many places, to be chance?

    report = correlate(sightings, track=track)
    for pattern in report.patterns: print(pattern.told)

Surveillance detection asks for time, environment, distance and demeanour. Each pattern says how
many innocent patterns as striking as itself are to be expected among all that was seen; the number
belongs to the pattern and not to anybody's person. Plates and descriptions only: no faces.
"""

from .describe import colour_of, describe
from .engine import correlate
from .model import Limits, Pattern, Report, Sightings, Stop, Track
from .reading import Unread, read

__all__ = [
    "Limits",
    "Pattern",
    "Report",
    "Sightings",
    "Stop",
    "Track",
    "Unread",
    "colour_of",
    "correlate",
    "describe",
    "read",
]
