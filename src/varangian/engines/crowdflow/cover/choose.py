"""Which candidates become posts: maximum cover with CP-SAT, one worker, so the same each time."""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from varangian.engines.crowdflow.cover.greedy import greedy
from varangian.kernel.results import Refused

SCALE = 10_000_000
WORK_A_SECOND = 1.0
"""Units of the solver's own clock: it counts work, so that a slow machine chooses the same."""


@dataclass(frozen=True)
class Chosen:
    """``stands``: rows that are posts, drawn ones included. ``at_most``: share of the weight."""

    stands: tuple[int, ...]
    at_most: float
    proved: bool
    greedy: float


class Program:
    """Places that the same stands see are one; those that nobody sees are none."""

    def __init__(
        self, sees: np.ndarray, weight: np.ndarray, drawn: np.ndarray, heavy: np.ndarray
    ) -> None:
        self.sees, self.weight, self.drawn = sees, weight, drawn
        self.whole = float(weight.sum())
        self.model = cp_model.CpModel()
        self.posts = [self.model.new_bool_var(f"post{k}") for k in range(len(sees))]
        for variable, there in zip(self.posts, drawn, strict=True):
            if there:
                self.model.add(variable == 1)
        self.more = sum(v for v, there in zip(self.posts, drawn, strict=True) if not there)
        columns, of = np.unique(sees, axis=1, return_inverse=True)
        sums = np.zeros(columns.shape[1])
        np.add.at(sums, of.ravel(), weight)
        self.seen, self.counts = [], []
        for column, total in zip(columns.T, sums, strict=True):
            if column.any():
                self._watch(column, total)
        for column in np.unique(sees[:, heavy], axis=1).T if heavy.any() else ():
            self.model.add(sum(self.posts[k] for k in np.flatnonzero(column)) >= 2)
        self.value = sum(c * v for c, v in zip(self.counts, self.seen, strict=True))

    def _watch(self, column: np.ndarray, total: float) -> None:
        """Seen only where a post sees it; where a drawn one does, it is."""
        count = max(1, round(total / self.whole * SCALE))
        there = self.model.new_bool_var("")
        if not (column & self.drawn).any():
            who = [self.posts[k] for k in np.flatnonzero(column)]
            self.model.add_bool_or([*who, there.negated()])
        self.seen.append(there)
        self.counts.append(count)

    def hint(self, chosen: list[int]) -> None:
        self.model.clear_hints()
        for k, variable in enumerate(self.posts):
            self.model.add_hint(variable, bool(self.drawn[k]) or k in chosen)

    def solve(self, seconds: float, seed: int) -> tuple[str, list[int], float]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = seconds * WORK_A_SECOND
        solver.parameters.max_time_in_seconds = seconds * 3
        status = solver.solve(self.model)
        if status in (cp_model.INFEASIBLE, cp_model.UNKNOWN):
            return solver.status_name(status), [], 0.0
        found = [k for k, variable in enumerate(self.posts) if solver.value(variable)]
        return solver.status_name(status), found, float(solver.best_objective_bound)


def choose(
    sees: np.ndarray, weight: np.ndarray, drawn: np.ndarray, heavy: np.ndarray,
    *, posts: int | None, share: float | None, seconds: float, seed: int,
) -> Chosen:  # fmt: skip
    """``heavy``: places that two must see. Raises Refused, in words, where it cannot be done."""
    program = Program(sees, weight, drawn, heavy)
    fewest = True
    if posts is None:
        posts, fewest = _fewest(program, share or 0.0, seconds / 2, seed)
    start = greedy(sees, weight, drawn, posts)
    program.model.add(program.more <= posts)
    program.hint(start)
    program.model.maximize(program.value * (len(sees) + 1) - program.more)
    status, found, bound = program.solve(seconds, seed)
    if status == "INFEASIBLE":
        raise _too_few(sees, weight, drawn, heavy, posts, seconds, seed)
    if status == "UNKNOWN":
        raise Refused("No choice was found in the time given", "seconds", "Give more seconds.")
    seen = _share(sees, weight, found)
    proved = status == "OPTIMAL"
    most = seen if proved else min(1.0, bound / (len(sees) + 1) / SCALE)
    by_greedy = _share(sees, weight, [*np.flatnonzero(drawn).tolist(), *start])
    return Chosen(tuple(found), max(seen, most), proved and fewest, by_greedy)


def _fewest(program: Program, share: float, seconds: float, seed: int) -> tuple[int, bool]:
    """The fewest posts that see this share and keep what two must see; whether that is proved."""
    most = _share(program.sees, program.weight, list(range(len(program.sees))))
    if most < share - 1e-6:
        raise Refused(
            f"All candidate places together see {most:.0%}, not {share:.0%}", "share",
            "Ask for less, give more candidates or a longer reach, or screen what is not to be "
            "watched.",
        )  # fmt: skip
    everything = share >= most - 1e-9
    floor = sum(program.counts) if everything else int(share * SCALE) - len(program.seen)
    model = program.model.clone()
    reached = program.model
    program.model = model
    model.add(program.value >= floor)
    program.hint(greedy(program.sees, program.weight, program.drawn, None, share * program.whole))
    model.minimize(program.more)
    status, found, _ = program.solve(seconds, seed)
    program.model = reached
    if not found:
        told = "No choice sees it" if status == "INFEASIBLE" else "None was found in the time"
        raise Refused(told, "share", "Ask for less, or leave out that two see a place.")
    return sum(not program.drawn[k] for k in found), status == "OPTIMAL"


def _too_few(
    sees: np.ndarray, weight: np.ndarray, drawn: np.ndarray, heavy: np.ndarray, posts: int,
    seconds: float, seed: int,
) -> Refused:  # fmt: skip
    """How many could, in the refusal."""
    program = Program(sees, weight, drawn, heavy)
    program.model.minimize(program.more)
    _, found, _ = program.solve(seconds / 2, seed)
    needed = sum(not drawn[k] for k in found)
    told = f"It takes {needed}." if found else "Give more candidate places."
    return Refused(
        f"{posts} more cannot see each of the weightiest places twice", "posts",
        f"{told} Or leave out that two see a place.",
    )  # fmt: skip


def _share(sees: np.ndarray, weight: np.ndarray, stands: list[int]) -> float:
    return float(weight[sees[stands].any(axis=0)].sum() / weight.sum()) if stands else 0.0
