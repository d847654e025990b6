"""How a leg is to be followed, and how it goes. As sensitive as the route that it follows."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .of_leg import FollowedManager


class TrackingPlan(SealedModel, ScopedModel):
    """One version of how a leg is followed: its line, hold points, report lines and limits.

    A diversion and another route taken under way are further versions: the board follows the
    newest.
    """

    view_action = "track.view"
    row_security = True

    class Kind(models.TextChoices):
        ROUTE = "route", "As planned"
        ALTERNATE = "alternate", "Another route"
        DIVERT = "divert", "Diverted"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="tracking_plans"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="tracking_plans"
    )
    """None when the leg was removed since."""
    route_plan = models.ForeignKey(
        "travel.RoutePlan", null=True, on_delete=models.SET_NULL, related_name="tracking_plans"
    )
    version = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ROUTE)
    payload = SealedField(shape=dict)
    """Line with times, route, goal, marks, traffic by hour; turns and minutes of a diversion."""
    corridor_m = models.IntegerField(default=120)
    silence_s = models.IntegerField(default=120)
    stop_s = models.IntegerField(default=180)
    late_s = models.IntegerField(default=300)
    loading_s = models.IntegerField(default=60)
    spread = models.FloatField(default=0.2)
    """Standard deviation of the logarithm of the driving time."""
    device = models.ForeignKey(
        "tracking.Device", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Whose newest device tells the position, when no device is chosen."""
    watcher = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = SealedField()
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    objects = FollowedManager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["movement", "version"], name="one_tracking_plan_a_version"
            )
        ]


class LegRun(SealedModel, ScopedModel):
    """A leg that is followed: what its positions said so far. One for each time it is driven."""

    view_action = "track.view"
    row_security = True
    audited = False

    class State(models.TextChoices):
        UNDER_WAY = "under_way", "Under way"
        ARRIVED = "arrived", "Arrived"
        ENDED = "ended", "No longer followed"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="leg_runs"
    )
    movement = models.OneToOneField(
        "operations.Movement", on_delete=models.CASCADE, related_name="leg_run"
    )
    plan = models.ForeignKey(TrackingPlan, on_delete=models.CASCADE, related_name="+")
    """What is followed now."""
    state = models.CharField(max_length=10, choices=State, default=State.UNDER_WAY)
    begun_at = models.DateTimeField(default=now)
    line_at = models.DateTimeField(default=now)
    """When this line was begun: the leg, or the diversion."""
    ended_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    """Of the newest position that was looked at, by the clock of the device."""
    known = SealedField(shape=dict)
    """Progress, marks passed, and what it stands on; see ``board/rules.py``."""
    words = SealedField(shape=dict)
    """Mark -> how it was passed and who said so."""
    eta = models.DateTimeField(null=True)
    on_time = models.FloatField(null=True)
    alarms = models.JSONField(default=dict)
    """Alarm -> since when, as long as its cause stands."""

    class Meta:
        ordering = ["-begun_at"]
        indexes = [models.Index(fields=["state"], name="legs_followed")]
