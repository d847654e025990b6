"""The spine: engagements, operations, movements, posts and who holds them now."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Engagement(SealedModel, ScopedModel):
    """The assignment (artefact A1): for whom, for how long, on what authority."""

    view_action = "engagement.view"
    row_security = True

    class State(models.TextChoices):
        ENQUIRY = "enquiry", "Enquiry"
        ASSESSED = "assessed", "Assessed"
        CONTRACTED = "contracted", "Contracted"
        ACTIVE = "active", "Active"
        CLOSED = "closed", "Closed"

    slug = models.SlugField(unique=True)
    state = models.CharField(max_length=20, choices=State, default=State.ENQUIRY)
    title = SealedField()
    client = SealedField()
    scope = SealedField()
    authority = SealedField()
    insurance = SealedField()
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)


class Operation(SealedModel, ScopedModel):
    """One planned task of the detail. Owns a compartment under its engagement's."""

    view_action = "operation.view"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PLANNED = "planned", "Planned"
        ACTIVE = "active", "Under way"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    slug = models.SlugField(unique=True)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="operations")
    principal = models.ForeignKey(
        "principals.Principal", on_delete=models.PROTECT, related_name="operations"
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    kind = models.CharField(max_length=20, default="visit")
    threat_level = models.CharField(max_length=20, default="moderate")
    profile_level = models.CharField(max_length=10, default="low")
    title = SealedField()
    intent = SealedField()
    """The mission in one sentence: who, what, where, when and why."""
    time_zone = models.CharField(max_length=60, default="UTC")
    starts = models.DateTimeField(null=True, blank=True)
    ends = models.DateTimeField(null=True, blank=True)
    plan = SealedField(shape=dict)
    """Texts of the order that no other record holds, by heading id of the order structure."""
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "state", "-starts"]),
            models.Index(fields=["-starts", "slug"]),
        ]


class Movement(SealedModel, ScopedModel):
    """A leg or a stay (artefact A7): where the principal is or goes, and when."""

    view_action = "movement.view"
    row_security = True

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CONFIRMED = "confirmed", "Confirmed"
        UNDER_WAY = "under_way", "Under way"
        ARRIVED = "arrived", "Arrived"
        COMPLETE = "complete", "Complete"
        CANCELLED = "cancelled", "Cancelled"
        DIVERTED = "diverted", "Diverted"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="movements")
    serial = models.IntegerField()
    source_uid = models.CharField(max_length=64, blank=True)
    """Digest of the calendar's own identifier; matches a changed file to this movement."""
    kind = models.CharField(max_length=20)
    """flight, train, road, foot, stay, event, other."""
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    implied = models.BooleanField(default=False)
    title = SealedField()
    notes = SealedField()
    details = SealedField(shape=dict)
    """Flight number, confirmation numbers, party, point of contact, route names."""
    origin = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    destination = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    """None is an unknown end, never a guess."""
    zone = models.CharField(max_length=60, default="UTC")
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        indexes = [models.Index(fields=["compartment", "starts"])]

    @property
    def is_stay(self) -> bool:
        return self.kind in ("stay", "event")


EDITION_WORDS = {"ppo": "officer", "controller": "operator"}


class Post(ScopedModel):
    """A place or duty in the detail, and who holds it now."""

    view_action = "post.view"
    row_security = True
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(max_length=80)
    role = models.CharField(max_length=30)
    """A post of operations/library/posts.yaml."""
    edition = models.CharField(max_length=20)
    """Which edition of the order its holder reads."""
    call_sign = models.CharField(max_length=40, blank=True)
    holder = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    held_since = models.DateTimeField(null=True)
    serial = models.IntegerField(default=0)

    class Meta:
        ordering = ["serial"]

    @property
    def edition_words(self) -> str:
        return EDITION_WORDS.get(self.edition, self.edition).replace("_", " ").capitalize()  # pyright: ignore


class PostMovement(models.Model):
    """A post's part in a movement. No row for a movement means the post covers all of them."""

    compartment_path = "post__compartment_id"
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="covers")
    movement = models.ForeignKey(Movement, on_delete=models.CASCADE, related_name="covered_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "movement"], name="one_cover")]


class Duty(ScopedModel):
    """A person's turn on an operation, from taking it up to being relieved."""

    view_action = "duty.view"
    row_security = True

    class Status(models.TextChoices):
        ON_POST = "on_post", "On post"
        MOVING = "moving", "Moving"
        WITH_PRINCIPAL = "with_principal", "With the principal"
        REST = "rest", "Rest"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="duties")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="duties")
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="duties")
    status = models.CharField(max_length=20, choices=Status, default=Status.ON_POST)
    status_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    relieved_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    handover = models.JSONField(default=list)
    """What the relief was told and confirmed: [{"words": ..., "confirmed": true}]."""

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["person", "-started_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "person"],
                condition=models.Q(ended_at=None),
                name="one_duty_at_a_time",
            )
        ]

    @property
    def call_sign(self) -> str:
        return (self.post.call_sign if self.post else "") or self.person.call_sign
