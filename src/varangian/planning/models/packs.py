"""Contractor packs: one page for one outsider, the door that opens it, and who came through."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Pack(SealedModel, ScopedModel):
    """What one driver, steward or supplier is told, as the planners see it."""

    view_action = "pack.view"
    row_security = True

    class Kind(models.TextChoices):
        DRIVER = "driver", "Driver"
        STEWARD = "steward", "Venue steward"
        OTHER = "other", "Other"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="packs"
    )
    serial = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DRIVER)
    recipient = SealedField()
    content = SealedField(shape=dict)
    """The chosen lines, see pack_rules; never changed: a correction is another pack."""
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_pack_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"Pack {self.serial}"

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()


class PackDoor(SealedModel, ScopedModel):
    """What the link finds, and all that it finds: a stranger's request reaches no secured table.

    Outside of row security on purpose. It holds the hash of the secret and a sealed copy of the
    lines; it is deleted when the pack is revoked or has expired.
    """

    view_action = "pack.view"
    pack = models.OneToOneField(Pack, on_delete=models.CASCADE, related_name="door")
    digest = models.CharField(max_length=64, unique=True)
    content = SealedField(shape=dict)
    expires_at = models.DateTimeField()


class PackVisit(SealedModel, ScopedModel):
    """The page was opened, or somebody said that they have read it.

    Outside of row security, as the door: a stranger writes it.
    """

    view_action = "pack.view"
    append_only = True

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        READ = "read", "Read"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField(max_length=10, choices=Kind)
    name = SealedField()
    """As typed by whoever read it; nobody has checked it."""
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["pack", "kind", "at"])]
