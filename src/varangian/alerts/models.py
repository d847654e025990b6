"""The one way to ask a person to act."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Alert(SealedModel, ScopedModel):
    view_action = "alert.view"
    row_security = True

    class State(models.TextChoices):
        NEW = "new", "New"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ASSIGNED = "assigned", "Assigned"
        DISMISSED = "dismissed", "Dismissed"
        CLOSED = "closed", "Closed"
        SUPERSEDED = "superseded", "Superseded"

    OPEN = (State.NEW, State.ACKNOWLEDGED, State.ASSIGNED)

    class Urgency(models.TextChoices):
        NOW = "now", "Act now"
        ATTENTION = "attention", "Attention"
        INFORM = "inform", "For information"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="alerts"
    )
    movement = models.ForeignKey("operations.Movement", null=True, on_delete=models.CASCADE)
    source = models.CharField(max_length=30)
    """What kind of record asks: signal, readiness, order, system."""
    about = models.UUIDField(null=True)
    dedupe = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    urgency = models.CharField(max_length=12, choices=Urgency, default=Urgency.ATTENTION)
    title = SealedField()
    body = SealedField()
    action = SealedField()
    """What to do."""
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    minutes = models.IntegerField(null=True)
    distance_km = models.FloatField(null=True)
    position = SealedField(shape=list)
    raised_at = models.DateTimeField(default=now)
    escalated_at = models.DateTimeField(null=True)
    escalations = models.IntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    reason = SealedField()
    """Why it was dismissed or closed."""

    class Meta:
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["compartment", "state", "-raised_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "dedupe"],
                condition=models.Q(state__in=["new", "acknowledged", "assigned"]),
                name="one_open_alert_per_cause",
            )
        ]
