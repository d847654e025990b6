"""Checks of a vehicle before a journey, the pictures taken, and what was found."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Inspection(SealedModel, ScopedModel):
    """One walk through a checklist. It holds until its time is up or the vehicle leaves sight."""

    view_action = "vehicle.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Being done"
        REFUSED = "refused", "Too quick"
        SECOND = "second", "Waits for the second signature"
        CLEAR = "clear", "Done"
        FIND = "find", "Find reported"
        LEFT = "left", "Left undone"

    vehicle = models.ForeignKey(
        "travel.Vehicle", on_delete=models.CASCADE, related_name="inspections"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    checklist = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, blank=True)
    version = models.CharField(max_length=20)
    """Of the list by which it was done."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_at = models.DateTimeField(null=True)
    answers = SealedField(shape=dict)
    seals = SealedField(shape=list)
    """[{"where": ..., "number": ...}]"""
    flags = models.JSONField(default=list)
    """Why it was refused, or what is odd about it."""
    faults = models.IntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    expired_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["vehicle", "kind", "-began_at"])]

    def holds(self, at) -> bool:
        return (
            self.state == self.State.CLEAR
            and self.expired_at is None
            and self.expires_at is not None
            and self.expires_at > at
        )


class InspectionPhoto(SealedModel, ScopedModel):
    view_action = "vehicle.view"
    row_security = True
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="photos")
    item = models.CharField(max_length=60)
    original = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]


class Find(SealedModel, ScopedModel):
    """Something that may be meant to kill. It stops the leg until a leader releases it."""

    view_action = "vehicle.view"
    row_security = True
    vehicle = models.ForeignKey("travel.Vehicle", on_delete=models.CASCADE, related_name="finds")
    inspection = models.ForeignKey(
        Inspection, null=True, on_delete=models.SET_NULL, related_name="finds"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    item = models.CharField(max_length=60, blank=True)
    words = SealedField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    released_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    reason = SealedField()

    class Meta:
        ordering = ["-at"]
