"""CP-SAT over which measures are in."""

import time
from collections.abc import Iterable
from typing import Any

from ortools.sat.python import cp_model

from varangian.engines.measures.conflict import conflict, fits
from varangian.engines.measures.model import (
    RESOURCES,
    Point,
    Problem,
    Proposal,
    Risk,
)
from varangian.engines.measures.reasons import reasons
from varangian.engines.measures.residual import closure, kept_takes, point, residual, walls

LEAST_SECONDS = 0.02


class Program:
    """The model of one problem; limits on residual and cost are set for each solve."""

    def __init__(self, problem: Problem, shut: dict[str, str]) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        kept = frozenset(m.id for m in problem.measures if m.kept)
        self.chosen = {m.id: self.model.new_bool_var(m.id) for m in problem.measures}
        for measure in problem.measures:
            if measure.id in shut:
                self.model.add(self.chosen[measure.id] == 0)
            elif measure.kept or measure.id in problem.must:
                self.model.add(self.chosen[measure.id] == 1)
            for other in measure.needs if not measure.kept else ():
                self.model.add_implication(self.chosen[measure.id], self.chosen[other])
            for other in measure.excludes - (kept if measure.kept else frozenset()):
                self.model.add_at_most_one(self.chosen[measure.id], self.chosen[other])
        for resource in RESOURCES:
            limit = problem.limits.of(resource)
            if limit is not None:
                self.model.add(self._sum(resource) <= max(limit, kept_takes(problem, resource)))
        self.residual = sum(self._points(risk) for risk in problem.risks)
        self.cost = self._sum(problem.axis)
        self.count = sum(self.chosen.values())

    def _sum(self, resource: str) -> Any:
        takes = {m.id: m.takes(resource) or 0 for m in self.problem.measures}  # pyright: ignore
        return sum(takes[name] * variable for name, variable in self.chosen.items())

    def _points(self, risk: Risk) -> Any:
        """Points left of one risk: an axis variable each, tied by the table of their product."""
        axes = []
        for index, start in enumerate((risk.likelihood, risk.impact)):
            lowering = [
                (m.lowers[risk.id][index], self.chosen[m.id])
                for m in self.problem.measures
                if m.lowers.get(risk.id, (0, 0))[index]
            ]
            least = max(1, start - min(sum(s for s, _ in lowering), self.problem.most_steps[index]))
            left = self.model.new_int_var(least, start, f"{risk.id} {index}")
            if least < start:
                self.model.add(left >= start - sum(s * v for s, v in lowering))
            axes.append((left, least, start))
        (likelihood, low, high), (impact, mild, severe) = axes
        if low == high:
            return low * impact
        if mild == severe:
            return mild * likelihood
        points = self.model.new_int_var(low * mild, high * severe, f"{risk.id} points")
        rows = [(a, b, a * b) for a in range(low, high + 1) for b in range(mild, severe + 1)]
        self.model.add_allowed_assignments([likelihood, impact, points], rows)
        return points

    def least(
        self,
        aim: Any,
        until: float,
        below: Iterable[Any] = (),
        hint: frozenset[str] | None = None,
    ) -> tuple[frozenset[str] | None, bool]:
        """The set with the least ``aim`` under these further limits; and whether it is proven."""
        model = self.model.clone()
        for limit in below:
            model.add(limit)
        for name, variable in self.chosen.items():
            if hint is not None:
                model.add_hint(variable, name in hint)
        model.minimize(aim)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_time_in_seconds = max(LEAST_SECONDS, until - time.monotonic())
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, status == cp_model.INFEASIBLE
        found = frozenset(name for name, v in self.chosen.items() if solver.boolean_value(v))
        return found, status == cp_model.OPTIMAL


def search(problem: Problem, points: int, seconds: float) -> Proposal:
    until = time.monotonic() + seconds
    kept = frozenset(m.id for m in problem.measures if m.kept)
    before = point(problem, kept).residual
    shut = walls(problem)
    clash = conflict(problem, shut)
    if clash is not None:
        return Proposal(before, None, conflict=clash)
    program = Program(problem, shut)
    best, proven = _best(program, until)
    frontier, all_proven = _frontier(program, best, points, until)
    return Proposal(
        before,
        best,
        frontier,
        reasons(problem, best, shut),
        proven=proven,
        frontier_proven=proven and all_proven,
        notes=_notes(problem),
    )


def _best(program: Program, until: float) -> tuple[Point, bool]:
    """Least residual, then least cost, then fewest measures."""
    hint = greedy(program.problem)
    first, proven = program.least(program.residual, until, hint=hint)
    chosen = first if first is not None else hint
    return _cheapest(program, point(program.problem, chosen), proven, until)


def _cheapest(program: Program, start: Point, proven: bool, until: float) -> tuple[Point, bool]:
    """The same residual for the least on the axis, and with the fewest measures."""
    aim = program.cost * (len(program.chosen) + 1) + program.count
    limits = [program.residual <= start.residual]
    chosen, sure = program.least(aim, until, limits, start.chosen)
    if chosen is None:
        return start, False
    return point(program.problem, chosen), proven and sure


def _frontier(
    program: Program, best: Point, points: int, until: float
) -> tuple[tuple[Point, ...], bool]:
    """Points that no other beats, from what is forced anyway to the best."""
    problem, axis = program.problem, program.problem.axis
    aim = program.cost * (len(program.chosen) + 1) + program.count
    bare, proven = program.least(aim, until)
    if bare is None:
        return (best,), False
    found = {}
    first = point(problem, bare)
    steps = max(1, points)
    levels = {
        first.residual - round((first.residual - best.residual) * n / steps) for n in range(steps)
    }
    for level in sorted(levels, reverse=True):
        chosen, sure = program.least(aim, until, [program.residual <= level], best.chosen)
        if chosen is None:
            proven = False
            continue
        spent = point(problem, chosen).takes[axis]
        better, surer = program.least(
            program.residual, until, [program.cost <= spent, program.residual <= level], chosen
        )
        proven = proven and sure and surer
        made = point(problem, better if better is not None else chosen)
        found[made.takes[axis], made.residual] = made
    found[best.takes[axis], best.residual] = best
    return _unbeaten(list(found.values()), axis), proven


def _unbeaten(points: list[Point], axis: str) -> tuple[Point, ...]:
    kept: list[Point] = []
    for one in sorted(points, key=lambda p: (p.takes[axis], p.residual)):  # pyright: ignore
        if not kept or one.residual < kept[-1].residual:
            kept.append(one)
    return tuple(kept)


def greedy(problem: Problem) -> frozenset[str]:
    """What is forced, then always the measure that lowers most for its cost: the warm start."""
    shut = walls(problem)
    kept = {m.id for m in problem.measures if m.kept}
    chosen = closure(problem, problem.must) | kept
    free = [m for m in problem.measures if m.id not in shut and m.id not in chosen]
    while True:
        left = residual(problem, chosen)
        offers = []
        for measure in free:
            whole = chosen | closure(problem, [measure.id])
            gain = left - residual(problem, whole)
            if gain > 0 and measure.id not in chosen and fits(problem, whole):
                cost = sum(
                    m.takes(problem.axis) or 0 for m in problem.measures if m.id in whole - chosen
                )
                offers.append((gain / (cost + 1), measure.id, whole))
        if not offers:
            return frozenset(chosen)
        chosen = min(offers, key=lambda offer: (-offer[0], offer[1]))[2]


def _notes(problem: Problem) -> tuple[str, ...]:
    """What the answer leaves open because nobody has said what a measure takes."""
    notes = []
    for resource in RESOURCES:
        silent = [m.id for m in problem.measures if m.takes(resource) is None]
        if silent and problem.limits.of(resource) is None:
            notes.append(f"{len(silent)} measures do not say what they take in {resource}")
    kept, limit = kept_takes(problem, "discomfort"), problem.limits.discomfort
    if limit is not None and kept > limit:
        notes.append(f"What is agreed or in place brings discomfort {kept}, wished is {limit}")
    return tuple(notes)
