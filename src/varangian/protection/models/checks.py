"""Check calls: how often by post and phase, and each one from its due time to its end."""

from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel


class CheckRule(ScopedModel):
    """How often a check call is due; the closest rule holds: post and phase, post, phase, all."""

    view_action = "check.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="check_rules"
    )
    post = models.ForeignKey(
        "operations.Post", null=True, on_delete=models.CASCADE, related_name="+"
    )
    phase = models.CharField(max_length=20, blank=True)
    """A status of duty; empty: in every phase."""
    minutes = models.IntegerField()
    """0: no check calls are due."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "post", "phase"],
                nulls_distinct=False,
                name="one_check_rule",
            )
        ]

    @property
    def phase_words(self) -> str:
        return self.phase.replace("_", " ").capitalize()


class Check(ScopedModel):
    """One check call. A running duty has at most one that is open."""

    view_action = "check.view"
    row_security = True

    class Step(models.IntegerChoices):
        WAITING = 0, "Waiting"
        REMINDED = 1, "Reminded"
        NUDGED = 2, "Due"
        CALLED = 3, "Overdue, call"
        FIRED = 4, "No sign of life"

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        MADE = "made", "Made"
        MISSED = "missed", "Missed"
        LOST = "lost", "Lost"
        STOOD_DOWN = "stood_down", "Stood down"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="checks"
    )
    duty = models.ForeignKey("operations.Duty", on_delete=models.CASCADE, related_name="checks")
    since = models.DateTimeField()
    """The last sign of life before it."""
    due_at = models.DateTimeField()
    period_s = models.IntegerField()
    step = models.IntegerField(choices=Step, default=Step.WAITING)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default=Outcome.OPEN)
    closed_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=20, blank=True)
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who recorded it, when it was not the person on duty."""

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(outcome=""), name="check_due"),
            models.Index(fields=["operation", "-closed_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(outcome=""), name="one_open_check_per_duty"
            )
        ]

    @property
    def overdue(self) -> bool:
        return self.outcome == self.Outcome.OPEN and self.due_at < now()


class CheckWatch(models.Model):
    """When the house last looked at the due times: after it was away, people get a minute more."""

    audited = False
    id = models.IntegerField(primary_key=True, default=1)
    looked_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
