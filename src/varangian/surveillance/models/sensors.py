"""What tells without a picture: motion, doors, alarm panels, number-plate readers, recorders."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Sensor(SealedModel, ScopedModel):
    view_action = "sensor.view"
    row_security = True

    class Kind(models.TextChoices):
        MOTION = "motion", "Motion sensor"
        DOOR = "door", "Door or window contact"
        PLATES = "plates", "Number-plate reader"
        PANEL = "panel", "Alarm panel (SIA DC-09)"
        RECORDER = "recorder", "Recorder (Frigate)"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="sensors"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)
    outside_id = models.CharField(max_length=60, blank=True)
    """What it calls itself: its name over MQTT, the account of a panel, a camera of a recorder."""
    digest = models.CharField(max_length=64, null=True, unique=True)
    """Of the token in its address, which is shown once."""
    panel_key = SealedField()
    """Of an alarm panel that encrypts: 32, 48 or 64 hexadecimal digits."""
    address = SealedField()
    """Of a recorder that is asked over HTTP, beside what it tells by itself; empty for none."""
    access = SealedField()
    """The token that it wants of us; never shown."""
    position = SealedField(shape=list)
    legal_basis = SealedField()
    retention_days = models.IntegerField(default=3)
    period_s = models.IntegerField(default=0)
    """How often it is meant to speak; nought for one that speaks only when something happens."""
    heard_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    """When it is asked next; None for one that is not asked."""
    asked_to = models.FloatField(null=True)
    """Up to when it has told, by its own clock."""
    ask_fault = models.CharField(max_length=120, blank=True)
    ask_failures = models.IntegerField(default=0)
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "kind", "outside_id"],
                condition=models.Q(removed_at=None) & ~models.Q(outside_id=""),
                name="one_sensor_per_outside_id",
            ),
            models.UniqueConstraint(
                fields=["outside_id"],
                condition=models.Q(removed_at=None, kind="panel"),
                name="one_panel_per_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name
