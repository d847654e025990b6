"""The answer of the roster engine as JSON."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from varangian.engines.rostering import Answer, Clash, Gap, Need, Problem, Reason, why_not

from .reading import Read

MOST_NAMED = 12


def answer_shape(read: Read, answer: Answer) -> dict[str, Any]:
    """Gaps first; what was left out of the file and why; the roster; facts of hours."""
    wanted = sum(s.wanted for s in read.problem.shifts)
    missing = sum(gap.missing for gap in answer.gaps)
    return {
        "format": "varangian-roster-answer/1",
        "jurisdiction": read.problem.rules.id,
        "summary": {
            "officers": len(read.problem.officers),
            "shifts": len(read.problem.shifts),
            "places": wanted,
            "filled": wanted - missing,
            "needs_unmet": sum(n for gap in answer.gaps for _, n in gap.lacking),
            "proven": answer.proven_cover,
        },
        "gaps": _gaps(read.problem, answer),
        "conflicts": [_clash(clash) for clash in answer.clashes],
        "faults": [asdict(fault) for fault in read.faults],
        "notes": read.notes,
        "taken_out": [
            {"officer": o, "shift": s, "reasons": [_reason(r) for r in why]}
            for o, s, why in answer.broken
        ],
        "changes": [{"officer": o, "shift": s, "change": what} for o, s, what in answer.changes],
        "assignments": [_assignment(read.problem, pair) for pair in answer.assignments],
        "hours": [
            {**asdict(row), "expiring": [_held(held) for held in row.expiring]}
            for row in answer.fatigue
        ],
        "steps": [asdict(step) for step in answer.steps],
    }


def impossible_shape(problem: Problem) -> list[dict[str, Any]]:
    """Every pair that a rule forbids though the officer had nothing else: rule -> shifts."""
    made: dict[str, dict[str, list[str]]] = {}
    for (officer, shift), why in why_not(problem, ()).items():
        for reason in why:
            made.setdefault(officer, {}).setdefault(reason.rule, []).append(shift)
    return [{"officer": officer, "rules": rules} for officer, rules in made.items()]


def _gaps(problem: Problem, answer: Answer) -> list[dict[str, Any]]:
    if not answer.gaps:
        return []
    why = why_not(problem, answer.assignments, shifts=[gap.shift for gap in answer.gaps])
    on = {(o, s) for o, s in answer.assignments}
    return [_gap(problem, gap, why, on) for gap in answer.gaps]


def _gap(
    problem: Problem,
    gap: Gap,
    why: dict[tuple[str, str], tuple[Reason, ...]],
    on: set[tuple[str, str]],
) -> dict[str, Any]:
    """``cannot``: everyone's rules; words for those with the fewest. ``could``: no rule forbids
    it, though they may not bring what is lacking."""
    others = [o.id for o in problem.officers if (o.id, gap.shift) not in on]
    barred = {o: why[o, gap.shift] for o in others if (o, gap.shift) in why}
    ranked = sorted(barred, key=lambda o: (len(barred[o]), o))
    rules = Counter(r.rule for each in barred.values() for r in each)
    return {
        "shift": gap.shift,
        "missing": gap.missing,
        "lacking": [{**_need(need), "count": count} for need, count in gap.lacking],
        "could": [o for o in others if o not in barred],
        "rules": dict(rules.most_common()),
        "cannot": [
            {
                "officer": o,
                "rules": [r.rule for r in barred[o]],
                **({"words": [r.words for r in barred[o]]} if k < MOST_NAMED else {}),
            }
            for k, o in enumerate(ranked)
        ],
    }


def _need(need: Need) -> dict[str, str]:
    return {"kind": need.kind, "name": need.name}


def _held(held: Any) -> dict[str, Any]:
    return {"kind": held.kind, "name": held.name, "until": held.until}


def _reason(reason: Reason) -> dict[str, str]:
    return {"rule": reason.rule, "words": reason.words}


def _clash(clash: Clash) -> dict[str, Any]:
    needs = [{"shift": s, "need": _need(n) if n else None} for s, n in clash.needs]
    return {"words": clash.words, "smallest": clash.smallest, "needs": needs}


def _assignment(problem: Problem, pair: tuple[str, str]) -> dict[str, Any]:
    return {"officer": pair[0], "shift": pair[1], "locked": pair in problem.locked}
