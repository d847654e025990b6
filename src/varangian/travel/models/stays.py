"""Choices of a hotel or a restaurant: who was compared, by which weights, and who decided."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class StayChoice(SealedModel, ScopedModel):
    view_action = "choice.view"
    row_security = True

    class Kind(models.TextChoices):
        HOTEL = "hotel", "Hotel"
        RESTAURANT = "restaurant", "Restaurant"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DECIDED = "decided", "Decided"
        DROPPED = "dropped", "Dropped"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="stay_choices"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    title = SealedField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    content = SealedField(shape=dict)
    """``candidates``, ``weights`` moved from the list, ``wishes`` of the principal."""
    payload = SealedField(shape=dict)
    """The matrix as it was when it was decided."""
    chosen = SealedField()
    """Key of the house."""
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
