"""What was driven becomes facts of the route's survey: verified by driving, with its minutes."""

from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.places.models import Place
from varangian.places.queries.surveys import routes_between
from varangian.places.services import answer_fact
from varangian.platform.access.scope import Actor, may

from ..models import RouteDraw, RoutePlan

MOST_MIN = 600


def checked_minutes(minutes: float | None) -> float | None:
    if minutes is not None and not 0 < minutes <= MOST_MIN:
        raise Refused(
            f"A drive of {minutes:g} minutes", "minutes", f"Above 0, at most {MOST_MIN}; or none."
        )
    return minutes


def write_driven(actor: Actor, plan: RoutePlan, draw: RouteDraw, name: str) -> list[Place]:
    """Into every survey of a route between the two places of the leg; the console surveys none."""
    leg = plan.movement
    if leg is None or leg.origin is None or leg.destination is None or actor.is_system:
        return []
    if not may(actor, "survey.answer", plan.compartment_id):
        return []
    ways = list(routes_between(actor, leg.origin, leg.destination))
    for way in ways:
        for item, value in _facts(draw, name).items():
            answer_fact(actor=actor, place=way, item=item, value=value, has_changed=True)
    return ways


def _facts(draw: RouteDraw, name: str) -> dict[str, Any]:
    minutes = draw.driven.get("minutes")
    seen = f"{now():%Y-%m-%d %H:%M} UTC, {name}"
    known = {"driven": f"{seen}, {minutes:g} min" if minutes else seen}
    return known | ({"minutes_planned": minutes} if minutes else {})
