"""Which exit people take: the nearest, or one further off where the queue is shorter.

Every exit has a field of its own seconds and an offset. The offset of an exit whose people would
take longer than the whole takes grows, so the line between its people and those of its neighbours
moves towards it by a few metres at a time; it never outweighs the wait that it stands for. Queues
at doors within the venue and on stairs are not reckoned with in the choice.
"""

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.links import Link
from varangian.engines.crowdflow.flow.route import FAR, field

GAIN = 0.08
"""A second of wait above the fair one moves the offset by this each time; at 0.3 exits swing."""


def fields(grid: Grid, links: list[Link], walk: float) -> np.ndarray:
    """Seconds to each exit alone, exits by cells; links within the venue lead through."""
    slow = np.full(grid.size, 1 / walk, np.float32)
    inner = [link for link in links if not link.outside]
    return np.stack([field(grid, slow, [*inner, link]) for link in ways_out(links)])


def ways_out(links: list[Link]) -> list[Link]:
    return [link for link in links if link.outside and link.forward]


class Choice:
    """``aware``: 0 takes the nearest exit, 1 reckons with the whole wait."""

    def __init__(self, seconds: np.ndarray, capacity: np.ndarray, aware: float) -> None:
        self.seconds, self.capacity, self.aware = seconds, capacity, aware
        self.offset = np.zeros(len(capacity), np.float32)
        self.time, self.taken = self._least()

    def reckon(self, people: np.ndarray) -> None:
        """Move the offsets by the queues that there are, and make the field anew."""
        free = people * (self.time < FAR / 2)
        taken = np.bincount(self.taken, free, len(self.capacity))
        wait = taken / self.capacity
        fair = taken.sum() / self.capacity.sum()
        moved = self.offset + GAIN * (wait - fair)
        self.offset = np.clip(moved, 0, self.aware * wait).astype(np.float32)
        self.time, self.taken = self._least()

    def _least(self) -> tuple[np.ndarray, np.ndarray]:
        """The seconds felt to the exit that feels nearest, and which it is: row by row, which is
        several times as quick as along the shorter side of the table."""
        least = self.seconds[0] + self.offset[0]
        which = np.zeros(len(least), np.intp)
        for number in range(1, len(self.seconds)):
            felt = self.seconds[number] + self.offset[number]
            nearer = felt < least
            np.copyto(which, number, where=nearer)
            np.minimum(least, felt, out=least)
        return least, which
