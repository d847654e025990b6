"""Faces that a machine holds for somebody looked for, until a person says yes or no."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera
from .faces import FaceDeployment, FaceEntry


class FaceMatch(SealedModel, ScopedModel):
    """A candidate with a key of its own: whatever is erased of it is erased in backups too."""

    view_action = "face_match.view"
    row_security = True

    class State(models.TextChoices):
        CANDIDATE = "candidate", "To decide"
        CONFIRMED = "confirmed", "Confirmed"
        DENIED = "denied", "Not this person"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="face_matches"
    )
    deployment = models.ForeignKey(FaceDeployment, on_delete=models.PROTECT, related_name="matches")
    entry = models.ForeignKey(FaceEntry, on_delete=models.CASCADE, related_name="matches")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    similarity = models.FloatField()
    """Of two pictures, as the network measures it; says nothing about a person."""
    threshold = models.FloatField()
    agreeing = models.IntegerField()
    shots = models.JSONField(default=list)
    """Names of the sealed crops, best first."""
    shot_count = models.IntegerField()
    quality = SealedField(shape=dict)
    vectors = SealedField(shape=list)
    """Of the shots; kept until somebody decides."""
    model = models.CharField(max_length=60)
    model_sha256 = models.CharField(max_length=64)
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    words = SealedField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        indexes = [
            models.Index(fields=["compartment", "state", "-last_at"]),
            models.Index(fields=["expires_at"]),
        ]

    @property
    def elsewhere(self) -> bool:
        """Before a camera of the engagement: only its circle knows which."""
        return self.camera.operation_id is None  # pyright: ignore

    @property
    def seen_at(self) -> str:
        """As it is told to the operation."""
        return "a camera of the engagement" if self.elsewhere else self.camera.name


class FaceDenial(SealedModel, ScopedModel):
    """Not this person: a face that was taken for an entry, sealed with the key of the entry."""

    view_action = "face_match.view"
    row_security = True
    entry = models.ForeignKey(FaceEntry, on_delete=models.CASCADE, related_name="denials")
    vector = SealedField()
    model_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)


class FaceView(SealedModel, ScopedModel):
    """Who looked at a candidate and why. Outlives it."""

    view_action = "face_match.oversee"
    row_security = True
    append_only = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="face_views"
    )
    match = models.UUIDField()
    camera_name = models.CharField(max_length=80)
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    purpose = SealedField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["compartment", "-at"])]


class FaceExport(SealedModel, ScopedModel):
    """Who took a confirmed candidate out of the house as evidence, and why. Outlives it; whoever
    holds the zip can be asked whether it is this one."""

    view_action = "face_match.oversee"
    row_security = True
    append_only = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="face_exports"
    )
    match = models.UUIDField()
    camera_name = models.CharField(max_length=80)
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    purpose = SealedField()
    sha256 = models.CharField(max_length=64)
    """Of the zip as it was handed out."""
    size = models.IntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["compartment", "-at"])]
