"""Sources and signals. Signals of open feeds say nothing about the principal and are not sealed."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import Actor, ScopedQuerySet, holds


class OpenQuerySet(ScopedQuerySet):
    """Public information: shown to whoever has a seat on any team."""

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        if user.is_system or holds(user, action or "signal.view"):
            return self
        return self.none()


OpenManager = models.Manager.from_queryset(OpenQuerySet)


class Connector(models.Model):
    """A feed polled from a URL. Off until a person switches it on by name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, default="auto")
    url = models.URLField(max_length=500)
    enabled = models.BooleanField(default=False)
    every_minutes = models.IntegerField(default=10)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    last_tried_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    last_changed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=now)
    failures = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    objects = OpenManager()

    class Meta:
        ordering = ["name"]


class FeedImport(models.Model):
    """One file read: what came, what matched, what was wrong; the original is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=now)
    connector = models.ForeignKey(Connector, null=True, on_delete=models.SET_NULL)
    imported_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    original = models.BinaryField()
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    objects = OpenManager()
    matching_job: int | None = None
    """Of a file just read: the job that still compares it with the movements."""

    class Meta:
        ordering = ["-at"]

    @property
    def counted(self) -> int:
        """Templates read ``counts.items`` as the method of a dict."""
        return self.counts.get("items", 0)

    @property
    def tally(self) -> list[tuple[str, int]]:
        return list(self.counts.items())


class Signal(models.Model):
    """One raw item of a source, in the normal form of every feed."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        SUPERSEDED = "superseded", "Superseded"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=60)
    native_id = models.CharField(max_length=300)
    group_id = models.CharField(max_length=300, blank=True)
    """What later messages of the source call this item when they replace or cancel it."""
    refers = models.JSONField(default=list)
    """What it replaces or cancels, as ``group_id``: that item may arrive after it."""
    version = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    severity = models.CharField(max_length=40, blank=True)
    band = models.CharField(max_length=10, default="unknown")
    certainty = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, default="actual")
    starts = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    assumed = models.JSONField(default=list)
    """Which of window and radius are our defaults and not the source's word."""
    geometry = models.JSONField(default=dict)
    countries = models.JSONField(default=list)
    link = models.URLField(max_length=1000, blank=True)
    updated_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=now)
    feed_import = models.ForeignKey(FeedImport, on_delete=models.CASCADE, related_name="signals")
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    objects = OpenManager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "native_id"],
                condition=models.Q(state="active"),
                name="one_active_signal_per_item",
            )
        ]
        indexes = [
            models.Index(fields=["state", "expires"]),
            models.Index(fields=["source", "group_id"]),
            GinIndex(fields=["refers"], name="signal_refers"),
        ]
