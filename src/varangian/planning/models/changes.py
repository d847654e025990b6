"""Changes of plan: what the leader wanted, what it touched, and the order that told the posts."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Change(SealedModel, ScopedModel):
    """A draft until somebody who may sign sends it; then it keeps what was known at that moment."""

    view_action = "order.change"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Dropped"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="changes"
    )
    movement = models.ForeignKey("operations.Movement", null=True, on_delete=models.SET_NULL)
    serial = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    wish = SealedField(shape=dict)
    """planning/change/legs.py ``Wish``."""
    reason = SealedField()
    """Why, as the posts read it."""
    summary = SealedField()
    edits = SealedField(shape=dict)
    """Key of a line to the words that the leader gave it."""
    touched = SealedField(shape=list)
    """What it touched when it was drafted or sent: group, title, why, tone."""
    seen = models.CharField(max_length=64, blank=True)
    """Digest of the legs and lines that the person saw; another one is a conflict."""
    acknowledge_minutes = models.IntegerField(default=10)
    order = models.OneToOneField(
        "planning.Order", null=True, on_delete=models.PROTECT, related_name="change"
    )
    drafted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=now)
    sent_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_change_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"C{self.serial}"
