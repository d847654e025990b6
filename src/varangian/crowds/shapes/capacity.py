"""Capacities as JSON: every number beside the figures it was made of."""

from dataclasses import asdict
from typing import Any

from varangian.engines.crowdflow.standards import (
    Capacities,
    Contradiction,
    Figure,
    Rules,
    Staff,
    width_needed,
)
from varangian.engines.crowdflow.venue import Venue


def answer_shape(
    venue: Venue,
    rules: Rules,
    answer: Capacities,
    needed: Staff,
    wrong: list[Contradiction],
    count: int,
    faults: list[str],
) -> dict[str, Any]:
    return {
        "venue": venue.name,
        "jurisdiction": rules.id,
        "people": answer.people,
        "least": answer.least,
        "capacities": [
            {
                "name": line.name,
                "people": line.people,
                "how": line.how,
                "figures": [figure_shape(figure) for figure in line.figures],
            }
            for line in answer.lines
        ],
        "zones": [asdict(zone) for zone in answer.held],
        "exit_loss": answer.exit_loss,
        "exit_width_needed_m": _width(count, rules),
        "for_people": count,
        "staff": staff_shape(needed),
        "contradictions": [asdict(one) for one in wrong],
        "faults_of_the_plan": faults,
        "notes": list(answer.notes),
    }


def figure_shape(figure: Figure) -> dict[str, Any]:
    return figure.model_dump()


def staff_shape(needed: Staff) -> dict[str, Any]:
    shape = asdict(needed)
    shape["duty"] = needed.duty.model_dump() if needed.duty else None
    return shape


def _width(people: int, rules: Rules) -> float | None:
    minutes = rules.exits.normal_minutes
    if minutes is None:
        return width_needed(people, rules.exits.sober.level.value, 1)
    return width_needed(people, rules.exits.sober.level.value, minutes.value)
