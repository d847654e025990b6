"""Clips and pictures of people on the ground, listed beside the cameras."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Clip(SealedModel, ScopedModel):
    """Pushed in parts that may be sent again; whole once its digest is right."""

    view_action = "clip.view"
    row_security = True
    audited = False
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="clips"
    )
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    act = models.UUIDField(unique=True)
    """Made by the phone: the same push begun twice is one."""
    what = SealedField()
    position = SealedField(shape=list)
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    parts = models.JSONField(default=list)
    """Names of the sealed parts that have come, in order."""
    received = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField()
    began_at = models.DateTimeField(default=now)
    whole_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-taken_at"]
