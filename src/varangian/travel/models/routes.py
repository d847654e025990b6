"""Route plans and the draws made from them: the most sensitive records of a journey.

What a plan is may be known to who plans, and to those of the leg: its drivers and named watchers.
What was drawn is known to the leader alone until it is released, shortly before it is driven; and
then to those of the leg. The rest of the team knows neither.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor, ScopedModel, ScopedQuerySet, circles
from varangian.platform.crypto.models import SealedField, SealedModel

from .of_leg import LegManager, of_the_leg


class RoutePlan(SealedModel, ScopedModel):
    """One version of the mixed plan of a leg."""

    view_action = "route.view"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        RELEASED = "released", "Released"
        DRIVEN = "driven", "Driven"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (State.DRAFT, State.APPROVED, State.RELEASED)
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="route_plans"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="route_plans"
    )
    """None when the leg was removed since: what was driven stays on record."""
    day = models.ForeignKey(
        "travel.RouteDay", null=True, on_delete=models.SET_NULL, related_name="plans"
    )
    """The day of which this leg is one; its bound is then that of the whole day."""
    version = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    road_map = models.ForeignKey(
        "travel.RoadMap", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    map_name = models.CharField(max_length=120)
    data_date = models.DateField(null=True)
    licence = models.CharField(max_length=200)
    payload = SealedField(shape=dict)
    """Routes with geometry, exposure, cues and roles; forced places, havens, departures."""
    areas = SealedField(shape=list)
    """GeoJSON of the areas that this plan keeps out of."""
    reason = SealedField()
    """Why it was made anew, or withdrawn."""
    budget = models.FloatField()
    window_s = models.FloatField(default=0)
    bound = models.FloatField()
    time_ratio = models.FloatField()
    opens_at = models.DateTimeField(null=True)
    """When the window of departure opens; None while the leg has no time."""
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    approved_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    objects = LegManager()

    class Meta:
        ordering = ["-made_at"]


class SealedUntilReleased(ScopedQuerySet):
    """A draw is its leader's until it is released; then also of who drives the leg and of its named
    watchers. What was driven is history that who plans the next one needs."""

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        found = super().visible_to(user, action)
        early = None if user.is_system else circles(user, "route.draw")
        if early is None:
            return found
        leg = found.filter(released_at__isnull=False).filter(of_the_leg(user, "plan__movement"))
        after = Q(driven_at__isnull=False, compartment_id__in=circles(user, "route.change"))
        return found.filter(Q(compartment_id__in=early) | after | Q(pk__in=leg.values("pk")))


DrawManager = models.Manager.from_queryset(SealedUntilReleased)


class RouteDraw(SealedModel, ScopedModel):
    """What chance chose. There is one for each plan: who may draw again draws until it suits."""

    view_action = "route.view"
    row_security = True
    plan = models.OneToOneField(RoutePlan, on_delete=models.CASCADE, related_name="draw")
    choice = SealedField(shape=dict)
    nonce = SealedField()
    commitment = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField(default=now)
    released_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    driven = SealedField(shape=dict)
    """What was really driven: its route, whether as drawn, whether the seal opened, and words."""
    driven_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    driven_at = models.DateTimeField(null=True)
    objects = DrawManager()

    class Meta:
        ordering = ["-drawn_at"]
