"""The hot wash of an operation (artefact A21), what was observed, and the lessons that follow."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Debrief(SealedModel, ScopedModel):
    """One for an operation: opened by the leader, filled by the team, signed by the leader."""

    view_action = "debrief.view"
    row_security = True
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.CASCADE, related_name="debrief"
    )
    opened_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    participants = SealedField(shape=list)
    """Names of those who took part; set when it is closed."""
    summary = SealedField()
    compared = SealedField(shape=list)
    """Planned against actual as it stood when it was closed: see planning/actual.py."""
    closed_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_name = models.CharField(max_length=120, blank=True)
    """As it was signed; a person may later be called otherwise."""
    closed_at = models.DateTimeField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)


class Observation(SealedModel, ScopedModel):
    """What to keep or to do better, the record it comes from, and what is to be done about it."""

    view_action = "debrief.view"
    row_security = True

    class Kind(models.TextChoices):
        SUSTAIN = "sustain", "Sustain"
        IMPROVE = "improve", "Improve"

    class Action(models.TextChoices):
        NONE = "none", "No action"
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="observations")
    number = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    near_miss = models.BooleanField(default=False)
    text = SealedField()
    about_kind = models.CharField(max_length=30, blank=True)
    about = models.UUIDField(null=True)
    """The log entry, alert, order line or movement that it comes from."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    confirmed_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    client_words = SealedField()
    """How it stands in the client's report; empty: it does not."""
    action = SealedField()
    action_state = models.CharField(max_length=10, choices=Action, default=Action.NONE)
    owner = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    outcome = SealedField()
    """What was done, or why nothing was."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["debrief", "number"], name="one_observation_per_number")
        ]
        indexes = [models.Index(fields=["action_state", "due"])]

    @property
    def label(self) -> str:
        return f"{self.Kind(self.kind).label} {self.number}"


class Lesson(SealedModel, ScopedModel):
    """What an observation asks of a place, a measure or a card: in the circle of the engagement,
    so that the next operation meets it."""

    view_action = "lesson.view"
    row_security = True

    class Target(models.TextChoices):
        FACT = "fact", "Survey fact"
        MEASURE = "measure", "Measure"
        CARD = "card", "Contingency card"

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="lessons")
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="lessons"
    )
    """Where it was learnt."""
    target = models.CharField(max_length=10, choices=Target)
    place = models.ForeignKey(
        "places.Place", null=True, on_delete=models.CASCADE, related_name="lessons"
    )
    item = models.CharField(max_length=60, blank=True)
    """A question of the place's survey form."""
    library_id = models.CharField(max_length=60, blank=True)
    """A measure or card of the library: every operation that takes it meets the lesson."""
    measure = models.ForeignKey(
        "planning.Measure", null=True, on_delete=models.CASCADE, related_name="lessons"
    )
    """An own measure of the operation, which stands in no library."""
    text = SealedField()
    proposal = SealedField(shape=dict)
    """For a card: its texts as they should read in the next version."""
    learnt_on = models.DateField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["compartment", "target", "library_id"])]

    @property
    def dated(self) -> str:
        return f"Lesson of {self.learnt_on:%-d %b %Y}"


class LessonAnswer(SealedModel, ScopedModel):
    """A named person took a lesson or declined it: for one operation, or for a place for good."""

    view_action = "lesson.view"
    row_security = True
    append_only = True

    class Outcome(models.TextChoices):
        TAKEN = "taken", "Taken"
        DECLINED = "declined", "Declined"

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="answers")
    operation = models.ForeignKey(
        "operations.Operation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Empty for a place: its survey is the same for every operation."""
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "operation"],
                name="one_answer_per_lesson",
                nulls_distinct=False,
            )
        ]
