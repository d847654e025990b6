"""The way that was really taken, as opposed to the one planned."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class WayTaken(SealedModel, ScopedModel):
    """Route and entrance of one leg, as somebody who was there says."""

    view_action = "routine.view"
    row_security = True
    movement = models.OneToOneField(
        "operations.Movement", on_delete=models.CASCADE, related_name="way"
    )
    route = SealedField()
    entrance = SealedField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
