"""The duty roster of some officers as a CP-SAT program; everybody else's duties stay.

Variables: one truth value for each free officer and shift, plus one for each possible start of a
weekly rest. Overlap and daily rest are cliques of an interval graph: a duty blocks its officer
from its beginning until the rest after it is over, so that among all duties that block one instant
at most one is held. A weekly rest is an interval too: no duty lies in the chosen one. Hours,
nights and days in a row are sums over windows of days.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.cover import Cover
from varangian.engines.rostering.fairness import Fairness
from varangian.engines.rostering.table import HEAD, SKILL, Table

Literal = cp_model.IntVar


@dataclass
class Program:
    """``free``: officers whose duties may change; ``shifts``: shifts that may change hands."""

    table: Table
    roster: Roster
    free: Sequence[int]
    shifts: Sequence[int]
    kept: Roster
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    x: dict[tuple[int, int], Literal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for officer in self.free:
            self._officer(officer)

    def _officer(self, officer: int) -> None:
        table, mine = self.table, {}
        had, kept = self.roster[officer], self.kept[officer]
        allowed = table.allowed[officer]
        for shift in sorted({s for s in self.shifts if allowed[s]} | had):
            literal = self.model.new_bool_var("")
            mine[shift] = self.x[officer, shift] = literal
            self.hint(literal, int(shift in had))
            if shift in kept:
                self.model.add(literal == 1)
        if mine:
            self._apart(officer, mine)
            self._limits(officer, mine)
            self._weekly_rest(officer, mine)

    def hint(self, variable: Literal, value: int) -> None:
        self.model.add_hint(variable, value)

    def _apart(self, officer: int, mine: dict[int, Literal]) -> None:
        begins, finishes = self.table.begins[officer], self.table.finishes[officer]
        rest = self.table.rules.rest_minutes
        spans = [(int(begins[s]), int(finishes[s]) + rest, s) for s in mine]
        for group in cliques(spans):
            self.model.add_at_most_one([mine[s] for s in group])

    def _limits(self, officer: int, mine: dict[int, Literal]) -> None:
        for window in self.table.windows:
            members = [s for s in mine if window.members[s]]
            bound = int(window.bound[officer])
            if window.in_minutes:
                costs = self.table.paid[officer, members].tolist()
                most = self._most(members, dict(zip(members, costs, strict=True)))
                if most > bound:
                    literals = [mine[s] for s in members]
                    self.model.add(cp_model.LinearExpr.weighted_sum(literals, costs) <= bound)
            elif window.rule == "one_duty_a_day" or self._most(members, None) > bound:
                literals = [mine[s] for s in members]
                if bound == 1 and len(members) > 1:
                    self.model.add_at_most_one(literals)
                else:
                    self.model.add(cp_model.LinearExpr.sum(literals) <= bound)

    def _most(self, members: list[int], costs: dict[int, int] | None) -> int:
        """No more than this can come together, at one duty a day when that is a rule."""
        if not self.table.rules.one_duty_a_day:
            return sum(costs.values()) if costs else len(members)
        dearest: dict[int, int] = {}
        for shift in members:
            day = int(self.table.day[shift])
            dearest[day] = max(dearest.get(day, 0), costs[shift] if costs else 1)
        return sum(dearest.values())

    def _weekly_rest(self, officer: int, mine: dict[int, Literal]) -> None:
        rule, table = self.table.rules.weekly_rest, self.table
        if rule is None:
            return
        due = round(rule.hours * 60)
        spans = [(int(table.begins[officer, s]), int(table.finishes[officer, s]), s) for s in mine]
        had = sorted((low, high) for low, high, s in spans if s in self.roster[officer])
        for low, high in table.periods[officer]:
            inside = [span for span in spans if span[1] > low and span[0] < high]
            blocked = [b for b in table.busy[officer] if b[1] > low]
            starts = {low, *(b[1] for b in blocked), *(finish for _, finish, _ in inside)}
            starts = {t for t in starts if low <= t <= high - due}
            starts = {t for t in starts if all(b[1] <= t or b[0] >= t + due for b in blocked)}
            if starts and inside:
                self._one_rest(mine, inside, sorted(starts), due, had)
            for _, _, shift in [] if starts else inside:
                self.model.add(mine[shift] == 0)

    def _one_rest(self, mine, inside, starts: list[int], due: int, had) -> None:
        chosen = {t: self.model.new_bool_var("") for t in starts}
        self.model.add_exactly_one(list(chosen.values()))
        calm = (t for t in starts if all(f <= t or b >= t + due for b, f in had))
        taken = next(calm, None)
        for t, literal in chosen.items():
            self.hint(literal, int(t == taken))
        marks = [(t, t + due, -1 - k) for k, t in enumerate(starts)]
        for group in cliques([*inside, *marks]):
            duties = [mine[s] for s in group if s >= 0]
            rests = [chosen[starts[-1 - s]] for s in group if s < 0]
            if duties and rests:
                self.model.add_at_most_one([*duties, *rests])

    def members(self) -> dict[int, list[int]]:
        """For each shift the free officers who might have it."""
        made: dict[int, list[int]] = {}
        for officer, shift in self.x:
            made.setdefault(shift, []).append(officer)
        return made

    def cover(self) -> tuple[list[Literal], list[int]]:
        """Adds what is open on each shift; returns variables and what each costs."""
        table = self.table
        rest = [set() if o in set(self.free) else d for o, d in enumerate(self.roster)]
        others, now = Cover(table, rest), Cover(table, self.roster)
        variables, costs = [], []
        for shift, able in self.members().items():
            left = max(0, int(table.wanted[shift] - others.heads[shift]))
            weight = int(table.weight[shift])
            literals = [self.x[o, shift] for o in able]
            self.model.add(cp_model.LinearExpr.sum(literals) <= left)
            self._slack(literals, left, now.missing(shift), variables)
            costs.extend([weight * HEAD] * (len(variables) - len(costs)))
            for k, (name, count, _) in enumerate(table.among[shift]):
                holding = [self.x[o, shift] for o in able if table.holds[name, o, shift]]
                due = max(0, count - others.met[shift][k])
                self._slack(holding, due, now.lacking(shift)[k], variables)
                costs.extend([weight * SKILL] * (len(variables) - len(costs)))
        return variables, costs

    def _slack(self, literals: list[Literal], due: int, now: int, into: list[Literal]) -> None:
        if not due:
            return
        slack = self.model.new_int_var(0, due, "")
        self.model.add(cp_model.LinearExpr.sum([*literals, slack]) >= due)
        self.hint(slack, min(now, due))
        into.append(slack)

    def read(self, solver: cp_model.CpSolver) -> Roster:
        made: Roster = [set() if o in set(self.free) else set(d) for o, d in enumerate(self.roster)]
        for (officer, shift), literal in self.x.items():
            if solver.boolean_value(literal):
                made[officer].add(shift)
        return made


def cliques(spans: Iterable[tuple[int, int, int]]) -> list[list[int]]:
    """Maximal sets of (begin, end, key) that share an instant; sets of one are left out."""
    ordered = sorted(spans)
    made: list[list[int]] = []
    active: list[tuple[int, int]] = []
    fresh = False
    for begin, end, key in ordered:
        still = [(e, k) for e, k in active if e > begin]
        if len(still) < len(active) and fresh and len(active) > 1:
            made.append([k for _, k in active])
            fresh = False
        active = [*still, (end, key)]
        fresh = True
    if fresh and len(active) > 1:
        made.append([k for _, k in active])
    return made


def solver(seconds: float, workers: int, seed: int = 1) -> cp_model.CpSolver:
    made = cp_model.CpSolver()
    made.parameters.max_time_in_seconds = max(0.05, seconds)
    made.parameters.num_workers = workers
    made.parameters.random_seed = seed
    made.parameters.catch_sigint_signal = False
    return made


class Watch(cp_model.CpSolverSolutionCallback):
    """Ends the search at the next better roster once ``stop`` says so."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        super().__init__()
        self.stop = stop

    def on_solution_callback(self) -> None:
        if self.stop():
            self.stop_search()


def priced(program: Program, fairness: Fairness) -> tuple[list[Literal], list[int]]:
    """Variables and prices that add up to the unfairness of the free officers."""
    literals, prices = [], []
    mine: dict[int, list[int]] = {}
    for (officer, shift), literal in program.x.items():
        mine.setdefault(officer, []).append(shift)
        if each := int(fairness.each[officer, shift]):
            literals.append(literal)
            prices.append(each)
    for officer, shifts in mine.items():
        had = program.roster[officer]
        for measure in fairness.measures:
            amounts = measure.amounts[officer, shifts].tolist()
            row = [program.x[officer, s] for s in shifts]
            amount = cp_model.LinearExpr.weighted_sum(row, amounts)
            now = sum(a for a, s in zip(amounts, shifts, strict=True) if s in had)
            for step in measure.steps:
                sign, limit = (1 if step.above else -1), int(step.threshold[officer])
                most = sum(amounts) - limit if step.above else limit
                if most <= 0:
                    continue
                past = program.model.new_int_var(0, most, "")
                program.model.add(past >= sign * amount - sign * limit)
                program.hint(past, max(0, sign * (now - limit)))
                literals.append(past)
                prices.append(step.price)
    return literals, prices
