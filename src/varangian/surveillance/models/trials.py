"""Rules tried on a recording before they watch a camera."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera
from .uploads import Clip


class RuleTrial(SealedModel, ScopedModel):
    """What the rules would have told of, with stills; gone after a day."""

    view_action = "camera.change"
    row_security = True
    audited = False

    class State(models.TextChoices):
        QUEUED = "queued", "Waits for a worker"
        WORKING = "working", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="trials")
    clip = models.ForeignKey(Clip, null=True, on_delete=models.CASCADE, related_name="+")
    """None: the last seconds that somebody watched."""
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    rules = SealedField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    share = models.FloatField(default=0.0)
    stop = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    told = SealedField(shape=list)
    """Seconds of the recording, rule, words, and the number of the still."""
    stills = models.BinaryField(default=bytes)
    """Sealed as the picture is: JPEGs in base64, as JSON."""
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]

    @property
    def under_way(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.WORKING)
