"""Solve, repair, look, explain."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from varangian.engines.rostering import civil
from varangian.engines.rostering.check import Roster, clean, reasons
from varangian.engines.rostering.conflict import clashes
from varangian.engines.rostering.cover import Cover
from varangian.engines.rostering.fatigue import fatigue
from varangian.engines.rostering.model import Answer, Clash, Problem, Reason, Step
from varangian.engines.rostering.repair import Repair
from varangian.engines.rostering.search import Search, nobody
from varangian.engines.rostering.table import Table
from varangian.kernel.results import NotFound
from varangian.kernel.windows import TimeWindow

Pairs = Iterable[tuple[str, str]]


def solve(
    problem: Problem,
    start: Pairs = (),
    *,
    seconds: float,
    fair_seconds: float,
    clash_seconds: float,
    workers: int,
    seed: int,
    tell: Callable[[Step], None] | None,
    stop: Callable[[], bool],
) -> Answer:
    table = Table(problem)
    kept, broken = clean(table, _indices(table, sorted(problem.locked)))
    given, more = clean(table, _indices(table, dict.fromkeys([*sorted(problem.locked), *start])))
    search = Search(
        table, kept, seconds, fair_seconds, workers, seed, tell or nobody, stop
    )  # fmt: skip
    roster = search.run(given if start else None)
    gaps = Cover(table, roster).gaps()
    found = () if stop() else clashes(table, kept, gaps, clash_seconds, workers)
    taken_out = broken + [each for each in more if each[:2] not in {b[:2] for b in broken}]
    return _answer(table, roster, taken_out, proven=search.proven, steps=search.steps, found=found)


def repair(
    problem: Problem,
    roster: Pairs,
    officer: str,
    since: datetime,
    until: datetime | None = None,
    *,
    seconds: float,
    clash_seconds: float,
    workers: int,
) -> Answer:
    if officer not in {o.id for o in problem.officers}:
        raise NotFound("There is no such officer in the roster", officer)
    window = ("sick", TimeWindow(since, until))
    people = tuple(
        replace(o, unavailable=(*o.unavailable, window)) if o.id == officer else o
        for o in problem.officers
    )
    whole, table = Table(problem), Table(replace(problem, officers=people))
    before, broken = clean(whole, _indices(whole, dict.fromkeys(roster)))
    sick = table.officer_at[officer]
    lost = sorted(s for s in before[sick] if not table.allowed[sick, s])
    left = [duties - set(lost) if o == sick else duties for o, duties in enumerate(before)]
    locked, _ = clean(table, _indices(table, sorted(problem.locked)))
    now = civil.minutes(since)
    worked = [k | {s for s in d if table.start[s] < now} for k, d in zip(locked, left, strict=True)]
    work = Repair(table, left, lost, worked, seconds, workers)
    made = work.run() if lost else left
    gaps = [g for g in Cover(table, made).gaps() if table.shift_at[g.shift] in lost]
    found = clashes(table, worked, gaps, clash_seconds, workers)
    answer = _answer(table, made, broken, proven=work.proven, steps=[], found=found)
    return replace(answer, changes=_changes(table, before, made))


def look(problem: Problem, roster: Pairs) -> Answer:
    table = Table(problem)
    held: Roster = [set() for _ in table.officers]
    for o, s in _indices(table, roster):
        held[o].add(s)
    against = [
        (o, s, reasons(table, o, s, duties)) for o, duties in enumerate(held) for s in duties
    ]
    broken = [each for each in against if each[2]]
    return _answer(table, held, broken, proven=False, steps=[], found=())


def why_not(
    problem: Problem, roster: Pairs, officers: Iterable[str] | None, shifts: Iterable[str] | None
) -> dict[tuple[str, str], tuple[Reason, ...]]:
    table = Table(problem)
    held: Roster = [set() for _ in table.officers]
    for o, s in _indices(table, roster):
        held[o].add(s)
    rows = table.officer_at if officers is None else officers
    columns = list(table.shift_at if shifts is None else shifts)
    for kind, asked, known in (
        ("officer", rows, table.officer_at),
        ("shift", columns, table.shift_at),
    ):
        for each in asked:
            if each not in known:
                raise NotFound(f"There is no such {kind} in the roster", each)
    made = {}
    for officer in rows:
        o = table.officer_at[officer]
        for shift in columns:
            s = table.shift_at[shift]
            why = () if s in held[o] else tuple(reasons(table, o, s, held[o]))
            if why:
                made[officer, shift] = why
    return made


def _indices(table: Table, pairs: Pairs) -> list[tuple[int, int]]:
    return [
        (table.officer_at[o], table.shift_at[s])
        for o, s in pairs
        if o in table.officer_at and s in table.shift_at
    ]


def _names(table: Table, officer: int, shift: int) -> tuple[str, str]:
    return table.officers[officer].id, table.shifts[shift].id


def _answer(
    table: Table,
    roster: Roster,
    broken: list[tuple[int, int, list[Reason]]],
    *,
    proven: bool,
    steps: list[Step],
    found: tuple[Clash, ...],
) -> Answer:
    pairs = [(o, s) for o, duties in enumerate(roster) for s in duties]
    pairs.sort(key=lambda p: (int(table.start[p[1]]), table.shifts[p[1]].id, p[0]))
    return Answer(
        assignments=tuple(_names(table, *pair) for pair in pairs),
        gaps=tuple(Cover(table, roster).gaps()),
        proven_cover=proven,
        steps=tuple(steps),
        fatigue=fatigue(table, roster),
        clashes=found,
        broken=tuple((*_names(table, o, s), tuple(why)) for o, s, why in broken),
    )


def _changes(table: Table, before: Roster, after: Roster) -> tuple[tuple[str, str, str], ...]:
    made = []
    for officer, (had, has) in enumerate(zip(before, after, strict=True)):
        made += [(*_names(table, officer, s), "taken off") for s in had - has]
        made += [(*_names(table, officer, s), "added") for s in has - had]
    return tuple(sorted(made, key=lambda c: (int(table.start[table.shift_at[c[1]]]), c[2], c[0])))
