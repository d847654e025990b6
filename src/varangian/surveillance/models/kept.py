"""Pictures and clips of an event that were kept as evidence, and who has looked at them."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class KeptEvent(SealedModel, ScopedModel):
    """An event as it was told, with its files, past the days of its camera until an end date.
    It has a key of its own: what is erased of it is erased in backups too."""

    view_action = "kept_event.view"
    row_security = True
    audited = False
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="kept_events"
    )
    serial = models.IntegerField()
    event = models.UUIDField()
    """What it was made of; that itself goes with the days of its camera."""
    source_name = models.CharField(max_length=80)
    told = SealedField(shape=dict)
    """{"name", "words", "at", "heard_at", "detail", "camera", "purpose", "legal_basis"}"""
    files = SealedField(shape=list)
    """[{"name", "media_type", "size", "sha256", "parts", "from"}]"""
    reason = SealedField()
    reference = SealedField()
    """Of the case, such as a police file."""
    digest = models.CharField(max_length=64)
    """Over the event, its files, reason and reference, as they were kept."""
    kept_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "serial"], name="one_kept_event_per_serial"
            )
        ]
        indexes = [
            models.Index(fields=["compartment", "-kept_at"]),
            models.Index(fields=["ends_at"]),
        ]

    @property
    def label(self) -> str:
        return f"EV{self.serial}"


class KeptUse(SealedModel, ScopedModel):
    """Who kept, looked at, prolonged or took out which evidence, and why. Outlives it."""

    view_action = "kept_event.oversee"
    row_security = True
    append_only = True

    class Kind(models.TextChoices):
        KEPT = "kept", "Kept"
        LOOKED = "looked", "Looked at"
        PROLONGED = "prolonged", "End moved"
        EXPORTED = "exported", "Taken out"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="kept_uses"
    )
    kept = models.UUIDField()
    label = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    purpose = SealedField()
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the zip as it was handed out, or of what was kept."""
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["compartment", "-at"])]
