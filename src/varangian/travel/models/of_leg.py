"""Need-to-know by leg: who plans sees every leg, others those that they drive or watch."""

from typing import Any, ClassVar

from django.db.models import Manager, Q

from varangian.platform.access.scope import Actor, ScopedQuerySet, circles


def of_the_leg(user: Actor, to: str = "movement") -> Q:
    """Rows whose leg (``to`` leads to it) this person drives, or was named by the leader for."""
    watched = {f"{to}__route_watchers__person": user.pk, f"{to}__route_watchers__ended_at": None}
    return Q(**{f"{to}__allotments__driver": user.pk}) | Q(**watched)


class OfTheLeg(ScopedQuerySet):
    """The roads of a leg are for who plans them, and for those of the leg; not for the team."""

    plans: ClassVar[str] = "route.change"
    leads: ClassVar[str] = "movement"

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        found = super().visible_to(user, action)
        planned = None if user.is_system else circles(user, self.plans)
        if planned is None:
            return found
        mine = found.filter(of_the_leg(user, self.leads) | self.also(user)).values("pk")
        return found.filter(Q(compartment_id__in=planned) | Q(pk__in=mine))

    def also(self, user: Actor) -> Q:  # noqa: ARG002
        """Nobody else."""
        return Q(pk__in=[])


class OfADay(OfTheLeg):
    leads = "plans__movement"


class Followed(OfTheLeg):
    """Until the leg is complete it is the whole team's from the moment that it leaves: the car is
    seen moving, and whoever is near must help."""

    plans = "track.change"
    UNDER_WAY = ("under_way", "diverted", "arrived")

    def also(self, user: Actor) -> Q:
        named = Q(person=user.pk) | Q(watcher=user.pk) | Q(device__person=user.pk)
        return named | Q(movement__state__in=self.UNDER_WAY)


LegManager = Manager.from_queryset(OfTheLeg)
DayManager = Manager.from_queryset(OfADay)
FollowedManager = Manager.from_queryset(Followed)
