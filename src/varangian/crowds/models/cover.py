"""Posts for cover and time in view, computed of a version: asked for, kept when whole.

Where the principal is in view is as sensitive as the principal: all of it is sealed.
"""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class CrowdCover(SealedModel, ScopedModel):
    """Which posts see the places of the principal. A proposal: a person accepts posts of it."""

    view_action = "crowd.view"
    row_security = True

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        WORKING = "working", "Being computed"
        DONE = "done", "Computed"
        FAILED = "failed", "Not computed"
        STOPPED = "stopped", "Stopped"

    UNDER_WAY = (State.QUEUED, State.WORKING)
    version = models.ForeignKey(
        "crowds.VenueVersion", on_delete=models.PROTECT, related_name="covers"
    )
    wish = SealedField(shape=dict)
    """How many posts or which share, how far an officer sees, whether two see the weightiest."""
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.JSONField(default=dict)
    stop = models.BooleanField(default=False)
    words = SealedField()
    result = SealedField(shape=dict)
    accepted = models.ForeignKey(
        "crowds.VenueVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """The version that holds the posts somebody accepted."""
    asked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY
