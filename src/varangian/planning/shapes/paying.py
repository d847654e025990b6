"""How a proposal of measures looks in the API and in ``--json``."""

from typing import Any

from varangian.engines.measures import Measure, Point

from ..queries.paying import Candidate, Paying

MEANING = "points: likelihood x impact of the matrix, summed over the open risks"


def paying_shape(paying: Paying, number: int | None = None) -> dict[str, Any]:
    answer, point = paying.answer, paying.point(number)
    return {
        "meaning": MEANING,
        "before": answer.before,
        "proven": answer.proven,
        "frontier_proven": answer.frontier_proven,
        "notes": list(answer.notes),
        "conflict": list(answer.conflict.wishes) if answer.conflict else None,
        "chosen": point_shape(point) if point else None,
        "frontier": [point_shape(one) for one in answer.frontier],
        "measures": [
            {
                **candidate_shape(candidate),
                "in": reason.chosen,
                "points": reason.gain,
                "why": reason.words,
            }
            for candidate, reason in (paying.reasons(point) if point else ())
        ],
        "risks": [
            {"risk": risk.id, "likelihood": risk.likelihood, "impact": risk.impact}
            for risk in paying.problem.risks
        ],
    }


def point_shape(point: Point) -> dict[str, Any]:
    """What it takes is at least this much where ``unknown`` is not 0."""
    return {
        "points": point.residual,
        "money": point.takes["money"] / 100,
        "hours": point.takes["hours"] / 10,
        "people": point.takes["people"],
        "discomfort": point.takes["discomfort"],
        "unknown": dict(point.unknown),
        "measures": sorted(point.chosen),
    }


def candidate_shape(candidate: Candidate) -> dict[str, Any]:
    shape: Measure = candidate.shape
    return {
        "measure": candidate.key,
        "title": candidate.title,
        "state": candidate.state,
        "money": None if shape.money is None else shape.money / 100,
        "hours": None if shape.hours is None else shape.hours / 10,
        "people": shape.people,
        "discomfort": shape.discomfort,
        "lowers": {risk: list(steps) for risk, steps in shape.lowers.items()},
        "needs": sorted(shape.needs),
    }


def wishes_shape(wishes: dict[str, Any]) -> dict[str, Any]:
    return {**wishes, "by": str(wishes["by"]) if wishes["by"] else None}
