"""What governments say of countries, and what the team makes of a destination.

Advisories and hazards are public and say nothing about the principal: they are not sealed. A
dossier belongs to an operation.
"""

from typing import Any

from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import Actor, ScopedModel, ScopedQuerySet, holds
from varangian.platform.crypto.models import SealedField, SealedModel


class OpenQuerySet(ScopedQuerySet):
    """Public information: shown to whoever has a seat on any team."""

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        if user.is_system or holds(user, action or "dossier.view"):
            return self
        return self.none()


OpenManager = models.Manager.from_queryset(OpenQuerySet)


class AdvisorySource(models.Model):
    """A source that the house may call once a day. Off until a person switches it on by name."""

    name = models.CharField(primary_key=True, max_length=20)
    on = models.BooleanField(default=False)
    by = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=now)
    last_tried_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=now)
    failures = models.IntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True)
    objects = OpenManager()

    class Meta:
        ordering = ["name"]


class AdvisoryImport(models.Model):
    """One file read; the original is kept once, by its hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    original = models.BinaryField()
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    imported_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    first_at = models.DateTimeField(default=now)
    at = models.DateTimeField(default=now)
    """When the same bytes came last: an unchanged file is news too."""
    objects = OpenManager()

    class Meta:
        ordering = ["-at"]


class Said(models.Model):
    """What a source says now and what it said before share these."""

    level = models.IntegerField(null=True)
    """0 to 4; None is not known."""
    words = models.CharField(max_length=400)
    summary = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    published = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    """Of the item alone, as it came; the file is in ``feed``."""
    feed = models.ForeignKey(AdvisoryImport, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Advisory(Said):
    """What one government says now of one country: of the whole of it, or of parts of it."""

    audited = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    scope = models.CharField(max_length=5)
    """whole or part."""
    retrieved_at = models.DateTimeField()
    """When we last had it in hand, changed or not."""
    changed_at = models.DateTimeField()
    """Since when we know this level."""
    objects = OpenManager()

    class Meta:
        ordering = ["country", "source", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "country", "scope"], name="one_advisory_per_source"
            )
        ]
        indexes = [models.Index(fields=["country"])]


class AdvisoryVersion(Said):
    """A level as it was first seen; never changed."""

    audited = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="versions")
    seen_at = models.DateTimeField()
    objects = OpenManager()

    class Meta:
        ordering = ["-seen_at"]


class TravelHazard(models.Model):
    """An event of nature as its service last described it."""

    audited = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=20)
    native_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    level = models.IntegerField(null=True)
    title = models.CharField(max_length=500)
    area = models.CharField(max_length=500, blank=True)
    countries = models.JSONField(default=list)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    box = models.JSONField(null=True)
    """[west, south, east, north]; frames a map, is not the area affected."""
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    link = models.CharField(max_length=1000, blank=True)
    cancelled = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    feed = models.ForeignKey(AdvisoryImport, on_delete=models.PROTECT, related_name="+")
    retrieved_at = models.DateTimeField()
    objects = OpenManager()

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.UniqueConstraint(fields=["source", "native_id"], name="one_hazard_per_event")
        ]
        indexes = [models.Index(fields=["starts"])]


class NumberCheck(models.Model):
    """A person rang or read up one emergency number. Two of them make it verified."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    service = models.CharField(max_length=20)
    number = models.CharField(max_length=30)
    source = models.CharField(max_length=300)
    """Where it was seen, in words: no guess, no memory."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    objects = OpenManager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["country", "service"])]


class Destination(SealedModel, ScopedModel):
    """Where an operation goes: country, place, dates, and the statement of risk by ISO 31030."""

    view_action = "dossier.view"
    row_security = True

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="destinations"
    )
    serial = models.IntegerField()
    country = models.CharField(max_length=2)
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    """None is an unknown end, never a guess."""
    frame = SealedField(shape=dict)
    """Texts of the statement by name; the plans have an owner beside them."""
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    dropped_at = models.DateTimeField(null=True)
    """Taken off the list: what was signed stays on record."""

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_destination_serial")
        ]
        indexes = [models.Index(fields=["country"])]

    @property
    def label(self) -> str:
        return f"D{self.serial}"


class DossierFact(SealedModel, ScopedModel):
    """What somebody found out: health, entry, embassy. A correction is a further fact."""

    view_action = "dossier.view"
    row_security = True
    append_only = True

    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="facts")
    section = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    text = SealedField()
    source = SealedField()
    verified_on = models.DateField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["section", "title", "-made_at"]


class DossierSnapshot(SealedModel, ScopedModel):
    """The whole dossier as it stood once, so that the next trip can be compared with it."""

    view_action = "dossier.view"
    row_security = True
    append_only = True

    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="snapshots")
    country = models.CharField(max_length=2)
    content = SealedField(shape=dict)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["country", "-at"])]


class DossierApproval(SealedModel, ScopedModel):
    """A named person said yes to what stood then, until a time; or took it back."""

    view_action = "dossier.view"
    row_security = True
    append_only = True

    class Act(models.TextChoices):
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="approvals")
    act = models.CharField(max_length=10, choices=Act)
    snapshot = models.ForeignKey(DossierSnapshot, null=True, on_delete=models.PROTECT)
    version = models.IntegerField()
    """Of the destination when it was signed."""
    level = models.IntegerField(null=True)
    note = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
