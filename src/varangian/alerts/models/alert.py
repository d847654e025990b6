"""The one way to ask a person to act."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

UNSUPPRESSED = frozenset({"duress", "dead_man"})
"""Sources that nothing groups, shelves, holds back or counts against a limit."""


class Alert(SealedModel, ScopedModel):
    view_action = "alert.view"
    row_security = True

    class State(models.TextChoices):
        RAISED = "raised", "Raised"
        NOTIFIED = "notified", "Notified"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        RESPONDING = "responding", "Responding"
        RESOLVED = "resolved", "Resolved"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    WAITING = (State.RAISED, State.NOTIFIED)
    OPEN = (*WAITING, State.ACKNOWLEDGED, State.RESPONDING)

    class Urgency(models.TextChoices):
        NOW = "now", "Act now"
        ATTENTION = "attention", "Attention"
        INFORM = "inform", "For information"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="alerts"
    )
    movement = models.ForeignKey("operations.Movement", null=True, on_delete=models.CASCADE)
    source = models.CharField(max_length=30)
    """What kind of record asks: signal, readiness, order, duress, dead_man, system."""
    about = models.UUIDField(null=True)
    dedupe = models.CharField(max_length=120)
    place = models.CharField(max_length=60, blank=True)
    """Where, in the words of its source: what comes from one place in one minute is one group."""
    state = models.CharField(max_length=20, choices=State, default=State.RAISED)
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
    silent_for = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whose screens and devices must not show it: the sender of a duress call."""
    raised_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(null=True, default=now)
    """When the engine looks at it again; None: nothing is due."""
    step = models.IntegerField(default=0)
    """The next step of its chain; ``repeats`` counts how often this one was taken already."""
    repeats = models.IntegerField(default=0)
    rounds = models.IntegerField(default=0)
    """How often people were asked, over all steps."""
    notified_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalations = models.IntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    responding_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    reason = SealedField()
    """Why it was cancelled, resolved or has expired."""
    group = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="grouped")
    """The first of its place, kind and minute, which asks for all of them."""
    shelved_until = models.DateTimeField(null=True)
    shelved_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """None on a shelved alert: the engine shelved it because it chattered."""
    shelf_reason = SealedField()

    class Meta:
        ordering = ["-raised_at"]
        indexes = [
            models.Index(fields=["compartment", "state", "-raised_at"]),
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="alerts_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "dedupe"],
                condition=models.Q(state__in=["raised", "notified", "acknowledged", "responding"]),
                name="one_open_alert_per_cause",
            )
        ]

    @property
    def code(self) -> str:
        """Four signs to say over the radio; the only thing of an alert that leaves the house."""
        return str(self.pk)[-4:].upper()

    @property
    def unsuppressed(self) -> bool:
        return self.source in UNSUPPRESSED


class Annunciation(ScopedModel):
    """One time that an alert asked for a person: what the alarm load is counted from."""

    view_action = "alert.view"
    row_security = True
    audited = False

    class Kind(models.TextChoices):
        RAISED = "raised", "Raised"
        AGAIN = "again", "Raised again"
        GROUPED = "grouped", "Joined a group"
        SHELVED = "shelved", "Shelved as chattering"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="annunciations")
    kind = models.CharField(max_length=10, choices=Kind)
    urgency = models.CharField(max_length=12)
    source = models.CharField(max_length=30)
    cause = models.CharField(max_length=120)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["compartment", "at"]), models.Index(fields=["cause", "at"])]


class NuisanceReport(SealedModel, ScopedModel):
    """A person says that this alert should not have asked them."""

    view_action = "alert.view"
    row_security = True
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="nuisance")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    words = SealedField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "by"], name="one_nuisance_report_each")
        ]
