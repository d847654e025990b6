"""What a person or a car carries that tells where it is."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel


class Device(ScopedModel):
    """One phone, tracker, radio, button or TAK client, enrolled for one operation."""

    view_action = "device.view"
    row_security = True

    class Kind(models.TextChoices):
        OWNTRACKS = "owntracks", "OwnTracks"
        TRACCAR = "traccar", "Traccar Client"
        OSMAND = "osmand", "OsmAnd"
        OVERLAND = "overland", "Overland"
        GPSLOGGER = "gpslogger", "GPSLogger"
        MESHTASTIC = "meshtastic", "Meshtastic"
        TAK = "tak", "TAK client"
        PHONE = "phone", "Varangian on a phone"
        BUTTON = "button", "Button"
        TRACKER = "tracker", "Other tracker"

    class Share(models.TextChoices):
        OFF = "off", "Off"
        DUTY = "duty", "On duty only"
        MOVEMENT = "movement", "During movements only"
        EMERGENCY = "emergency", "In an emergency only"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="devices"
    )
    person = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="devices"
    )
    """Who carries it; nobody for a car or a thing."""
    carried_by_principal = models.BooleanField(default=False)
    """Then the principal's privacy windows hold for it."""
    kind = models.CharField(max_length=20, choices=Kind)
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, null=True, unique=True)
    """Of its token, which is shown once. None for what proves itself otherwise."""
    outside_id = models.CharField(max_length=120, blank=True)
    """What it calls itself: a node of a mesh, the uid of a TAK client."""
    share = models.CharField(max_length=20, choices=Share, default=Share.DUTY)
    period_s = models.IntegerField(default=60)
    """How often it is meant to speak; silent for three times as long is lost."""
    emergency_until = models.DateTimeField(null=True)
    """Shares whatever its mode is, after it called for help or its person did."""
    enrolled_at = models.DateTimeField(default=now)
    enrolled_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["label"]
        indexes = [models.Index(fields=["person"])]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "kind", "outside_id"],
                condition=models.Q(revoked_at=None) & ~models.Q(outside_id=""),
                name="one_device_per_outside_id",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def lost_after_s(self) -> int:
        return 3 * self.period_s

    @property
    def live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now())
