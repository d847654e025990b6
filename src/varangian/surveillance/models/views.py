"""Who looked through a camera, why, and for how long."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera


class CameraView(SealedModel, ScopedModel):
    """Begun with a purpose. Its beginning and end also stand in the audit chain; the row itself
    is only moved on while the picture is fetched, so its changes are not audited one by one."""

    view_action = "camera.oversee"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="views")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    purpose = SealedField()
    began_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["camera", "ended_at", "seen_at"])]

    @property
    def seconds(self) -> int:
        return round(((self.ended_at or self.seen_at) - self.began_at).total_seconds())
