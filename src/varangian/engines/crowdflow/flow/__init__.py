"""How people leave a venue, and how many get through a door.

    door_flow(1.2)                                    people a second, as bands
    answer = evacuate(venue, 2000, runs=50, seed=1)   times, flows by exit, worst places, maps
    answer, film = filmed(venue, 2000, runs=50)       and the run in the middle, moment by moment
    found = what_if(venue, 2000, scenario)            before, after, and the moves that buy seconds

A coarse model of cells, calibrated on published experiments (``law``). What is uncertain differs
from run to run: walking speed, flow of doors, when people begin to walk, how unevenly they stand,
how much they know of queues. Every figure is a band over the runs; it may lower the capacity by
standard, never raise it. What it leaves out: people who fall, help each other or follow a group;
counter-flow in the open (it is reckoned with at gates only).
"""

from varangian.engines.crowdflow.flow.answer import Answer, ExitFlow, Map, Place
from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.grid import grid_of
from varangian.engines.crowdflow.flow.incident import Incident
from varangian.engines.crowdflow.flow.law import DoorFlow, door_flow
from varangian.engines.crowdflow.flow.runs import Scenario, evacuate, filmed
from varangian.engines.crowdflow.flow.whatif import WhatIf, what_if

__all__ = [
    "Answer",
    "DoorFlow",
    "ExitFlow",
    "Film",
    "Incident",
    "Map",
    "Place",
    "Scenario",
    "WhatIf",
    "door_flow",
    "evacuate",
    "filmed",
    "grid_of",
    "what_if",
]
