"""Who may read what was drawn for a leg, and what everybody else is told of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import Role, roles_for
from varangian.platform.access.scope import Actor, may, system_read

from ..models import Allotment, RouteDraw, RoutePlan, RouteWatcher
from ..models.of_leg import of_the_leg


@dataclass(frozen=True)
class Seal:
    """Of a draw, without what was drawn."""

    commitment: str
    drawn_at: datetime
    released_at: datetime | None
    opens_at: datetime | None

    @property
    def words(self) -> str:
        if self.released_at is None:
            return "sealed"
        if self.opens_at is None:
            return "released to those of the leg"
        minutes = round((self.opens_at - self.released_at).total_seconds() / 60)
        when = f"T-{minutes} min" if minutes >= 0 else f"T+{-minutes} min"
        return f"released to those of the leg at {when}"


@system_read("that there is a draw, its seal and when it was released; what was drawn is not read")
def seal_of(plan: RoutePlan) -> Seal | None:
    """For whoever may see the plan; the log tells the same."""
    found = RouteDraw.objects.filter(plan=plan).values("commitment", "drawn_at", "released_at")
    row = found.first()
    return Seal(**row, opens_at=plan.opens_at) if row else None


def reads_turns(actor: Actor, allotment: Allotment) -> bool:
    """The turns on a vehicle's card are the way itself: for the leader and those of the leg."""
    if actor.is_system or may(actor, "route.draw", allotment.compartment_id):
        return True
    mine = Allotment.objects.visible_to(actor).filter(of_the_leg(actor), pk=allotment.pk)
    return mine.exists()


def turns(actor: Actor, allotment: Allotment) -> list[dict[str, Any]]:
    """To be read; to everybody else it is as if there were no card."""
    if not reads_turns(actor, allotment):
        raise NotFound(
            "The turns of this leg are not yours to see", allotment.vehicle.name,
            "They open to its drivers and to those whom the leader names.",
        )  # fmt: skip
    return allotment.cues


def watchers(actor: Actor, plan: RoutePlan) -> QuerySet[RouteWatcher]:
    found = RouteWatcher.objects.visible_to(actor).filter(movement=plan.movement, ended_at=None)
    return found.filter(movement__isnull=False).select_related("person")


def readers(actor: Actor, plan: RoutePlan) -> list[dict[str, Any]]:
    """Everybody to whom the draw opens once it is released, and why."""
    rows = members(actor, plan.compartment_id).filter(role=Role.DETAIL_LEADER, until=None)
    found = {row.user_id: (row.user, "detail leader", False) for row in rows}
    legs = Allotment.objects.visible_to(actor).filter(movement=plan.movement)
    for allotment in legs.exclude(driver=None).select_related("driver"):
        found.setdefault(allotment.driver_id, (allotment.driver, "driver of the leg", False))
    for row in watchers(actor, plan):
        found.setdefault(row.person_id, (row.person, "named watcher", True))
    return [
        {"id": str(pk), "person": str(who), "why": why, "named": named}
        for pk, (who, why, named) in found.items()
    ]


def could_watch(actor: Actor, plan: RoutePlan, known: list[dict[str, Any]]) -> list[User]:
    """Members of the operation who see its plans and are not on the leg yet."""
    seats = members(actor, plan.compartment_id).filter(
        until=None, user__is_active=True, role__in=[role.value for role in roles_for("route.view")]
    )
    there = {row["id"] for row in known}
    people = {seat.user_id: seat.user for seat in seats if str(seat.user_id) not in there}
    return list(people.values())


def member_by_email(actor: Actor, plan: RoutePlan, email: str) -> User:
    seats = members(actor, plan.compartment_id)
    found = seats.filter(user__email=email.strip().lower()).first()
    if found is None:
        raise NotFound("There is no such member of the operation", where=email)
    return found.user
