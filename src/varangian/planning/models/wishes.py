"""What the principal accepts of measures: a constraint on every proposal."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class MeasureWishes(SealedModel, ScopedModel):
    """One row an operation; what stood before is in the audit."""

    view_action = "risk.view"
    row_security = True
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.CASCADE, related_name="measure_wishes"
    )
    content = SealedField(shape=dict)
    """refused (key of a measure to why), most (discomfort in all), each, agreed_with."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
