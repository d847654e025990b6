"""Who read and wrote what. Entries are written once; seals and checkpoints chain them."""

from django.db import models

from varangian.kernel.clock import now


class AuditEntry(models.Model):
    """Written by the database trigger for changes, by ``services.note`` for reads and exports."""

    append_only = True
    audited = False
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=20)
    table_name = models.CharField(max_length=80)
    record = models.CharField(max_length=80)
    compartment = models.UUIDField(null=True)
    actor = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    request = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table_name", "record"]), models.Index(fields=["at"])]


class AuditSeal(models.Model):
    """The place of an entry in the chain; given by the single sealer, in order of arrival."""

    append_only = True
    audited = False
    serial = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class Watermark(models.Model):
    """How far the sealer has come. One row; only the sealer, which is alone, writes it."""

    audited = False
    below = models.BigIntegerField(default=0)
    """No entry up to this number is unsealed or can still appear."""
    ahead = models.BigIntegerField(default=0)
    """Where the numbers stood last time ..."""
    writers = models.JSONField(default=list)
    """... and the transactions that were writing then: they may commit lower numbers late."""


class Checkpoint(models.Model):
    """The head of the chain at one moment, signed with the key of the house."""

    append_only = True
    audited = False
    at = models.DateTimeField(default=now)
    serial = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
