"""How a routine looks in the API and in ``--json``."""

from typing import Any

from varangian.engines.routine import Aspect, Conditional, Unknown

from ..queries.routine import Journey, Routine


def routine_shape(routine: Routine) -> dict[str, Any]:
    """The inputs stand beside the index; what is unknown says so, and is not safe."""
    report = routine.report
    return {
        "weeks": routine.weeks,
        "since": report.since,
        "journeys": report.journeys,
        "left_out": {"private": routine.private, "not_reported_as_made": routine.unconfirmed},
        "aspects": {name: aspect_shape(found) for name, found in report.aspects.items()},
        "vary": [
            {
                "aspect": line.aspect,
                "cell": line.cell,
                "share": round(line.share, 3),
                "gain": round(line.gain, 3),
                "words": line.words,
            }
            for line in report.advice
        ],
        "grid": {
            "hours": routine.hours,
            "days": {day: [cell.count for cell in cells] for day, cells in routine.grid},
        },
        "inputs": [journey_shape(one) for one in routine.journeys],
    }


def aspect_shape(found: Aspect | Unknown) -> dict[str, Any]:
    if isinstance(found, Unknown):
        return {"state": "unknown", "seen": found.seen, "needed": found.needed, "index": None}
    return {
        "state": "known",
        "index": round(found.index, 3),
        "entropy_bits": round(found.entropy, 3),
        "uniform_bits": round(found.uniform, 3),
        "seen": found.seen,
        "choices": found.choices,
        "most_frequent": found.top,
        "share": round(found.share, 3),
        "given_weekday": _given(found.given_weekday),
        "given_destination": _given(found.given_destination),
    }


def _given(found: Conditional | Unknown | None) -> float | None:
    return round(found.index, 3) if isinstance(found, Conditional) else None


def journey_shape(one: Journey) -> dict[str, Any]:
    return {
        "movement": str(one.movement.pk),
        "operation": one.movement.operation.slug,
        "leg": one.movement.serial,
        "at": one.at,
        "route": one.route or None,
        "entrance": one.entrance or None,
        "destination": one.destination or None,
    }
