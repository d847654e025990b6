"""Lines on the map that tell when somebody crosses them."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel, SubjectKey

from .devices import Device


class Fence(SealedModel, ScopedModel):
    """A circle, an outline, or a circle that moves with the principal."""

    view_action = "fence.view"
    row_security = True

    class Kind(models.TextChoices):
        CIRCLE = "circle", "Circle"
        OUTLINE = "outline", "Outline"
        LEASH = "leash", "Somebody near the principal"

    class Tells(models.TextChoices):
        ENTER = "enter", "Who enters"
        EXIT = "exit", "Who leaves"
        BOTH = "both", "Who enters and leaves"

    class About(models.TextChoices):
        ALL = "all", "Everybody"
        TEAM = "team", "The team"
        PRINCIPAL = "principal", "The principal"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="fences"
    )
    key = models.ForeignKey(SubjectKey, null=True, on_delete=models.PROTECT, related_name="+")
    """None for one that was drawn before fences had a purpose."""
    name = models.CharField(max_length=80)
    purpose = SealedField()
    """What it is for, and so what a crossing means."""
    kind = models.CharField(max_length=10, choices=Kind)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    radius_m = models.IntegerField(default=200)
    ring = models.JSONField(default=list)
    """Corners of an outline as [lat, lon]; the last joins the first."""
    margin_m = models.IntegerField(default=0)
    """Who leaves has left when they are so far outside; for places where people pace the edge."""
    tells = models.CharField(max_length=10, choices=Tells, default=Tells.BOTH)
    about = models.CharField(max_length=10, choices=About, default=About.ALL)
    urgency = models.CharField(max_length=10, default="attention")
    """Of the alert that a crossing raises; empty for an entry in the log alone."""
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FenceSide(ScopedModel):
    """On which side of a fence a device was last known to be."""

    view_action = "fence.view"
    row_security = True
    audited = False
    fence = models.ForeignKey(Fence, on_delete=models.CASCADE, related_name="sides")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="sides")
    inside = models.BooleanField()
    pending = models.IntegerField(default=0)
    """Fixes in a row that say otherwise."""
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fence", "device"], name="one_side_of_a_fence")
        ]
