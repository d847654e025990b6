"""What a person made of a pattern of sightings; the patterns themselves are worked out anew."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class PatternVerdict(SealedModel, ScopedModel):
    """A plate or a description that was looked at: followed up, or seen to be chance."""

    view_action = "pattern.view"
    row_security = True
    append_only = True

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "Followed up"
        DENIED = "denied", "Chance"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="pattern_verdicts"
    )
    name = SealedField()
    sightings = models.IntegerField()
    """How many there were: a denied pattern that grows is asked about again."""
    verdict = models.CharField(max_length=10, choices=Verdict)
    words = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
