"""Where a leg that would come too early can wait."""

from datetime import datetime

from varangian.platform.access.scope import Actor

from ..board import holds
from ..board.holds import EARLY, Hold, Spot
from ..board.marks import marks_of
from ..models import TrackingPlan
from . import movement_board as queries
from . import route_days


def proposals(actor: Actor, plan: TrackingPlan) -> list[Hold]:
    """None while the destination is ready whenever the car comes, or the leg has no time."""
    ready, ahead = queries.ready_at(plan), queries.ahead(actor, plan)
    if ready is None or ahead is None or (ahead.early or 0.0) <= EARLY:
        return []
    line, marks = queries.line_of(plan.payload), marks_of(plan.payload["marks"])
    return holds.propose(line, marks, _spots(actor, plan), plan.spread, ahead.p50, ready)


def _spots(actor: Actor, plan: TrackingPlan) -> list[Spot]:
    """Havens of the routes that the leg follows, and doors at which a car may wait."""
    movement, found = plan.movement, []
    for row in plan.route_plan.payload["havens"] if plan.route_plan else ():
        seen = row["verified_at"]
        why = f"haven, verified {datetime.fromisoformat(seen):%d %b %Y}" if seen else "haven"
        found.append(Spot(row["name"], row["lat"], row["lon"], why, bool(seen)))
    ends = {movement.origin_id, movement.destination_id} if movement else set()  # pyright: ignore
    for door in route_days.doors(actor).filter(waits=True).exclude(place__in=ends - {None}):
        lat, lon = door.position
        name = f"{door.place.name}, {door.name}"
        found.append(Spot(name, lat, lon, "door at which a car may wait", True))
    return found
