"""The roster: who stands which post when. What the database itself holds is in migration 0005:
nobody and no vehicle is in two places at once, in whatever operations the two places are."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import Actor, ScopedModel, circles
from varangian.platform.crypto.models import SealedField, SealedModel


class Roster(ScopedModel):
    """One for each operation: by which rules, and how often it was published."""

    view_action = "roster.view"
    row_security = True
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.CASCADE, related_name="roster"
    )
    jurisdiction = models.CharField(max_length=60, default="eu")
    edition = models.IntegerField(default=0)
    ways = models.JSONField(default=list)
    """From where officers come to where shifts are: home, site and minutes one way."""


class Shift(ScopedModel):
    """A post, or the duty of a vehicle, for one stretch of time."""

    view_action = "roster.view"
    row_security = True
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="shifts")
    serial = models.IntegerField()
    post = models.ForeignKey(
        "operations.Post", null=True, on_delete=models.CASCADE, related_name="shifts"
    )
    title = models.CharField(max_length=80)
    site = models.CharField(max_length=80, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    zone = models.CharField(max_length=60)
    end_zone = models.CharField(max_length=60, blank=True)
    """Where it ends, when that is another zone."""
    wanted = models.IntegerField(default=1)
    priority = models.IntegerField(default=3)
    needs = models.JSONField(default=dict)
    """``everyone`` and ``among`` as in the roster's file format."""
    vehicle = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["starts", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "serial"], name="one_shift_serial"),
            models.UniqueConstraint(fields=["post", "starts"], name="one_shift_of_post_at_once"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="shift_passes"),
        ]

    @property
    def code(self) -> str:
        return f"S{self.serial}"


class Assignment(ScopedModel):
    """A person on a shift. Its times are the shift's: the database keeps each person's apart."""

    view_action = "roster.view"
    row_security = True

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        PUBLISHED = "published", "Published"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    TOLD = (State.PUBLISHED, State.ACCEPTED, State.DECLINED)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=40, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    broken = models.JSONField(default=list)
    """Names of the rules that the leader overrode."""
    override = models.CharField(max_length=300, blank=True)
    """Why."""
    said = models.CharField(max_length=300, blank=True)
    """What the officer said when declining."""
    answered_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["starts", "made_at"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "person"], name="once_on_a_shift"),
        ]
        indexes = [models.Index(fields=["person", "ends"])]

    @property
    def tone(self) -> str:
        return {"accepted": "green", "published": "blue", "declined": "red"}.get(self.state, "grey")

    @property
    def by_hand(self) -> bool:
        return self.made_by_id is not None


class RosterEdition(ScopedModel):
    """What was published at one time, and to whom; never changed."""

    view_action = "roster.view"
    row_security = True
    append_only = True
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="editions")
    number = models.IntegerField()
    rows = models.JSONField()
    """Shift, post, person, times and vehicle of each duty."""
    changes = models.JSONField()
    """Against the edition before: added, taken off, changed."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="one_edition")]


class RosterRun(ScopedModel):
    """One run of the solver: a plan, or the repair after a sick call."""

    view_action = "roster.change"
    row_security = True

    class Kind(models.TextChoices):
        PLAN = "plan", "Plan"
        SICK = "sick", "Sick call"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        READY = "ready", "Waits for a decision"
        TAKEN = "taken", "Taken"
        DROPPED = "dropped", "Dropped"
        FAILED = "failed", "Failed"

    UNDER_WAY = (State.QUEUED, State.RUNNING)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    seconds = models.FloatField()
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    stop = models.BooleanField(default=False)
    step = models.JSONField(default=dict)
    """The last step told by the solver."""
    answer = models.JSONField(default=dict)
    """As ``varangian roster solve --json`` says it."""
    words = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]


class OfPersonQuerySet(models.QuerySet[Any]):
    """Facts about an officer: for the officer, and for who plans where the officer is a member."""

    def visible_to(self, user: Actor, action: str = "roster.change") -> Self:
        if user.is_system:
            return self
        allowed = circles(user, action)
        if allowed is None:
            return self.none()
        members = self.model._meta.get_field("person").related_model.objects.filter(
            memberships__compartment__in=allowed
        )
        return self.filter(Q(person_id=user.pk) | Q(person__in=members.values("pk")))


OfPersonManager = models.Manager.from_queryset(OfPersonQuerySet)


class OfficerRecord(SealedModel):
    """What the roster must know of an officer, sealed with a key of the officer's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField("access.User", on_delete=models.PROTECT, related_name="+")
    facts = SealedField(shape=dict)
    """An officer of the roster's file format, without id, name and absence."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    objects = OfPersonManager()


class Absence(models.Model):
    """Leave, sickness, training: the person cannot be on duty."""

    class Why(models.TextChoices):
        LEAVE = "leave", "Leave"
        SICK = "sick", "Sick"
        TRAINING = "training", "Training"
        OTHER = "other_work", "Other work"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why, default=Why.LEAVE)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    objects = OfPersonManager()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="absence_passes")
        ]


class Hold(models.Model):
    """Who and what is taken when. Written by triggers on assignments and absences alone, so that
    the exclusion holds over all operations; it says when, and nothing of where or for whom."""

    audited = False
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.UUIDField(db_index=True)
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=64, null=True)
    """Digest of the registration."""
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    kind = models.CharField(max_length=10)


class CalendarLink(models.Model):
    """A secret address under which a calendar program reads one person's duties."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    objects = OfPersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_calendar_link"
            )
        ]
