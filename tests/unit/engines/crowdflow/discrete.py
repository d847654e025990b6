"""A discrete-event model of an entrance, person by person: the judge of the engine's steps."""

import heapq
import random
from dataclasses import dataclass


@dataclass
class Seen:
    longest_queue: int
    longest_wait: float
    mean_wait: float
    at_start: int
    turned_away: int
    second_wait: float


def evening(people, peak_before, spread, lanes, per_hour, *, opens=120.0, variation=0.7,
            second=0.0, desks=0, desk_hour=40.0, patience=None, seed=0):  # fmt: skip
    """People come at normal times, are served in the order of coming by the first lane free."""
    rng = random.Random(seed)
    times = sorted(rng.gauss(-peak_before, spread) for _ in range(people))
    shape = 1 / variation**2

    def service(hourly):
        return rng.gammavariate(shape, 60 / hourly / shape)

    free, desk_free = [-opens] * lanes, [-opens] * desks
    begun, seen = [], Seen(0, 0.0, 0.0, 0, 0, 0.0)
    total = inside = second_longest = 0.0
    again = []
    queue = []
    for now in times:
        while queue and queue[0] <= now:
            heapq.heappop(queue)
        if patience is not None:
            wait = max(0.0, len(queue) * 60 / per_hour / lanes) + max(0.0, -opens - now)
            if rng.random() < min(1, max(0, (wait - patience) / patience)):
                seen.turned_away += 1
                continue
        start = max(now, free[0])
        heapq.heapreplace(free, end := start + service(per_hour))
        heapq.heappush(queue, start)
        seen.longest_queue = max(seen.longest_queue, len(queue))
        wait = start - max(now, -opens)
        seen.longest_wait = max(seen.longest_wait, wait)
        total += max(0, wait)
        begun.append(start)
        inside += end < 0
        if rng.random() < second:
            again.append(end)
    for end in sorted(again):
        start = max(end, desk_free[0])
        heapq.heapreplace(desk_free, start + service(desk_hour))
        second_longest = max(second_longest, start - end)
    seen.second_wait = second_longest
    seen.mean_wait = total / max(1, len(begun))
    seen.at_start = people - seen.turned_away - int(inside)
    return seen
