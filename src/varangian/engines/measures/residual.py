"""What is left of risks, what a set takes, and which measures can be in at all."""

from collections.abc import Collection, Iterable
from functools import reduce

from varangian.engines.measures.model import RESOURCES, Measure, Point, Problem, Resource, Risk


def left_of(
    risk: Risk, steps: Iterable[tuple[int, int]], most_steps: tuple[int, int]
) -> tuple[int, int]:
    """Likelihood and impact of one risk after these steps."""
    fewer, milder = reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]), steps, (0, 0))
    return (
        max(1, risk.likelihood - min(fewer, most_steps[0])),
        max(1, risk.impact - min(milder, most_steps[1])),
    )


def residual(problem: Problem, chosen: Collection[str]) -> int:
    """Sum of likelihood x impact over all risks, with these measures."""
    total = 0
    inside = [m for m in problem.measures if m.id in chosen]
    for risk in problem.risks:
        steps = [m.lowers[risk.id] for m in inside if risk.id in m.lowers]
        likelihood, impact = left_of(risk, steps, problem.most_steps)
        total += likelihood * impact
    return total


def point(problem: Problem, chosen: Collection[str]) -> Point:
    inside = [m for m in problem.measures if m.id in chosen]
    takes: dict[Resource, int] = {}
    unknown: dict[Resource, int] = {}
    for resource in RESOURCES:
        known = [m.takes(resource) for m in inside]
        takes[resource] = sum(value for value in known if value is not None)
        unknown[resource] = known.count(None)
    return Point(frozenset(chosen), residual(problem, chosen), takes, unknown)


def kept_takes(problem: Problem, resource: Resource) -> int:
    """What is decided takes this much, whatever is limited now."""
    return sum(m.takes(resource) or 0 for m in problem.measures if m.kept)


def closure(problem: Problem, ids: Iterable[str]) -> frozenset[str]:
    """These measures and all that they need, directly or not."""
    by_id = {m.id: m for m in problem.measures}
    found, waiting = set(), list(ids)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += by_id[name].needs
    return frozenset(found)


def walls(problem: Problem) -> dict[str, str]:
    """Measures that cannot be in under any choice, with the reason. Kept ones can."""
    found = {m.id: why for m in problem.measures if not m.kept and (why := _wall(problem, m))}
    blocked = True
    while blocked:
        blocked = {
            m.id: f"it needs {min(m.needs & found.keys())}, which cannot be in"
            for m in problem.measures
            if not m.kept and m.id not in found and m.needs & found.keys()
        }
        found |= blocked
    return found


def _wall(problem: Problem, measure: Measure) -> str:
    if measure.wall:
        return measure.wall
    kept = {m.id for m in problem.measures if m.kept}
    clash = measure.excludes & kept | {
        m.id for m in problem.measures if m.kept and measure.id in m.excludes
    }
    if clash:
        return f"it does not go with {min(clash)}, which is kept"
    for resource in RESOURCES:
        if problem.limits.of(resource) is not None and measure.takes(resource) is None:
            return f"nobody has said what it takes in {resource}, and {resource} is limited"
    each = problem.limits.each
    if each is None:
        return ""
    if measure.discomfort is None:
        return "nobody has said what discomfort it brings, and discomfort is limited"
    if measure.discomfort > each:
        return f"its discomfort is {measure.discomfort}, and the principal accepts {each}"
    return ""
