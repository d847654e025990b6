"""Why each measure is in or out, in a sentence."""

from varangian.engines.measures.conflict import fits
from varangian.engines.measures.model import RESOURCES, Measure, Point, Problem, Reason, Risk
from varangian.engines.measures.residual import closure, left_of, residual


def reasons(problem: Problem, best: Point, shut: dict[str, str]) -> tuple[Reason, ...]:
    """In the order of the problem."""
    return tuple(
        _inside(problem, measure, best)
        if measure.id in best.chosen
        else _outside(problem, measure, best, shut)
        for measure in problem.measures
    )


def _inside(problem: Problem, measure: Measure, best: Point) -> Reason:
    leaning = {m.id for m in problem.measures if measure.id in closure(problem, [m.id])}
    without = best.chosen - leaning - {measure.id}
    gain = residual(problem, without) - best.residual
    words = f"Without it {_higher(problem, best.chosen, without)}"
    with_it = sorted((leaning - {measure.id}) & best.chosen)
    if not gain:
        words = "Without it nothing would stand higher"
    if with_it:
        words += f"; {', '.join(with_it)} would go with it"
    if measure.kept:
        words = f"Kept: agreed or in place. {words}"
    elif measure.id in problem.must:
        words = f"Wished in. {words}"
    return Reason(measure.id, True, gain, f"{words}.")


def _higher(problem: Problem, chosen: frozenset[str], without: frozenset[str]) -> str:
    """Each risk that would stand higher, with its points after and before."""
    found = []
    for risk in problem.risks:
        now, then = (_points(problem, risk, ids) for ids in (chosen, without))
        if then > now:
            found.append((then - now, f"{risk.id} would stand at {then} instead of {now}"))
    found.sort(key=lambda row: (-row[0], row[1]))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(words for _, words in found[:3]) + more


def _points(problem: Problem, risk: Risk, ids: frozenset[str]) -> int:
    steps = [m.lowers[risk.id] for m in problem.measures if m.id in ids and risk.id in m.lowers]
    likelihood, impact = left_of(risk, steps, problem.most_steps)
    return likelihood * impact


def _outside(problem: Problem, measure: Measure, best: Point, shut: dict[str, str]) -> Reason:
    whole = best.chosen | closure(problem, [measure.id])
    gain = best.residual - residual(problem, whole)
    if measure.id in shut:
        return Reason(measure.id, False, gain, f"Out: {shut[measure.id]}.")
    if gain <= 0:
        said = "what it lowers is lowered already" if measure.lowers else "it lowers no risk here"
        return Reason(measure.id, False, 0, f"Out: {said}.")
    clash = sorted(n for n in best.chosen if _exclude(problem, measure, n))
    if clash:
        words = f"it does not go with {', '.join(clash)}, which lower more"
    elif not fits(problem, whole):
        words = f"it would lower {gain} points more, but {_over(problem, whole)}"
    else:
        words = f"it would lower {gain} points more; the search ended before it was weighed"
    return Reason(measure.id, False, gain, f"Out: {words}.")


def _exclude(problem: Problem, measure: Measure, name: str) -> bool:
    other = next(m for m in problem.measures if m.id == name)
    return name in measure.excludes or measure.id in other.excludes


def _over(problem: Problem, whole: frozenset[str]) -> str:
    """Which limits the set would break. What is in lowers more for the same."""
    inside = [m for m in problem.measures if m.id in whole]
    broken = []
    for resource in RESOURCES:
        limit = problem.limits.of(resource)
        takes = sum(m.takes(resource) or 0 for m in inside)
        if limit is not None and takes > limit:
            broken.append(resource)
    return f"the limit on {' and '.join(broken)} is spent on what lowers more"
