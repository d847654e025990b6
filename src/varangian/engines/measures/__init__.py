"""Measures that pay: the set that leaves least risk within what may be spent.

    proposal = propose(problem)

**What is left.** The rules of the risk register: on each axis of the matrix the steps of all
measures on one risk add up, to at most ``most_steps``, and no axis falls below 1; likelihood and
impact then multiply to points, 1 to 25. ``residual`` is the sum of points over all risks. It is a
number about risks of an operation, never about a person, and only as good as the steps given.

**What it costs.** Money in whole minor units, hours in tenths, people and discomfort as whole
numbers, so that the solver counts exactly. ``None`` is unknown and never zero: with a limit on
something, a measure that does not say what it takes of it stays out, and the answer says so. What
is in place or agreed (``kept``) has been decided and paid: it takes no money, hours and people any
more, but its discomfort to the principal counts.

**Wishes.** Limits on money, hours, people and discomfort (in all, and of any one measure), and
measures that must be in. What the principal refuses is no wish but a wall: it is never in, and
what needs it is not either. If the musts do not fit, ``conflict`` names the fewest wishes that do
not go together: all subsets are tried by size, since the closure of the musts under ``needs`` is
the smallest set there is and shows at once whether it fits.

**Search.** CP-SAT, one worker and a fixed seed: the same problem has the same answer. First the
least residual, then at that residual the least cost on the chosen axis, then the fewest measures.
The frontier is found the other way round: for evenly spaced levels of residual the least cost,
then at that cost the least residual, so that no point is beaten by another. After ``seconds`` the
search ends with what it has; ``proven`` and ``frontier_proven`` say whether it is the best.

Raises Refused when the solver's package (the extra ``planning``) is not installed.
"""

from importlib.util import find_spec

from varangian.engines.measures.model import (
    Conflict,
    Limits,
    Measure,
    Point,
    Problem,
    Proposal,
    Reason,
    Risk,
)
from varangian.engines.measures.reasons import reasons
from varangian.engines.measures.residual import left_of, residual, walls
from varangian.kernel.results import Refused

__all__ = [
    "Conflict",
    "Limits",
    "Measure",
    "Point",
    "Problem",
    "Proposal",
    "Reason",
    "Risk",
    "explain",
    "left_of",
    "propose",
    "residual",
]


def propose(problem: Problem, *, points: int = 8, seconds: float = 1.8) -> Proposal:
    """The set that leaves least risk within the limits, the frontier and a reason for each measure.

    ``points``: most points of the frontier besides that of doing nothing more. ``seconds``: for
    the whole search. Raises Refused for a problem that contradicts itself (a risk or measure named
    twice, steps below 0, a measure that needs what is not there) or without the solver.
    """
    if find_spec("ortools") is None:
        raise Refused(
            "The solver is not installed",
            where="ortools",
            mend="Install the extra: varangian[planning].",
        )
    from varangian.engines.measures.search import search

    problem.check()
    return search(problem, points, seconds)


def explain(problem: Problem, point: Point) -> tuple[Reason, ...]:
    """Why each measure is in or out at this point of the frontier, in the order of the problem."""
    return reasons(problem, point, walls(problem))
