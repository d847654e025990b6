"""What somebody wears, in the words officers use, and a search over such words.

    looks = appearance(crop, frame)          # {"coat": ..., "trousers": ...} with confidence
    hits = search("grey coat, red bag, after 14:00", described, zone="Europe/Helsinki")

Colours are those of the lexicon of `engines.sightings`, so that a camera's word and an officer's
are one. What is dark, tiny or of no one colour is unknown. numpy only; no face is looked at.
"""

from .colours import Colour, appearance, colour_within, looks_of
from .kinds import kinds_of, of_camera
from .noting import Looked, Looks
from .searching import Described, Hit, Wanted, agreeing, search, wanted

__all__ = [
    "Colour",
    "Described",
    "Hit",
    "Looked",
    "Looks",
    "Wanted",
    "agreeing",
    "appearance",
    "colour_within",
    "kinds_of",
    "looks_of",
    "of_camera",
    "search",
    "wanted",
]
