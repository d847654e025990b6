"""How fast people walk and how many get through, measured on people.

The law of doors is fitted to 14 openings of 0.5 to 1.6 m (HERMES, Juelich 2009; flows measured anew
from the trajectories between the 20th and the 90th per cent to pass). Each opening predicted from
the 13 others is off by 7.2 % on average. The people were students who knew each other: real crowds
are slower, down to what the standards count with. Both ends are in every band.
"""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.band import Band, band
from varangian.kernel.results import Refused

MEASURED: tuple[tuple[float, float], ...] = (
    (0.50, 1.258), (0.60, 1.376), (0.65, 1.446), (0.70, 1.602), (0.80, 1.881), (0.80, 1.970),
    (1.00, 2.370), (1.00, 2.286), (1.20, 2.793), (1.45, 2.689), (1.45, 3.230),
    (0.70, 1.583), (1.20, 2.251), (1.60, 3.054),
)  # fmt: skip
"""Width in metres, people a second; the last three are exits, the others ways in."""
BODY_M = 0.5
WALK = 1.34
"""Metres a second alone on the level (Weidmann)."""
FLOW = 2.0
"""Most people a metre and second in the open; above the law of doors, so that doors decide."""
QUEUED: tuple[tuple[float, float], ...] = ((2.97, 0.88), (2.15, 1.25), (2.15, 1.27))
"""People on a square metre in front of exits of 0.7, 1.2 and 1.6 m (HERMES), and how many then pass
a metre of the corridor a second."""
SCATTER = 0.08
CROWD_SLOWEST = 0.72
"""A planned crowd beside the students: 82 a metre and minute (Green Guide) are 0.72 of them."""
STAIR_FLOW = 1.1
"""People a metre and second on stairs: 66 a minute (Green Guide)."""
STAIR_WALK = 0.6
BOTH_WAYS = 0.7
"""What is left of a way when people come against each other: 4.7 a second both ways through 3.6 m
(HERMES bo-360-160-160) are 0.69 of one way. Those entries limited it, so this is the low end."""


def fit(measured: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """People a second = first + second x width, least squares of the relative error."""
    width, flow = np.array(measured).T
    rows = np.stack([1 / flow, width / flow], axis=1)
    first, second = np.linalg.lstsq(rows, np.ones(len(flow)), rcond=None)[0]
    return float(first), float(second)


FIRST, SECOND = fit(MEASURED)


def fit_queue(queued: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """Where a queue no longer moves, and how fast a gap runs back through it (metres a second)."""
    density, flow = np.array(queued).T
    slope, top = np.polyfit(density, flow, 1)
    return float(-top / slope), float(-slope)


JAM, WAVE = fit_queue(QUEUED)


def through(width: float) -> float:
    """People a second through a door, one way; none below the width of a body."""
    return 0.0 if width < BODY_M - 0.01 else FIRST + SECOND * width


@dataclass(frozen=True)
class DoorFlow:
    width: float
    experiments: Band
    """As in the experiments: young people in one direction."""
    crowd: Band
    """As a crowd at an event: the same, down to the slowness the standards count with."""
    both_ways: Band
    standard: float
    extrapolated: bool


def door_flow(width: float, standard_per_metre_minute: float = 82.0) -> DoorFlow:
    """People a second; ``extrapolated`` where no experiment was as narrow or as wide."""
    if not BODY_M <= width <= 100:
        mend = "Give the clear width in metres, such as 1.2."
        raise Refused(f"A door of {width:g} m lets nobody through or is none", "width", mend)
    rng = np.random.default_rng(1)
    scatter = np.exp(rng.normal(0, SCATTER, 4000)) * through(width)
    slow = scatter * rng.uniform(CROWD_SLOWEST, 1.0, 4000)
    widths = [w for w, _ in MEASURED]
    return DoorFlow(
        width,
        band(scatter, 2),
        band(slow, 2),
        band(slow * BOTH_WAYS, 2),
        round(width * standard_per_metre_minute / 60, 2),
        not min(widths) <= width <= max(widths),
    )
