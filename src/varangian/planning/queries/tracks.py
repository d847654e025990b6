"""What tracks say of the legs: when those beside the principal left and arrived."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.tracking import queries as tracking

from ..actual import Passage
from ..passage_rules import Point, passage

BESIDE = ("driver_principal", "ppo", "team_leader", "driver_follow")
"""Whose track stands for the principal's, the nearest first."""
EARLY, LATE = timedelta(hours=2), timedelta(hours=3)


def passages(actor: Actor, operation: Any) -> dict[UUID, Passage] | None:
    """Departure and arrival by leg, as far as this person may see tracks; None: there are none."""
    legs = [leg for leg in operations.movements(actor, operation) if leg.starts and not leg.is_stay]
    if not legs:
        return None
    holders = {post.role: post.holder_id for post in operations.posts(actor, operation)}
    beside = [holders[role] for role in BESIDE if holders.get(role)]
    tracks = tracking.tracks_of(
        actor,
        operation,
        people=beside,
        since=min(leg.starts for leg in legs) - EARLY,
        until=max(leg.ends or leg.starts for leg in legs) + LATE,
    )
    if not tracks:
        return None
    return {leg.pk: found for leg in legs if (found := _of_leg(leg, tracks))}


def _of_leg(leg: Any, tracks: list[list[Point]]) -> Passage | None:
    """By the first track that tells of it."""
    origin, destination = _where(leg.origin), _where(leg.destination)
    since, until = leg.starts - EARLY, (leg.ends or leg.starts) + LATE
    for track in tracks:
        within = [point for point in track if since <= point[0] <= until]
        found = passage(within, origin, destination)
        if found.departed or found.arrived:
            return found
    return None


def _where(place: Any) -> tuple[float, float] | None:
    return (place.position[0], place.position[1]) if place and place.position else None
