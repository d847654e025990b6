"""Vehicles of an engagement: what they are, carry, and need; and who had them in sight."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Vehicle(SealedModel, ScopedModel):
    """The plate is sealed; its digest keeps one car from being two."""

    view_action = "vehicle.view"
    row_security = True

    class Profile(models.TextChoices):
        LOW = "low", "Low: nobody looks twice"
        ORDINARY = "ordinary", "Ordinary"
        OVERT = "overt", "Overt: it is meant to be seen"

    class Drive(models.TextChoices):
        PETROL = "petrol", "Petrol"
        DIESEL = "diesel", "Diesel"
        HYBRID = "hybrid", "Hybrid"
        EV = "ev", "Electric"

    slug = models.SlugField()
    name = models.CharField(max_length=60)
    """What the team calls it."""
    kind = models.CharField(max_length=20)
    """A class of fleet/vehicles.yaml."""
    make_model = models.CharField(max_length=80, blank=True)
    plate = SealedField()
    plate_digest = models.CharField(max_length=64)
    seats = models.IntegerField()
    """With the driver's."""
    profile = models.CharField(max_length=10, choices=Profile, default=Profile.ORDINARY)
    drive = models.CharField(max_length=10, choices=Drive, default=Drive.PETROL)
    range_km = models.IntegerField(null=True)
    terrain = models.JSONField(default=list)
    features = models.JSONField(default=list)
    odometer_km = models.IntegerField(null=True)
    odometer_at = models.DateTimeField(null=True)
    service_due_km = models.IntegerField(null=True)
    service_due_on = models.DateField(null=True)
    notes = SealedField()
    retired_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["compartment", "slug"], name="one_vehicle_per_slug"),
            models.UniqueConstraint(
                fields=["compartment", "plate_digest"],
                condition=models.Q(retired_at=None),
                name="one_vehicle_per_plate",
            ),
        ]


class Armour(SealedModel, ScopedModel):
    """A certificate as it is written. Two standards on one vehicle stay two texts."""

    view_action = "vehicle.view"
    row_security = True
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="armour")
    standard = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    number = SealedField()
    """Of the certificate; without one it is material, not a certified vehicle."""
    body = models.CharField(max_length=40, blank=True)
    glass = models.CharField(max_length=40, blank=True)
    roof = models.CharField(max_length=40, blank=True)
    floor = models.CharField(max_length=40, blank=True)
    door_gaps = models.CharField(max_length=40, blank=True)
    ends = models.DateField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["standard", "edition"]


class Equipment(ScopedModel):
    """A piece of kit or a paper, and until when it is good."""

    view_action = "vehicle.view"
    row_security = True

    class Sort(models.TextChoices):
        KIT = "kit", "Kit"
        PAPER = "paper", "Paper"

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="equipment")
    sort = models.CharField(max_length=10, choices=Sort)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    ends = models.DateField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sort", "name"]


class Defect(SealedModel, ScopedModel):
    """Something wrong; a blocking one keeps the vehicle off the road until somebody clears it."""

    view_action = "vehicle.view"
    row_security = True
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="defects")
    words = SealedField()
    blocking = models.BooleanField(default=False)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    cleared_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True)
    cleared_words = SealedField()

    class Meta:
        ordering = ["cleared_at", "-blocking", "-at"]


class Custody(SealedModel, ScopedModel):
    """Who had the vehicle, how and where; the next line ends the one before."""

    view_action = "vehicle.view"
    row_security = True
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="custody")
    state = models.CharField(max_length=20)
    """Of fleet/vehicles.yaml."""
    where = SealedField()
    keeper = models.CharField(max_length=80, blank=True)
    starts = models.DateTimeField(default=now)
    ends = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=models.Q(ends=None), name="one_custody_now"
            )
        ]
