"""Structured professional judgement of a person: what is known, what not, and what somebody made
of it. Sealed with the person's own key. Nothing here is a number about a person."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .persons import Person, somebody


class Judgement(SealedModel, ScopedModel):
    """One rater's judgement. Signed it is not changed any more: a later view is a new version."""

    view_action = "person.view"
    row_security = True

    class Seat(models.TextChoices):
        FIRST = "first", "First rater"
        SECOND = "second", "Second rater"
        SETTLED = "settled", "Settled"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="judgements")
    version = models.IntegerField()
    seat = models.CharField(max_length=10, choices=Seat, default=Seat.FIRST)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="beside")
    """Of a second rater and a settled version: the first rater's."""
    rater = somebody(null=False)
    asked_by = somebody()
    begun_at = models.DateTimeField(default=now)
    formulation = SealedField()
    scenarios = SealedField(shape=list)
    """What, to whom, likely trigger, warning signs, what would prevent it."""
    level = SealedField()
    confidence = models.CharField(max_length=20, blank=True)
    reasons = SealedField()
    summary = SealedField()
    """What changed since the version before, in one line, as it was at signing."""
    seal = SealedField()
    """Digest of what was signed."""
    next_review = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="one_judgement_version"),
            models.UniqueConstraint(
                fields=["person", "rater"],
                condition=models.Q(state="draft"),
                name="one_open_judgement_per_rater",
            ),
            models.CheckConstraint(
                condition=models.Q(seat="first", of__isnull=True)
                | ~models.Q(seat="first") & models.Q(of__isnull=False),
                name="judgement_beside_a_first",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(signed_at__isnull=False, next_review__isnull=False),
                name="judgement_signed_with_review",
            ),
        ]
        indexes = [models.Index(fields=["person", "state", "seat"])]

    @property
    def label(self) -> str:
        return f"{self.person.label} v{self.version}"

    @property
    def signed(self) -> bool:
        return self.state == self.State.SIGNED

    @property
    def review_late(self) -> bool:
        return self.next_review is not None and self.next_review <= now()


class JudgementAnswer(SealedModel, ScopedModel):
    """One indicator in one judgement. No row is unknown, and unknown is never absent."""

    view_action = "person.view"
    row_security = True

    class State(models.TextChoices):
        PRESENT = "present", "Present"
        PARTLY = "partly", "Partly"
        ABSENT = "absent", "Absent"
        UNKNOWN = "unknown", "Unknown"

    class Trend(models.TextChoices):
        UNKNOWN = "unknown", "Not known"
        RISING = "rising", "Rising"
        STEADY = "steady", "Steady"
        FALLING = "falling", "Falling"

    judgement = models.ForeignKey(Judgement, on_delete=models.CASCADE, related_name="answers")
    indicator = models.CharField(max_length=60)
    state = SealedField()
    evidence = SealedField()
    links = SealedField(shape=list)
    """Records it rests on: kind, id and label; or a plain reference."""
    since = SealedField()
    """Day, month or words; empty is not known."""
    trend = SealedField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judgement", "indicator"], name="one_judgement_answer")
        ]


class InstrumentResult(SealedModel, ScopedModel):
    """What a licensed instrument gave, done elsewhere by who holds the licence: its words only."""

    view_action = "person.view"
    row_security = True
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="instruments")
    instrument = SealedField()
    rater = SealedField()
    licence_holder = SealedField()
    done_on = models.DateField()
    outcome = SealedField()
    document = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_by = somebody(null=False)
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-done_on", "-added_at"]


class CaseStrategy(SealedModel, ScopedModel):
    """How a case is worked, until another way is chosen."""

    view_action = "person.view"
    row_security = True
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="strategies")
    version = models.IntegerField()
    ways = SealedField(shape=list)
    """Ids of the library."""
    reasons = SealedField()
    watch_for = SealedField()
    """What would show that it backfires."""
    chosen_by = somebody(null=False)
    chosen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="one_strategy_version"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ended_at__isnull=True),
                name="one_strategy_at_a_time",
            ),
        ]


class StrategyTask(SealedModel, ScopedModel):
    """What somebody does for the strategy, until when, and what came of it."""

    view_action = "person.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    strategy = models.ForeignKey(CaseStrategy, on_delete=models.PROTECT, related_name="tasks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="strategy_tasks")
    serial = models.IntegerField()
    words = SealedField()
    owner = somebody(null=False)
    due = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    effect = SealedField()
    """What was seen to come of it; of a dropped one why."""
    ended_by = somebody()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "serial"], name="one_strategy_task_per_serial"
            )
        ]
        indexes = [models.Index(fields=["state", "due"])]

    @property
    def label(self) -> str:
        return f"{self.person.label} task {self.serial}"

    @property
    def late(self) -> bool:
        return self.state == self.State.OPEN and self.due <= now()
