"""The operations centre: who works on what, by which steps, and what the next watch takes over."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Handling(ScopedModel):
    """An alert that an operator has taken in hand, and the steps to go through."""

    view_action = "watch.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="handlings"
    )
    alert = models.UUIDField()
    sop = models.CharField(max_length=60)
    """A procedure of library/sops.yaml."""
    taken_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["taken_at"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "alert"], name="one_handling_per_alert")
        ]


class HandlingStep(SealedModel, ScopedModel):
    view_action = "watch.view"
    row_security = True
    append_only = True
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=60)
    skipped = models.BooleanField(default=False)
    note = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["handling", "step"], name="one_mark_per_step")
        ]


class WatchHandover(SealedModel, ScopedModel):
    """What was open in one operation when the watch changed; one row for each operation.

    Rows of one change share ``change``. Who may not see an operation sees nothing of it here.
    """

    view_action = "watch.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="watches"
    )
    change = models.UUIDField(db_index=True)
    content = SealedField(shape=dict)
    words = SealedField()
    """What no record says: the outgoing operator's own words."""
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    taken_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
