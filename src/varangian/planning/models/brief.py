"""Briefs: what was on record at one moment, what the author judged, and who has read it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.audit.approval import Approved
from varangian.platform.crypto.models import SealedField, SealedModel


class Readers(models.TextChoices):
    """For whom a brief, or one judgement of it, is meant."""

    DESK = "desk", "Desk: leader, analyst, operator"
    TEAM = "team", "Whole team"


class Brief(SealedModel, ScopedModel, Approved):
    """A daily brief or the brief before a trip. Once issued its words never change."""

    view_action = "brief.view"
    row_security = True

    class Kind(models.TextChoices):
        DAILY = "daily", "Daily brief"
        PRE_TRIP = "pre_trip", "Pre-trip brief"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="briefs"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DAILY)
    serial = models.CharField(max_length=60)
    """As printed: the operation and the day, or the first leg of the trip."""
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    day = models.DateField()
    """In the operation's zone: the day it speaks of, or on which the trip begins."""
    legs = ArrayField(models.UUIDField(), default=list)
    """Of a pre-trip brief; a daily brief takes the legs of its day."""
    readers = models.CharField(max_length=10, choices=Readers, default=Readers.DESK)
    tlp = models.CharField(max_length=20, default="amber_strict")
    bottom_line = SealedField()
    since = models.DateTimeField(null=True)
    """When the brief before it was issued; None: there was none, so all is new."""
    drafted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=now)
    """When the records were read: every age in it counts to this moment."""
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "serial", "version"], name="one_brief_per_version"
            )
        ]
        indexes = [models.Index(fields=["operation", "kind", "state"])]

    @property
    def label(self) -> str:
        return f"{self.serial} v{self.version}"


class BriefItem(SealedModel, ScopedModel):
    """One thing on record, with its grade and age, and the right that a reader of it needs."""

    view_action = "brief.view"
    row_security = True

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="items")
    section = models.CharField(max_length=30)
    position = models.IntegerField()
    needs = models.CharField(max_length=40)
    circle = models.UUIDField()
    """Where that right is asked: the compartment of the record it was taken from."""
    record_kind = models.CharField(max_length=30, blank=True)
    record = models.UUIDField(null=True)
    title = SealedField()
    text = SealedField()
    source = SealedField()
    grade = models.CharField(max_length=4, blank=True)
    scale = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(null=True)
    """How old it is; None is an unknown age."""
    unknown = models.BooleanField(default=False)
    left_out = models.BooleanField(default=False)
    reason = SealedField()
    """Why the author left it out."""

    class Meta:
        ordering = ["position"]


class BriefJudgement(SealedModel, ScopedModel):
    """What the author makes of it: how likely in a word of the list, how sure, and on what."""

    view_action = "brief.view"
    row_security = True

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="judgements")
    position = models.IntegerField()
    text = SealedField()
    probability = models.CharField(max_length=30)
    confidence = models.CharField(max_length=20)
    basis = SealedField()
    readers = models.CharField(max_length=10, choices=Readers, default=Readers.DESK)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position"]


class BriefReading(ScopedModel):
    """Asked of a person when a brief goes out; given once they say that they have read it."""

    view_action = "brief.view"
    row_security = True

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    posts = models.CharField(max_length=300, blank=True)
    """Titles of the posts for which the person was asked."""
    asked_at = models.DateTimeField(default=now)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brief", "user"], name="one_reading_per_person")
        ]
