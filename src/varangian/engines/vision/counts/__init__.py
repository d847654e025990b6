"""How many are in a zone and pass a door, from tracks and without any identity.

    counter = Counter(zones={"hall": corners}, doors={"north": ends}, size=(768, 432))
    for at, seen in frames: counter.look(at, seen)
    counter.counts()                    # what crowds/ shows: JSON with numbers only

Zones count who is seen; doors count who passes. What doors add up to drifts by what they miss, so
an occupancy from doors is a band that widens with every passage and narrows when it is counted.
"""

from .counting import Counter, Crossed, Peopled
from .drawn import counter_of
from .occupancy import Occupancy

__all__ = ["Counter", "Crossed", "Occupancy", "Peopled", "counter_of"]
