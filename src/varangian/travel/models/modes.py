"""Comparisons of ways to make a journey, and what was heard of flights."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .destinations import OpenManager


class ModeComparison(SealedModel, ScopedModel):
    """One journey and every way to make it: reckoned anew while open, kept when decided."""

    view_action = "choice.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DECIDED = "decided", "Decided"
        DROPPED = "dropped", "Dropped"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="mode_comparisons"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The leg it was begun from; None: places and time were named by hand."""
    leg_version = models.IntegerField(null=True)
    origin = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    starts = models.DateTimeField(null=True)
    party = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    told = SealedField(shape=dict)
    """By way and line: what a person knows better than the list, who, and when."""
    payload = SealedField(shape=dict)
    """The whole table as it was when it was decided."""
    chosen = models.CharField(max_length=60, blank=True)
    reason = SealedField()
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-made_at"]


class FlightSource(models.Model):
    """Where the house may ask for the status of flights. Off until a person switches it on."""

    name = models.CharField(primary_key=True, max_length=20)
    on = models.BooleanField(default=False)
    purpose = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=now)
    last_tried_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=now)
    failures = models.IntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)
    objects = OpenManager()

    class Meta:
        ordering = ["name"]


class FlightNews(SealedModel, ScopedModel):
    """What a source said of a flight of the plan. It proposes; a person takes it, or does not."""

    view_action = "movement.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Proposed"
        TAKEN = "taken", "Taken"
        DISMISSED = "dismissed", "Dismissed"
        OVERTAKEN = "overtaken", "Overtaken"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="flight_news"
    )
    movement = models.ForeignKey(
        "operations.Movement", on_delete=models.CASCADE, related_name="flight_news"
    )
    source = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    digest = models.CharField(max_length=64)
    said = SealedField(shape=dict)
    """Number, what it is, times planned and expected, gate, in the words of the source."""
    at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "digest"], name="one_flight_news")
        ]
