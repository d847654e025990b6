"""What a phone of the detail has sent, and the key of what it keeps."""

from django.conf import settings
from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Receipt(models.Model):
    """An act that has arrived. The same key is answered with these words and not done again."""

    audited = False
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    kind = models.CharField(max_length=30)
    device = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    done_at = models.DateTimeField()
    """On the person's phone, by the server's clock."""
    received_at = models.DateTimeField(default=now)
    skew_s = models.FloatField(default=0)
    """How many seconds the phone's clock was ahead."""
    refused = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_receipt")]
        indexes = [models.Index(fields=["person", "device", "-seq"])]


class Phone(models.Model):
    """A phone that keeps something for the field, under a key that the house can take back."""

    audited = False
    """The audit would keep the secret; opening and wiping are noted without it."""
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phones"
    )
    device = models.CharField(max_length=40)
    """A random name that the phone gave itself."""
    label = models.CharField(max_length=80, blank=True)
    secret = models.BinaryField(null=True)
    """Wrapped with the key of the house. None: what the phone kept cannot be opened any more."""
    session = models.CharField(max_length=40, blank=True)
    """Of the browser that opened it last: ended together with a wipe."""
    first_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    wiped_at = models.DateTimeField(null=True)
    """Ordered from elsewhere."""
    wiped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    emptied_at = models.DateTimeField(null=True)
    """When the phone said that it has nothing left."""

    class Meta:
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "device"], name="one_phone_per_device")
        ]


class FieldReport(SealedModel, ScopedModel):
    """A sighting or a note from the field, as sent: its words, where, picture and voice."""

    view_action = "log.view"
    row_security = True
    append_only = True

    class Kind(models.TextChoices):
        LOG = "log", "Note"
        SIGHTING = "sighting", "Sighting"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="field_reports"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    act = models.UUIDField(unique=True)
    """The key of the phone's act."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    content = SealedField(shape=dict)
    """text; of a sighting also what, colour, plate, heading, towards; position and accuracy."""
    photo = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    voice = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.ForeignKey("log.LogEntry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["operation", "-at"])]
