"""The smallest set of needs that cannot all be met, by implicit hitting sets.

Take a smallest set of needs that touches every known way out (a set of needs whose dropping helps).
If it cannot be met it is a smallest conflict. If it can, the most needs that can be met together
with it leave out another way out. (Ignatiev, Previti, Liffiton, Marques-Silva 2015: Smallest MUS
extraction with minimal hitting set dualization.)
"""

import time
from collections.abc import Iterable

from ortools.sat.python import cp_model

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.civil import zone_named
from varangian.engines.rostering.model import Clash, Gap, Need, Shift
from varangian.engines.rostering.program import Program, solver
from varangian.engines.rostering.table import Table

Wanted = tuple[int, int]
"""A shift, and which of its needs that count; -1: its heads."""
MOST_NEEDS = 48
MOST_CLASHES = 3
DAYS_AROUND = 8


def clashes(
    table: Table, kept: Roster, gaps: Iterable[Gap], seconds: float, workers: int
) -> tuple[Clash, ...]:
    """For the dearest gaps a smallest set of needs that conflict, when one is found in time.

    Needs of shifts within eight days of the gap are looked at. What is found is a proof: these
    needs conflict whatever the rest of the roster looks like. Nothing found proves nothing.
    """
    until, made, told = time.monotonic() + seconds, [], set()
    ordered = sorted(gaps, key=lambda g: -g.size * int(table.weight[table.shift_at[g.shift]]))
    for gap in ordered:
        left = until - time.monotonic()
        if left <= 0 or len(made) == MOST_CLASHES:
            break
        if any(wanted in told for wanted in _of_gap(table, gap)):
            continue
        around = _around(table, gap)
        found, smallest = _Finder(table, kept, around, until, workers).smallest()
        if found and not told.issuperset(found):
            told.update(found)
            made.append(_clash(table, found, smallest))
    return tuple(made)


def _of_gap(table: Table, gap: Gap) -> list[Wanted]:
    shift = table.shift_at[gap.shift]
    lacking = {need for need, _ in gap.lacking}
    met = [(shift, k) for k, (_, _, need) in enumerate(table.among[shift]) if need in lacking]
    return [*met, (shift, -1)] if gap.missing else met


def _around(table: Table, gap: Gap) -> list[Wanted]:
    """The gap's own needs, then like ones of the shifts nearest in time."""
    own = _of_gap(table, gap)
    centre = table.shift_at[gap.shift]
    names = {table.among[centre][k][0] for _, k in own if k >= 0}
    strict = {(n.kind, n.name) for n in table.shifts[centre].needs if not n.count}
    names |= {table.names[pair] for pair in strict} if gap.missing else set()
    away = abs(table.start - table.start[centre])
    near = [s for s in away.argsort(kind="stable").tolist() if away[s] <= DAYS_AROUND * 1440]
    like = list(own)
    for shift in near:
        like += [(shift, k) for k, (name, _, _) in enumerate(table.among[shift]) if name in names]
        asked = {table.names[n.kind, n.name] for n in table.shifts[shift].needs if not n.count}
        if (gap.missing and not strict) or asked & names:
            like.append((shift, -1))
    return list(dict.fromkeys(like))[:MOST_NEEDS]


class _Finder:
    def __init__(
        self, table: Table, kept: Roster, around: list[Wanted], until: float, workers: int
    ) -> None:
        self.table, self.kept, self.around = table, kept, around
        self.until, self.workers = until, workers
        self.shifts = sorted({shift for shift, _ in around})
        able = table.allowed[:, self.shifts].any(axis=1)
        self.free = [o for o in range(len(table.officers)) if able[o]]

    def smallest(self) -> tuple[list[Wanted], bool]:
        ways_out: list[list[Wanted]] = []
        status, unmet = self._most(self.around, [])
        if status != cp_model.OPTIMAL or not unmet:
            return [], False
        while time.monotonic() < self.until:
            ways_out.append(unmet)
            core = _hitting(ways_out)
            status, unmet = self._most(self.around, core)
            if status == cp_model.INFEASIBLE:
                return core, True
            if status != cp_model.OPTIMAL:
                break
        return self._thinned(), False

    def _thinned(self) -> list[Wanted]:
        """A conflict from which nothing can be left out, or as far as two more seconds get."""
        core, until = list(self.around), time.monotonic() + 2
        for wanted in list(core):
            fewer = [w for w in core if w != wanted]
            if time.monotonic() < until:
                status, _ = self._most(fewer, fewer)
                core = fewer if status == cp_model.INFEASIBLE else core
        return core

    def _most(
        self, wanted: list[Wanted], must: list[Wanted]
    ) -> tuple[cp_model.CpSolverStatus, list[Wanted]]:
        """Meets all of ``must`` and as many others as can be; returns those it does not meet."""
        table = self.table
        shifts = sorted({shift for shift, _ in wanted})
        program = Program(table, self.kept, self.free, shifts, self.kept)
        able, met = program.members(), {}
        for shift, k in wanted:
            name, due = (-1, int(table.wanted[shift])) if k < 0 else table.among[shift][k][:2]
            literals = [
                program.x[o, shift]
                for o in able.get(shift, [])
                if k < 0 or table.holds[name, o, shift]
            ]
            whole = program.model.new_bool_var("")
            total = cp_model.LinearExpr.sum(literals) if literals else 0
            program.model.add(due * whole <= total)
            met[shift, k] = whole
            if (shift, k) in must:
                program.model.add(whole == 1)
        for shift, officers in able.items():
            literals = [program.x[o, shift] for o in officers]
            program.model.add(cp_model.LinearExpr.sum(literals) <= int(table.wanted[shift]))
        program.model.maximize(cp_model.LinearExpr.sum(list(met.values())))
        run = solver(max(0.5, min(4.0, self.until - time.monotonic())), self.workers)
        status = run.solve(program.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return status, []
        return status, [w for w, whole in met.items() if not run.boolean_value(whole)]


def _hitting(ways_out: list[list[Wanted]]) -> list[Wanted]:
    """A smallest set that has a member in common with each."""
    model = cp_model.CpModel()
    chosen = {w: model.new_bool_var("") for way in ways_out for w in way}
    for way in ways_out:
        model.add_bool_or([chosen[w] for w in way])
    model.minimize(cp_model.LinearExpr.sum(list(chosen.values())))
    run = solver(10, 1)
    run.solve(model)
    return [w for w, literal in chosen.items() if run.boolean_value(literal)]


def _clash(table: Table, found: list[Wanted], smallest: bool) -> Clash:
    needs: list[tuple[str, Need | None]] = []
    lines = []
    for shift, k in sorted(found, key=lambda w: (int(table.start[w[0]]), w)):
        asked = table.shifts[shift]
        need = None if k < 0 else table.among[shift][k][2]
        needs.append((asked.id, need))
        lines.append(f"{_asks(asked, need)} ({_able(table, shift, k)})")
    if len(lines) == 1:
        words = f"This cannot be met: {lines[0]}."
    else:
        words = f"These {len(lines)} needs cannot all be met: {'; '.join(lines)}."
    return Clash(tuple(needs), smallest, words)


def _asks(shift: Shift, need: Need | None) -> str:
    when = shift.start.astimezone(zone_named(shift.zone))
    until = shift.end.astimezone(zone_named(shift.end_zone or shift.zone))
    place = f" at {shift.site}" if shift.site else ""
    strict = " and ".join(str(n) for n in shift.needs if not n.count)
    each = f", each with {strict}" if strict and need is None else ""
    what = f"{need.count} with {need}" if need else f"{shift.wanted} wanted{each}"
    return f"{shift.post}{place}, {when:%Y-%m-%d %H:%M} to {until:%m-%d %H:%M}: {what}"


def _able(table: Table, shift: int, k: int) -> str:
    able = table.allowed[:, shift].copy()
    if k >= 0:
        able &= table.holds[table.among[shift][k][0], :, shift]
    ids = [table.officers[o].id for o in able.nonzero()[0].tolist()]
    return (
        "nobody can"
        if not ids
        else f"could: {', '.join(ids[:4])}" + (f" and {len(ids) - 4} more" if len(ids) > 4 else "")
    )
