"""Casualty cards: what was found and done, never changed; the card shows the latest of each."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Casualty(SealedModel, ScopedModel):
    view_action = "casualty.view"
    row_security = True

    class Priority(models.TextChoices):
        P1 = "p1", "P1, immediate"
        P2 = "p2", "P2, urgent"
        P3 = "p3", "P3, delayed"
        DEAD = "dead", "Dead"
        UNKNOWN = "unknown", "Not triaged"

    incident = models.ForeignKey(
        "protection.Incident", on_delete=models.PROTECT, related_name="casualties"
    )
    serial = models.IntegerField()
    who = SealedField()
    """Code name, call sign or what can be seen; no more than needed to find the person."""
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.UNKNOWN)
    handed_to = SealedField()
    hospital = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "serial"], name="one_casualty_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"C{self.serial}"


class CasualtyEntry(SealedModel, ScopedModel):
    view_action = "casualty.view"
    row_security = True
    append_only = True
    casualty = models.ForeignKey(Casualty, on_delete=models.PROTECT, related_name="entries")
    content = SealedField(shape=dict)
    """Fields of casualty_rules, only those that were filled in."""
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
