"""Tasks of the advance: what must be looked at again before each leg."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel


class AdvanceTask(ScopedModel):
    """One fact of a place that must be looked at (again) before a leg of this operation."""

    view_action = "advance.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "No longer needed"

    class Why(models.TextChoices):
        EXPIRED = "expired", "Out of date"
        RUNS_OUT = "runs_out", "Runs out before the leg"
        DISPUTED = "disputed", "Disputed"
        NEVER = "never", "Never checked"
        LESSON = "lesson", "A lesson asks"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="advance_tasks"
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    why = models.CharField(max_length=10, choices=Why)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    due = models.DateTimeField(null=True)
    needed_at = models.DateTimeField(null=True)
    """The leg at which the answer must hold."""
    assignee = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["due", "place_id", "made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "place", "form", "item"],
                condition=models.Q(state="open"),
                name="one_open_advance_task",
            )
        ]
