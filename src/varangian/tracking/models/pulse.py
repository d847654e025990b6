"""When a thing that has no position was last heard: buttons, sensors, the gateway itself."""

from django.db import models

from varangian.platform.access.scope import ScopedModel

from .devices import Device


class Pulse(ScopedModel):
    view_action = "device.view"
    row_security = True
    audited = False
    id = None
    device = models.OneToOneField(
        Device, primary_key=True, on_delete=models.CASCADE, related_name="pulse"
    )
    heard_at = models.DateTimeField()
    battery = models.FloatField(null=True)
    """As a share of 1, where it said so."""
    silent_since = models.DateTimeField(null=True)
    """When its silence was told of; None while it speaks."""
