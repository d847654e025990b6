"""Mixed plans: which way, when, by which door, so that no observer can count on meeting us.

    mix = plan(graph, start, goal, budget=1.2)
    choice = draw(mix, secrets.SystemRandom())

A zero-sum game (Joseph and Feron 2005). The observer knows the whole plan but not the draw; he
picks one place and one window. The plan makes his best chance as small as it can be at a mean time
of at most ``budget`` times the fastest. ``bound`` is that chance, worked out over every place and
every window, ends and forced places aside: there the way gives no protection and people must.

It says nothing about an observer who follows the car, who hears of the draw, or who stands at the
door; and no measured fall of attacks is known for plans like this, here or elsewhere.
"""

from .attackers import ATTACKERS, Trial, month
from .day import Day, DayLeg, Kept, Wish, day, places_of, recorded, resolve
from .drawing import Choice, draw, draw_day
from .drift import Drift, drift
from .engine import plan
from .model import Departure, Forced, Mix, Route, Spot
from .programme import Car, Door, Stop
from .seal import Seal, opens, seal

__all__ = [
    "ATTACKERS",
    "Car",
    "Choice",
    "Day",
    "DayLeg",
    "Departure",
    "Door",
    "Drift",
    "Forced",
    "Kept",
    "Mix",
    "Route",
    "Seal",
    "Spot",
    "Stop",
    "Trial",
    "Wish",
    "day",
    "draw",
    "draw_day",
    "drift",
    "month",
    "opens",
    "places_of",
    "plan",
    "recorded",
    "resolve",
    "seal",
]
