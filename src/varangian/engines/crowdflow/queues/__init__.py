"""Queues at an entrance: who comes when, how many lanes, who waits how long.

    picture = queue(Arrivals(5000, peak_before=40, spread=20), Lanes(8, 400), runs=200, seed=1)
    lanes = lanes_for(arrivals, Lanes(1, 400), longest_wait=10)

Arrivals have a profile: a steady state hides the peak (8 lanes that "wait 15 s" by the formula of
Erlang let the peak wait 25 minutes). Time goes in steps of ten seconds; within a run arrivals and
service vary by chance, between runs the rate and the peak. Every figure is a band over the runs.
"""

from varangian.engines.crowdflow.queues.model import Arrivals, Band, Doubt, Lanes, Picture
from varangian.engines.crowdflow.queues.search import lanes_for
from varangian.engines.crowdflow.queues.simulate import queue

__all__ = ["Arrivals", "Band", "Doubt", "Lanes", "Picture", "lanes_for", "queue"]
