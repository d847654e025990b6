"""Wishes that do not go together."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations

from varangian.engines.measures.model import RESOURCES, Conflict, Problem
from varangian.engines.measures.residual import closure, kept_takes

MOST_TRIED = 20_000
Wish = tuple[str, str]
"""(must, id), (limit, resource)."""


def fits(problem: Problem, chosen: Collection[str]) -> bool:
    """Limits and exclusions hold for this set; what is kept alone never breaks a limit."""
    inside = [m for m in problem.measures if m.id in chosen]
    if any(m.excludes & set(chosen) for m in inside if not m.kept):
        return False
    for resource in RESOURCES:
        limit = problem.limits.of(resource)
        if limit is None:
            continue
        taken = sum(m.takes(resource) or 0 for m in inside)
        if taken > max(limit, kept_takes(problem, resource)):
            return False
    return True


def conflict(problem: Problem, shut: dict[str, str]) -> Conflict | None:
    """The fewest wishes that do not fit, by trying all subsets by size; None when all do."""
    for name in sorted(problem.must):
        if name in shut:
            return Conflict((f"{name} must be in", f"{name} cannot be: {shut[name]}"))
    if _possible(problem, list(_wishes(problem))):
        return None
    wishes, tried = list(_wishes(problem)), 0
    for size in range(1, len(wishes) + 1):
        for some in combinations(wishes, size):
            tried += 1
            if not _possible(problem, some):
                return Conflict(tuple(_words(problem, wish) for wish in some))
            if tried >= MOST_TRIED:
                return Conflict(tuple(_words(problem, wish) for wish in _thinned(problem, wishes)))
    return None


def _wishes(problem: Problem) -> Iterator[Wish]:
    for resource in RESOURCES:
        if problem.limits.of(resource) is not None:
            yield "limit", resource
    for name in sorted(problem.must):
        yield "must", name


def _possible(problem: Problem, wishes: Collection[Wish]) -> bool:
    """The musts and what they need are the smallest set there is: it fits, or nothing does."""
    limited = {name for kind, name in wishes if kind == "limit"}
    limits = replace(problem.limits, **{r: None for r in RESOURCES if r not in limited})
    kept = {m.id for m in problem.measures if m.kept}
    musts = [name for kind, name in wishes if kind == "must"]
    return fits(replace(problem, limits=limits), closure(problem, musts) | kept)


def _thinned(problem: Problem, wishes: list[Wish]) -> list[Wish]:
    """One wish after the other is let go while the rest still clashes: no wish is superfluous."""
    left = list(wishes)
    for wish in wishes:
        fewer = [one for one in left if one != wish]
        if not _possible(problem, fewer):
            left = fewer
    return left


def _words(problem: Problem, wish: Wish) -> str:
    kind, name = wish
    if kind == "must":
        return f"{name} must be in"
    limit = problem.limits.of(name) or 0  # pyright: ignore
    said = {"money": f"{limit / 100:,.2f}", "hours": f"{limit / 10:g}"}.get(name, str(limit))
    return f"{name} at most {said}"
