"""What a camera or a sensor told, and which of it asks for a person."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera
from .sensors import Sensor


class SeenEvent(SealedModel, ScopedModel):
    """Kept for the days of its camera or sensor, then dropped."""

    view_action = "camera.view"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, null=True, on_delete=models.CASCADE, related_name="events")
    sensor = models.ForeignKey(Sensor, null=True, on_delete=models.CASCADE, related_name="events")
    name = models.CharField(max_length=40)
    """motion.begun, behaviour.loitering, door.opened, plate.read, panel.BA ..."""
    at = models.DateTimeField()
    heard_at = models.DateTimeField(default=now)
    key_of_source = models.CharField(max_length=80, blank=True)
    """What the source calls this event: heard twice, it is kept once."""
    detail = SealedField(shape=dict)
    still = models.BinaryField(default=bytes)
    """Sealed as the picture is; empty where none is kept."""
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-heard_at"]
        indexes = [
            models.Index(fields=["compartment", "-at"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sensor", "key_of_source"],
                condition=~models.Q(key_of_source=""),
                name="one_event_per_key_of_source",
            )
        ]


class EventRule(ScopedModel):
    """Which events raise an alert."""

    view_action = "camera.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="event_rules"
    )
    camera = models.ForeignKey(Camera, null=True, on_delete=models.CASCADE, related_name="+")
    sensor = models.ForeignKey(Sensor, null=True, on_delete=models.CASCADE, related_name="+")
    """Both None: everything of the operation."""
    name = models.CharField(max_length=40)
    """An event, or its beginning with a star: ``behaviour.*``."""
    urgency = models.CharField(max_length=10, default="attention")
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    """On the clock of the operation; over midnight when it ends before it begins."""
    quiet_s = models.IntegerField(default=300)
    """After an alert of one source the same asks again only so much later."""
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
