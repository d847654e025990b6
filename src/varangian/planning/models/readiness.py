"""What a named person said about readiness: confirmed, waived, go, no go."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from ..library import readiness_policy


class Confirmation(SealedModel, ScopedModel):
    """A named person says that a required artefact is there, or does without it and says why."""

    view_action = "readiness.view"
    row_security = True

    class Kind(models.TextChoices):
        DONE = "done", "Done"
        WAIVED = "waived", "Waived"
        WITHDRAWN = "withdrawn", "Waiver withdrawn"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="confirmations"
    )
    artefact = models.CharField(max_length=60)
    """An artefact of planning/library/readiness.yaml."""
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DONE)
    note = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True)
    """Until when a waiver holds. Empty in a confirmation: that grows old like its artefact."""

    class Meta:
        ordering = ["-at"]

    @property
    def title(self) -> str:
        return readiness_policy().get(self.artefact).title


class Decision(SealedModel, ScopedModel):
    """Go, no go, or a start without a go: signed, with what was missing at that moment."""

    view_action = "readiness.view"
    row_security = True
    append_only = True

    class Kind(models.TextChoices):
        GO = "go", "Go"
        NO_GO = "no_go", "No go"
        OVERRIDE = "override", "Start without a go"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="decisions"
    )
    serial = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    threat_level = models.CharField(max_length=20)
    """At the time of the decision."""
    reason = SealedField()
    lights = SealedField(shape=list)
    """Each light as it stood: artefact, title, state, why, at."""
    counted = models.JSONField(default=dict)
    """Number of lights by state."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    """As it was signed; a person may later be called otherwise."""
    at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True)
    """A go holds until then; empty for the other kinds."""
    content_digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_decision_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"{self.Kind(self.kind).label} {self.serial}"
