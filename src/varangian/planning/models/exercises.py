"""An exercise: a copy of an operation, what is injected into it, and who answered when."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Exercise(ScopedModel):
    """Stands in the compartment of the copy: shows only to members who have entered."""

    view_action = "exercise.view"
    row_security = True
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.PROTECT, related_name="exercise"
    )
    script = models.CharField(max_length=60)
    """A script of planning/library/exercises.yaml."""
    title = models.CharField(max_length=120)
    report = models.UUIDField()
    """The report in life; no foreign key, so that neither side is asked about the other."""
    started_at = models.DateTimeField(default=now)
    started_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True)
    """When the clock of the script began: not before everybody has entered."""
    ended_at = models.DateTimeField(null=True)


class Inject(SealedModel, ScopedModel):
    """One thing that happens in the exercise, to which posts, and what should come of it."""

    view_action = "exercise.view"
    row_security = True
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="injects")
    serial = models.IntegerField()
    minute = models.FloatField()
    due_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=120)
    text = SealedField()
    expect = SealedField()
    """What a good answer does: for the director, never shown to those who are tried."""
    roles = models.JSONField(default=list)
    card = models.CharField(max_length=60, blank=True)
    within_seconds = models.IntegerField()
    delivered_at = models.DateTimeField(null=True)
    alert = models.UUIDField(null=True)

    class Meta:
        ordering = ["serial"]


class Delivery(SealedModel, ScopedModel):
    """An inject that has reached a post."""

    view_action = "exercise.view"
    row_security = True
    inject = models.ForeignKey(Inject, on_delete=models.CASCADE, related_name="deliveries")
    post = models.ForeignKey("operations.Post", on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(default=now)
    acknowledged_at = models.DateTimeField(null=True)
    answer = SealedField()
    """What the post says it does."""

    class Meta:
        ordering = ["delivered_at", "post__serial"]


class ExerciseReport(SealedModel, ScopedModel):
    """What remains in life, with the operation that was copied."""

    view_action = "exercise.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="exercise_reports"
    )
    copy = models.SlugField(blank=True)
    """Short name of the copy, by which members enter."""
    circle = models.UUIDField(null=True)
    """Compartment of the copy."""
    title = models.CharField(max_length=120)
    started_at = models.DateTimeField(default=now)
    started_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    results = SealedField(shape=list)
    """A row an inject: title, within_seconds, board_seconds, posts (title, seconds, answer)."""
    findings = SealedField()

    class Meta:
        ordering = ["-started_at"]
