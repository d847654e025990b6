"""A search over what cameras noted: which kinds of thing its words name, and what cameras tell."""

import re

from varangian.engines.sightings import colour_of
from varangian.kernel.results import Refused

from .searching import MEND, Wanted, hours_in, looks_in

ROAD = frozenset({"car", "lorry", "bus"})
"""What a detector mixes up: a van is told as any of these."""
NAMED = {
    **dict.fromkeys(("car", "saloon", "hatchback", "estate", "suv", "jeep", "taxi"), ROAD),
    **dict.fromkeys(("van", "transporter", "lorry", "truck", "minibus"), ROAD),
    **dict.fromkeys(("bus", "coach"), frozenset({"bus", "lorry"})),
    **dict.fromkeys(
        ("motorcycle", "motorbike", "scooter", "moped"), frozenset({"motorcycle", "bicycle"})
    ),
    **dict.fromkeys(("bicycle", "bike", "cyclist"), frozenset({"bicycle", "motorcycle"})),
    "vehicle": ROAD | {"motorcycle", "bicycle"},
    **dict.fromkeys(("person", "somebody", "man", "woman", "people"), frozenset({"person"})),
}
TOLD = {"coat": "coat", "hooded-top": "coat", "trousers": "trousers"} | {
    "bag": "bag",
    "suitcase": "bag",
}
"""Things that a camera tells, and as what: it sees an upper and a lower body, and luggage."""
COLOUR = "colour"
"""What is told of a vehicle."""


def of_camera(text: str) -> tuple[frozenset[str], Wanted]:
    """Kinds, and what is looked for in their looks: ``red car``, ``grey coat, after 14:00``.

    Raises Refused when nothing is asked, or only what no camera tells.
    """
    kinds, hours = kinds_of(text), hours_in(text)
    if kinds and "person" not in kinds:
        colour = colour_of(text)
        return kinds, Wanted({COLOUR: colour} if colour else {}, *hours)
    asked = looks_in(text)
    looks = {TOLD.get(thing, thing): colour for thing, colour in asked.items()}
    if asked and not set(looks) & set(TOLD):
        things = ", ".join(sorted(asked))
        mend = "Cameras tell the colours of coat, trousers and bag."
        raise Refused(f"No camera tells this: {things}", text[:80], mend)
    if not looks and colour_of(text):
        looks = {"": colour_of(text)}
    if not looks and not kinds:
        raise Refused("Nothing in these words can be looked for", text[:80], MEND)
    return kinds or frozenset({"person"}), Wanted(looks, *hours)


def kinds_of(text: str) -> frozenset[str]:
    """Kinds as records name them; empty when the words name none."""
    words = re.findall(r"[a-z]+", text.lower())
    found = [NAMED[one] for word in words for one in (word, word.removesuffix("s")) if one in NAMED]
    return frozenset().union(*found)
