"""Duty rosters: who stands which shift, by the rules of working time.

    answer = solve(problem, seconds=20)
    answer = repair(problem, roster, "officer-7", since)
    answer = look(problem, roster)

**Model.** A shift wants a number of officers, qualifications of everyone on it (``Need.count`` 0)
and qualifications of some (``count``). An officer takes a shift or does not; whole shifts only.
Hard rules come as data (``Rules``): daily and weekly rest, mean week, most hours in seven days,
longest duty and night, nights, days in a row, one duty a day, the way counted. They are kept
always: what cannot be filled within them stays open and is told.

**Time.** Instants are compared in UTC; hours are hours that pass, so that the night in which
clocks change counts as it is. What is a night, a day, a weekend says the clock of the shift's
zone; the weekly rest is counted in whole periods from the first day of the roster, by the clock of
the officer's zone; a period that the roster does not hold whole is not judged. Hours and nights
belong to the day a duty begins.

**Order of aims.** What is open, by priority (one step of priority weighs four times the next; an
empty place 3, an unmet need 2), then fairness and wishes as ``fairness`` prices them. The first
roster is greedy; it is improved by CP-SAT, whole or in parts. The answer is valid whenever it is
stopped; it is the best found, and the best there is only where ``proven_cover`` says so. It
depends on the time given, so two runs may differ.

Raises Refused when the solver's package (the extra ``planning``) is not installed.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from varangian.engines.rostering.model import (
    Answer,
    Clash,
    Duty,
    Fatigue,
    Gap,
    Holding,
    Need,
    Officer,
    Problem,
    Reason,
    Shift,
    Step,
    Wish,
)
from varangian.engines.rostering.rules import Rules, WorkingTime, working_time
from varangian.kernel.results import Refused

__all__ = [
    "Answer",
    "Clash",
    "Duty",
    "Fatigue",
    "Gap",
    "Holding",
    "Need",
    "Officer",
    "Problem",
    "Reason",
    "Rules",
    "Shift",
    "Step",
    "Wish",
    "WorkingTime",
    "look",
    "repair",
    "solve",
    "why_not",
    "working_time",
]


def solve(
    problem: Problem,
    start: Iterable[tuple[str, str]] = (),
    *,
    seconds: float = 20.0,
    fair_seconds: float = 5.0,
    clash_seconds: float = 8.0,
    workers: int = 2,
    seed: int = 1,
    tell: Callable[[Step], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Answer:
    """A roster within ``seconds``; of them at most ``fair_seconds`` go to fairness and wishes.

    ``start``: (officer id, shift id) to improve upon. ``tell`` hears each step; ``stop`` is asked
    between steps. When something stays open, up to ``clash_seconds`` more go to finding out which
    needs conflict.
    """
    return _engine().solve(
        problem, list(start), seconds=seconds, fair_seconds=fair_seconds,
        clash_seconds=clash_seconds, workers=workers, seed=seed, tell=tell, stop=stop,
    )  # fmt: skip


def repair(
    problem: Problem,
    roster: Iterable[tuple[str, str]],
    officer: str,
    since: datetime,
    until: datetime | None = None,
    *,
    seconds: float = 10.0,
    clash_seconds: float = 8.0,
    workers: int = 2,
) -> Answer:
    """The roster without this officer's duties in [since, until), changed as little as can be.

    What began before ``since`` stays. A duty in progress is given to another as a whole.
    ``proven_cover`` is about the part that was looked at. Raises NotFound for an unknown officer.
    """
    return _engine().repair(
        problem, list(roster), officer, since, until,
        seconds=seconds, clash_seconds=clash_seconds, workers=workers,
    )  # fmt: skip


def look(problem: Problem, roster: Iterable[tuple[str, str]]) -> Answer:
    """A roster as it is, nothing changed: its gaps, each officer's hours, and as ``broken`` every
    assignment that a rule forbids beside the officer's others. Searches for nothing: no steps,
    no clashes, ``proven_cover`` False."""
    return _engine().look(problem, list(roster))


def why_not(
    problem: Problem,
    roster: Iterable[tuple[str, str]],
    officers: Iterable[str] | None = None,
    shifts: Iterable[str] | None = None,
) -> dict[tuple[str, str], tuple[Reason, ...]]:
    """For each (officer, shift) that a rule forbids beside the officer's other shifts: which rules.

    None means all of them. Raises NotFound for an id that the problem does not hold.
    """
    return _engine().why_not(problem, list(roster), officers, shifts)


def _engine() -> Any:
    if find_spec("ortools") is None:
        raise Refused(
            "The roster solver is not installed",
            "package ortools",
            "Install the extra: make install EXTRAS=planning.",
        )
    from varangian.engines.rostering import engine

    return engine
