"""Fixes by the day, the newest of each device, and those that were not believed."""

from django.db import models

from varangian.platform.access.scope import ScopedModel

from .devices import Device


class Place(models.Model):
    """The facts of a fix, in the units of ``tracking.fix``."""

    at = models.DateTimeField()
    heard_at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    altitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    speed = models.FloatField(null=True)
    course = models.FloatField(null=True)
    battery = models.FloatField(null=True)
    activity = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def lag_s(self) -> int:
        """How old it was when it arrived."""
        return int((self.heard_at - self.at).total_seconds())


class Position(Place, ScopedModel):
    """A fix that was believed. A partition for each day, made by ``tracking_make_day``."""

    view_action = "position.view"
    row_security = True
    audited = False
    id = None
    pk = models.CompositePrimaryKey("device_id", "at")
    device = models.ForeignKey(
        Device, on_delete=models.DO_NOTHING, db_constraint=False, related_name="positions"
    )
    compartment = models.ForeignKey(
        "access.Compartment", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    trigger = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["at"]


class LastPosition(Place, ScopedModel):
    """The newest fix of a device by the clock of the device: what the map shows."""

    view_action = "position.view"
    row_security = True
    audited = False
    id = None
    device = models.OneToOneField(
        Device, primary_key=True, on_delete=models.CASCADE, related_name="last"
    )
    stray_lat = models.FloatField(null=True)
    stray_lon = models.FloatField(null=True)
    stray_at = models.DateTimeField(null=True)
    stray_count = models.IntegerField(default=0)
    """Fixes in a row that lie too far away to have been reached; when they agree it is there."""
    silent_since = models.DateTimeField(null=True)
    """When its silence was told of; None while it speaks."""


class Refusal(ScopedModel):
    """Fixes that are not on the map, counted by device, reason and day."""

    view_action = "device.view"
    row_security = True
    audited = False
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="refusals")
    day = models.DateField()
    reason = models.CharField(max_length=20)
    count = models.IntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    """Both by the clock of the house."""
    claimed_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    """What the last of them claimed; empty where sharing itself was refused."""

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "day", "reason"], name="one_refusal_a_day_and_reason"
            )
        ]
