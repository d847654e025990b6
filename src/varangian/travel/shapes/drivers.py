"""How drivers, their hours and their legs look in the API and in ``--json``."""

from datetime import timedelta
from typing import Any

from ..fleet.advice import Advice
from ..fleet.hours import Hours, words_of
from ..fleet.library import driving_hours
from ..models import Allotment, Wheel
from ..queries.drivers import Driver


def driver_shape(row: Driver) -> dict[str, Any]:
    return {
        "id": str(row.person.pk),
        "name": row.person.name,
        "email": row.person.email,
        "known": row.file is not None,
        "noted_at": row.file.at if row.file else None,
        "facts": row.facts,
        "over": row.over,
        "hours": hours_shape(row.hours),
    }


def hours_shape(hours: Hours) -> dict[str, Any]:
    """Minutes; ``words`` are for people."""
    lefts = {
        "until_break_or_limit": hours.drive_left,
        "today": hours.day_left,
        "week": hours.week_left,
        "fortnight": hours.fortnight_left,
    }
    driven = {"day": hours.driven_day, "week": hours.driven_week, "duty": hours.duty_day}
    return {
        "at": hours.at,
        "recorded": hours.recorded,
        "policy": driving_hours().name,
        "left_minutes": {name: _minutes(span) for name, span in lefts.items()},
        "worked_minutes": {name: _minutes(span) for name, span in driven.items()},
        "extended_days_left": hours.extended_left,
        "short_rests_left": hours.reduced_left,
        "rest_from": hours.duty_until,
        "breaches": [{"rule": one.rule, "words": one.words} for one in hours.breaches],
        "words": f"{words_of(hours.drive_left)} to drive now, {words_of(hours.day_left)} today",
    }


def wheel_shape(row: Wheel) -> dict[str, Any]:
    return {"id": str(row.pk), "kind": row.kind, "starts": row.starts, "ends": row.ends}


def advice_shape(row: Advice) -> dict[str, Any]:
    return {
        "vehicle": row.car.name,
        "slug": row.record.slug,
        "verdict": row.words,
        "cannot": row.stops,
        "for": row.good,
        "against": row.bad,
        "unknown": row.unknown,
    }


def allotment_shape(row: Allotment) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "movement": str(row.movement_id),  # pyright: ignore
        "vehicle": row.vehicle.slug,
        "driver": row.driver.email if row.driver else None,
        "part": row.part,
        "state": row.state,
        "starts": row.starts,
        "ends": row.ends,
        "against": row.against,
        "reason": row.override,
        "cues": len(row.cues),
    }


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
