"""Crowd management plans (artefact A11): each version a row, signed as orders are."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.audit.approval import Approved
from varangian.platform.crypto.models import SealedField, SealedModel


class CrowdPlan(SealedModel, ScopedModel, Approved):
    """One version of the plan of an operation at a venue. Signed, it never changes."""

    view_action = "crowd.view"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        IN_FORCE = "in_force", "In force"
        SUPERSEDED = "superseded", "Superseded"
        STOOD_DOWN = "stood_down", "Stood down"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="crowd_plans"
    )
    venue = models.ForeignKey(
        "crowds.VenuePlan", on_delete=models.PROTECT, related_name="crowd_plans"
    )
    drawn = models.ForeignKey("crowds.VenueVersion", on_delete=models.PROTECT, related_name="+")
    """The version of the drawing whose figures it carries."""
    version = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = SealedField(shape=dict)
    """By part, as of ``plan.content``."""
    saved = models.IntegerField(default=1)
    """Counts what was saved of the draft: two editors at once see each other."""
    figures_at = models.DateTimeField(default=now)
    drafted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=now)
    without = SealedField()
    """Why it is in force though organiser or venue have not agreed."""
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "venue", "version"], name="one_crowd_plan_per_version"
            )
        ]

    @property
    def serial(self) -> str:
        return f"{self.operation.slug.upper()} CROWD"


class CrowdAgreement(SealedModel, ScopedModel):
    """Somebody outside has agreed to a version: who, when, and the copy they signed."""

    view_action = "crowd.view"
    row_security = True
    append_only = True

    class Side(models.TextChoices):
        ORGANISER = "organiser", "Organiser"
        VENUE = "venue", "Venue"
        POLICE = "police", "Police"
        MEDICAL = "medical", "Medical service"
        OTHER = "other", "Other"

    NEEDED = (Side.ORGANISER, Side.VENUE)
    plan = models.ForeignKey(CrowdPlan, on_delete=models.PROTECT, related_name="agreements")
    side = models.CharField(max_length=10, choices=Side)
    name = SealedField()
    role = SealedField()
    agreed_on = models.DateField()
    signed_copy = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]


class CrowdPost(ScopedModel):
    """Which post of the operation a post of the plan became."""

    view_action = "crowd.view"
    row_security = True
    venue = models.ForeignKey("crowds.VenuePlan", on_delete=models.CASCADE, related_name="+")
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=60)
    """Its key in the plan."""
    post = models.OneToOneField(
        "operations.Post", on_delete=models.CASCADE, related_name="crowd_post"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "venue", "name"], name="one_post_of_a_crowd_plan"
            )
        ]
