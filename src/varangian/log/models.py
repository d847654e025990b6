"""The operations log (artefact A18): append-only, serial, chained per operation."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class LogEntry(SealedModel, ScopedModel):
    """The chain covers a salted digest of the words, so erasing the words keeps it whole."""

    view_action = "log.view"
    row_security = True
    append_only = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="log"
    )
    serial = models.IntegerField()
    at = models.DateTimeField(help_text="when it happened")
    recorded_at = models.DateTimeField(default=now)
    author = models.CharField(max_length=120)
    author_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    """entry, correction or auto."""
    topic = models.CharField(max_length=30, blank=True)
    about_kind = models.CharField(max_length=30, blank=True)
    about = models.UUIDField(null=True)
    corrects = models.IntegerField(null=True)
    body = SealedField(shape=dict)
    """salt, from, to, event, action."""
    body_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_entry_per_serial")
        ]
