"""How many lanes so that nobody waits too long."""

from dataclasses import replace

from varangian.engines.crowdflow.queues.model import Arrivals, Doubt, Lanes, Picture
from varangian.engines.crowdflow.queues.simulate import queue
from varangian.kernel.results import Refused

MOST_LANES = 2000


def lanes_for(
    arrivals: Arrivals,
    lanes: Lanes,
    longest_wait: float,
    *,
    runs: int = 200,
    seed: int = 1,
    doubt: Doubt | None = None,
) -> Picture:
    """The fewest lanes with which in nine runs of ten nobody waits above ``longest_wait`` minutes,
    counted from the opening of the doors. People who would leave for the wait are let wait here:
    a queue is not short because people gave up."""
    if longest_wait <= 0:
        raise Refused("The longest wait must be above 0 minutes", "longest_wait", "Give minutes.")
    asked = replace(lanes, patience=None)

    def tried(count: int) -> Picture:
        with_count = replace(asked, lanes=count)
        return queue(arrivals, with_count, runs=runs, seed=seed, doubt=doubt)

    def good(picture: Picture) -> bool:
        return picture.longest_wait.p90 <= longest_wait

    low, high = 0, 1
    found = tried(high)
    while not good(found):
        low, high = high, high * 2
        if high > MOST_LANES:
            mend = "Spread the arrivals, open more entrances, or allow a longer wait."
            raise Refused(f"Even {MOST_LANES:,} lanes do not do", "longest_wait", mend)
        found = tried(high)
    while high - low > 1:
        middle = (low + high) // 2
        picture = tried(middle)
        if good(picture):
            high, found = middle, picture
        else:
            low = middle
    return found
