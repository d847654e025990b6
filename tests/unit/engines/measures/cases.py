"""Problems drawn at random, and the truth by trying every set."""

import random
from itertools import combinations

from varangian.engines.measures import Limits, Measure, Problem, Risk, residual

AXIS = ("money", "hours")


def drawn(seed: int, measures: int, risks: int, **given) -> Problem:
    rng = random.Random(seed)
    lines = tuple(Risk(f"R{n}", rng.randint(1, 5), rng.randint(1, 5)) for n in range(risks))
    made = []
    for n in range(measures):
        against = rng.sample(range(risks), min(risks, rng.randint(1, 4)))
        made.append(
            Measure(
                id=f"M{n}",
                lowers={f"R{k}": rng.choice([(1, 0), (0, 1), (1, 1), (2, 0)]) for k in against},
                money=rng.choice([0, 0, 20_000, 75_000, 150_000, 400_000, None]),
                hours=rng.choice([5, 10, 20, 40, 80, 160]),
                people=1,
                discomfort=rng.choice([0, 0, 0, 1, 1, 2, 3]),
                kept=rng.random() < 0.1,
                needs=frozenset({f"M{rng.randrange(n)}"} if n and rng.random() < 0.15 else ()),
                excludes=frozenset({f"M{rng.randrange(n)}"} if n and rng.random() < 0.1 else ()),
            )
        )
    wishes = {"limits": Limits(money=measures * 25_000, discomfort=max(3, measures // 3), each=2)}
    return Problem(lines, tuple(made), **{**wishes, "most_steps": (3, 2), **given})


def allowed(problem: Problem, chosen: frozenset[str]) -> bool:
    """Written apart from the engine, from the words of its documentation."""
    kept = {m.id for m in problem.measures if m.kept}
    if not (kept <= chosen and problem.must <= chosen):
        return False
    inside = [m for m in problem.measures if m.id in chosen]
    for m in inside:
        if m.kept:
            continue
        if m.wall or not m.needs <= chosen:
            return False
        if problem.limits.each is not None and (
            m.discomfort is None or m.discomfort > problem.limits.each
        ):
            return False
    for a, b in combinations(inside, 2):
        if (a.id in b.excludes or b.id in a.excludes) and not (a.kept and b.kept):
            return False
    for name in ("money", "hours", "people", "discomfort"):
        limit = getattr(problem.limits, name)
        if limit is None:
            continue
        if any(getattr(m, name) is None for m in inside if not m.kept):
            return False
        sunk = sum(m.discomfort or 0 for m in inside if m.kept) if name == "discomfort" else 0
        if sum(getattr(m, name) for m in inside if not m.kept) + sunk > max(limit, sunk):
            return False
    return True


def cost(problem: Problem, chosen: frozenset[str]) -> int:
    inside = [m for m in problem.measures if m.id in chosen and not m.kept]
    return sum(getattr(m, problem.axis) or 0 for m in inside)


def brute(problem: Problem) -> tuple[int, int] | None:
    """Least residual and the least cost at it; None when nothing is allowed."""
    ids = [m.id for m in problem.measures]
    best = None
    for size in range(len(ids) + 1):
        for some in combinations(ids, size):
            chosen = frozenset(some)
            if allowed(problem, chosen):
                found = (residual(problem, chosen), cost(problem, chosen))
                best = min(best or found, found)
    return best
