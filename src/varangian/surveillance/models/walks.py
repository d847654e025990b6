"""Where people walked before cameras, for minutes; and one walk that was behind the principal."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera


class GroundTracks(SealedModel, ScopedModel):
    """Some seconds of one camera: places on the map, once a second, by names that chance gave.
    Shown to nobody, in no backup, and gone within half an hour."""

    view_action = "camera.oversee"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    walks = SealedField(shape=dict)
    """Name: [[seconds since 1970, latitude, longitude], ...]"""
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["camera", "at"]), models.Index(fields=["at"])]


class WalkBehind(SealedModel, ScopedModel):
    """A machine saw one walk behind the principal at several cameras; a person says what it is.
    It has a key of its own: what is erased of it is erased in backups too."""

    view_action = "walk.view"
    row_security = True
    audited = False

    class State(models.TextChoices):
        CANDIDATE = "candidate", "To look at"
        CONFIRMED = "confirmed", "Somebody followed"
        DENIED = "denied", "Nobody followed"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="walks_behind"
    )
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cameras = models.IntegerField()
    words = SealedField()
    shown = SealedField(shape=dict)
    """{"principal": points, "parts": [{"camera", "name", "walk", "points"}], "figures"}; points and
    figures are erased with a denial."""
    said = SealedField()
    """What a person went by."""
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["compartment", "state", "-last_at"]),
            models.Index(fields=["expires_at"]),
        ]
