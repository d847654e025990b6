"""On what record faces may be compared, and for whom is looked: both end by themselves."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .cameras import Camera


class FaceDeployment(SealedModel, ScopedModel):
    """Without one of these, signed and in force, no camera compares a face. The database itself
    refuses one that is signed by whoever wrote it."""

    view_action = "face_record.view"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"
        REVOKED = "revoked", "Revoked"
        ENDED = "ended", "Ended"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="face_deployments"
    )
    serial = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    purpose = SealedField()
    legal_basis = SealedField()
    necessity = SealedField()
    """Why nothing milder does, and what was weighed against it."""
    dpia = SealedField()
    """Where the data protection impact assessment is, and who made it when."""
    assessment = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """The assessment itself. Records signed before it was kept as a file have a reference only."""
    assessment_sha256 = models.CharField(max_length=64, blank=True)
    places = SealedField()
    signage = SealedField()
    """Where signs tell people of it before they are in the picture."""
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    """On the clock of the operation; over midnight when it ends before it begins."""
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    deletion_days = models.IntegerField()
    """After so many days a candidate that nobody decided is erased."""
    drawn_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=now)
    signed_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    signed_name = models.CharField(max_length=120, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    """Over every word, camera, hour and the assessment, as they were signed."""
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)
    revoked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = SealedField()

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "serial"], name="one_face_deployment_per_serial"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="signed")
                | models.Q(signed_at__isnull=False, signed_by__isnull=False)
                & ~models.Q(signed_by=models.F("drawn_by")),
                name="face_deployment_signed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="face_deployment_ends",
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"])]

    @property
    def label(self) -> str:
        return f"FD{self.serial}"

    @property
    def reference_only(self) -> bool:
        """Signed when a reference to the assessment was enough: it counts, and says so."""
        return self.signed_at is not None and not self.assessment_sha256

    @property
    def shown_state(self) -> str:
        over = self.state == self.State.SIGNED and self.valid_until <= now()
        return self.State.ENDED if over else self.state


class DeploymentCamera(ScopedModel):
    """A camera that the record names."""

    view_action = "face_record.view"
    row_security = True
    deployment = models.ForeignKey(FaceDeployment, on_delete=models.CASCADE, related_name="named")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="deployments")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "camera"], name="one_camera_per_face_deployment"
            )
        ]


class FaceEntry(SealedModel, ScopedModel):
    """Somebody who is looked for. Has a key of its own: destroying it erases name, pictures and
    templates here, in the audit and in every backup."""

    view_action = "face_entry.view"
    row_security = True

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        LISTED = "listed", "Looked for"
        REMOVED = "removed", "Removed"
        EXPIRED = "expired", "Expired"

    GONE = (State.REMOVED, State.EXPIRED)
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="face_entries"
    )
    serial = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    title = SealedField()
    case_kind = models.CharField(max_length=20, blank=True)
    """A kind of the thread: ``threat`` or ``bolo``; empty for a case kept elsewhere."""
    case_id = models.UUIDField(null=True)
    reference = SealedField()
    """Of a case kept elsewhere, such as a police file."""
    purpose = SealedField()
    legal_basis = SealedField()
    proportionality = SealedField()
    drill = SealedField()
    """What to do when a person has confirmed a match."""
    reviewer = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "serial"], name="one_face_entry_per_serial"
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewer=models.F("drawn_by")),
                name="face_entry_reviewed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["compartment", "state", "expires_at"])]

    @property
    def label(self) -> str:
        return f"W{self.serial}"

    @property
    def shown_state(self) -> str:
        live = self.state in (self.State.PROPOSED, self.State.LISTED)
        return self.State.EXPIRED if live and self.expires_at <= now() else self.state


class FacePicture(SealedModel, ScopedModel):
    """A picture of an entry with its template, both sealed with the key of the entry."""

    view_action = "face_entry.view"
    row_security = True
    entry = models.ForeignKey(FaceEntry, on_delete=models.CASCADE, related_name="pictures")
    number = models.IntegerField()
    parts = models.JSONField(default=list)
    template = SealedField()
    """float32 values in base64; never in a column that can be searched."""
    model = models.CharField(max_length=60)
    model_sha256 = models.CharField(max_length=64)
    quality = SealedField(shape=dict)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_face_picture_per_number")
        ]
