"""Number plates of tracked vehicles: found, read, voted over several shots, held against the shapes
that countries give out. Whose a plate is, no machine decides or looks up here."""

from .countries import countries
from .fitting import Fit, fit, plain
from .reader import PlateReader
from .voting import Answer, Read, vote
from .watch import PlateWatch

__all__ = [
    "Answer",
    "Fit",
    "PlateReader",
    "PlateWatch",
    "Read",
    "countries",
    "fit",
    "plain",
    "vote",
]
