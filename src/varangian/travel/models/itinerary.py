"""Itineraries as they came in, and what a person made of them."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class ItineraryDraft(SealedModel, ScopedModel):
    """One imported file: the original, what was read, and how it differs from the plan."""

    view_action = "movement.view"
    row_security = True

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        OVERTAKEN = "overtaken", "Overtaken"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="itinerary_drafts"
    )
    version = models.IntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    original = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT)
    legs = SealedField(shape=list)
    problems = SealedField(shape=list)
    parts = SealedField(shape=list)
    """One row for each mail, page, pass or table of the file: what it is and what it gave."""
    diff = SealedField(shape=dict)
    imported_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]


class RefusedFile(SealedModel, ScopedModel):
    """A file that nobody could read, kept for the person who still needs what it says."""

    view_action = "itinerary.import"
    row_security = True

    principal = models.ForeignKey(
        "principals.Principal", on_delete=models.CASCADE, related_name="refused_files"
    )
    operation = models.ForeignKey(
        "operations.Operation", null=True, on_delete=models.CASCADE, related_name="refused_files"
    )
    original = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT)
    reason = SealedField(shape=dict)
    problems = SealedField(shape=list)
    imported_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(default=now)
    put_away_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-imported_at"]
