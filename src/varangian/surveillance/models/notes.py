"""What a camera with rules notes beside events: how things looked, how many people there were."""

from django.db import models

from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera


class SeenLooks(SealedModel, ScopedModel):
    """One person or vehicle of one camera: colours and a small picture without a head. Nothing of
    a face and no template; two of them are never joined by the house."""

    view_action = "camera.search"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="looks")
    kind = models.CharField(max_length=12)
    """person, car, lorry, bus, motorcycle, bicycle"""
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    looks = SealedField(shape=dict)
    """As an officer's description is read: {"coat": "grey", "bag": "red"}."""
    crop = models.BinaryField(default=bytes)
    """Sealed as the picture is; empty where none could be taken."""
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-begun_at"]
        indexes = [
            models.Index(fields=["camera", "-begun_at"]),
            models.Index(fields=["expires_at"]),
        ]


class ZoneCount(ScopedModel):
    """A minute of a zone or a door: numbers and nobody."""

    view_action = "camera.view"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="counts")
    zone = models.CharField(max_length=60)
    """The id of the rule that drew it; ``picture`` for all that the camera sees."""
    at = models.DateTimeField()
    """The minute; ``told_at`` is the last word within it."""
    told_at = models.DateTimeField()
    entered = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    inside = models.IntegerField(null=True)
    """None for a door, which counts who passes."""
    most = models.IntegerField(null=True)
    per_m2 = models.FloatField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "zone"]
        indexes = [models.Index(fields=["expires_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "zone", "at"], name="one_count_of_a_zone_a_minute"
            )
        ]
