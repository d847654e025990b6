"""The day as one plan, the work that makes plans, and the doors of places."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .of_leg import DayManager


class PlaceDoor(SealedModel, ScopedModel):
    """An entrance where a car can stop. Which one is used is part of what is drawn."""

    view_action = "place.view"
    row_security = True
    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="doors")
    name = SealedField()
    position = SealedField(shape=list)
    """[latitude, longitude] of the kerb."""
    waits = models.BooleanField(default=False)
    """A car may wait here."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    retired_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]


class RouteDay(SealedModel, ScopedModel):
    """The legs of one day mixed as one game; each leg is a route plan with a draw of its own."""

    view_action = "route.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="route_days"
    )
    on = models.DateField()
    """In the time zone of the operation."""
    payload = SealedField(shape=dict)
    """Words, cars, stops, notes: what the legs have in common."""
    budget = models.FloatField()
    window_s = models.FloatField()
    hold_s = models.FloatField()
    bound = models.FloatField()
    bound_all_day = models.FloatField()
    bound_one_car = models.FloatField()
    bound_unstaffed = models.FloatField()
    time_ratio = models.FloatField()
    took_s = models.FloatField()
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    objects = DayManager()

    class Meta:
        ordering = ["-made_at"]

    @property
    def chance(self) -> str:
        return f"{self.bound:.0%}"

    @property
    def price(self) -> str:
        return f"{self.time_ratio - 1:+.0%}"


class RouteWork(SealedModel, ScopedModel):
    """A plan that is asked for and being made. Nothing of it is kept before it is whole."""

    view_action = "route.change"
    row_security = True

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        WORKING = "working", "Being planned"
        DONE = "done", "Planned"
        FAILED = "failed", "Not planned"
        STOPPED = "stopped", "Stopped"

    UNDER_WAY = (State.QUEUED, State.WORKING)
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="route_work"
    )
    kind = models.CharField(max_length=10)
    """leg, closure (of a leg), day, or day-closed."""
    wish = SealedField(shape=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.JSONField(default=dict)
    """The step in hand, the share of the whole that is done, and when that was told."""
    stop = models.BooleanField(default=False)
    words = SealedField()
    """Why it was not planned, and what mends it."""
    plan = models.ForeignKey(
        "travel.RoutePlan", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    day = models.ForeignKey(RouteDay, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY
