"""A rope line: pens, gaps for extraction, how far to stand off, and for how long it exposes.

Stand-off of two feet (0.6 m) so that people have to reach: de Becker, Taylor and Marquart, Just 2
Seconds. Depth by the density at which pens become critical (4 a square metre; planned with 2). The
pace along a line is assumed.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from varangian.kernel.results import Refused

STAND_OFF = 0.6
PLANNED, CRITICAL = 2.0, 4.0
PEN_PEOPLE = 60
GAP_M = 1.2
SLOW, BRISK = 0.3, 0.5


@dataclass(frozen=True)
class Rope:
    """Metres and minutes; ``minutes`` is (quick, slow). ``gaps``: metres from the start."""

    length: float
    pens: int
    pen_metres: float
    people_a_pen: int
    depth: float
    holds_at_most: int
    stand_off: float
    gaps: tuple[float, ...]
    farthest_from_gap: float
    minutes: tuple[float, float]
    notes: tuple[str, ...]


def rope_line(
    length: float,
    people: int,
    *,
    stand_off: float = STAND_OFF,
    depth: float | None = None,
    most_in_pen: int = PEN_PEOPLE,
) -> Rope:
    """``depth``: metres of floor behind the rope, else what planned density needs. A gap lies
    between any two pens, and at both ends."""
    _refuse(length, people, stand_off, most_in_pen)
    pens = max(1, ceil(people / most_in_pen))
    usable = length - (pens - 1) * GAP_M
    if usable < pens * 2:
        mend = f"Make it {pens * 2 + (pens - 1) * GAP_M:.0f} m, or bring fewer people."
        raise Refused(f"{pens} pens do not fit on {length:g} m", "length", mend)
    deep = depth or max(0.6, people / PLANNED / usable)
    density = people / (deep * usable)
    notes = []
    if stand_off < STAND_OFF:
        notes.append(f"{stand_off:g} m: a hand reaches the principal without stretching")
    if density > PLANNED:
        word = "critical" if density >= CRITICAL else "above what is planned with"
        notes.append(f"{density:.1f} people on a square metre in the pens: {word}")
    if deep > 3:
        notes.append(f"{deep:.1f} m deep: who stands behind pushes; take a longer line")
    pen = usable / pens
    gaps = tuple(round(k * (pen + GAP_M) - GAP_M / 2, 1) for k in range(1, pens))
    ends = (0.0, *gaps, float(length))
    far = max((b - a) / 2 for a, b in pairwise(ends))
    return Rope(
        length, pens, round(pen, 1), ceil(people / pens), round(deep, 2),
        int(usable * deep * CRITICAL), stand_off, ends, round(far, 1),
        (round(length / BRISK / 60, 1), round(length / SLOW / 60, 1)), tuple(notes),
    )  # fmt: skip


def _refuse(length: float, people: int, stand_off: float, most: int) -> None:
    if not 2 <= length <= 500:
        raise Refused(f"A rope line of {length:g} m", "length", "Give 2 to 500 m.")
    if not 1 <= people <= 5000:
        raise Refused(f"{people} people at a rope line", "people", "Give 1 to 5,000.")
    if not 0 <= stand_off <= 5 or not 5 <= most <= 500:
        raise Refused("Stand-off or pen do not fit", "stand_off", "0 to 5 m; 5 to 500 a pen.")
