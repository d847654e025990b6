"""Missions of TAK (Data Sync): a named set of files that members of an operation keep alike."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .devices import Device
from .tak import TakPackage


class TakMission(SealedModel, ScopedModel):
    """Whoever is in the operation may read it and add to it; nobody else knows that it exists."""

    view_action = "position.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="tak_missions"
    )
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL, related_name="+")
    name = SealedField()
    description = SealedField()
    keywords = SealedField(shape=list)
    tool = models.CharField(max_length=40, default="public")
    creator_uid = models.CharField(max_length=256, blank=True)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at"]


class TakMissionFile(ScopedModel):
    """A file, from when it was put in until it was taken out; the changes are read from it."""

    view_action = "position.view"
    row_security = True
    mission = models.ForeignKey(TakMission, on_delete=models.CASCADE, related_name="files")
    package = models.ForeignKey(TakPackage, on_delete=models.PROTECT, related_name="+")
    creator_uid = models.CharField(max_length=256, blank=True)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)
    remover_uid = models.CharField(max_length=256, blank=True)

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "package"],
                condition=models.Q(removed_at=None),
                name="one_file_per_mission",
            )
        ]


class TakSubscription(ScopedModel):
    """A client that wants to be told of changes."""

    view_action = "position.view"
    row_security = True
    mission = models.ForeignKey(TakMission, on_delete=models.CASCADE, related_name="subscriptions")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=256)
    since = models.DateTimeField(default=now)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "device"], name="one_subscription_each")
        ]
