"""The one thread: edges between any two records, and marks on what must be looked at again."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel


class Edge(ScopedModel):
    """``left`` is the reason for ``right``: a change on the left makes the right stale."""

    view_action = "operation.view"
    left_kind = models.CharField(max_length=30)
    left_id = models.UUIDField()
    right_kind = models.CharField(max_length=30)
    right_id = models.UUIDField()
    relation = models.CharField(max_length=30)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left_kind", "left_id", "right_kind", "right_id"], name="one_edge_per_pair"
            )
        ]
        indexes = [
            models.Index(fields=["compartment", "left_kind", "left_id"]),
            models.Index(fields=["compartment", "right_kind", "right_id"]),
        ]


class StaleMark(ScopedModel):
    """Something this record depends on has changed; a named person has to look."""

    view_action = "operation.view"
    kind = models.CharField(max_length=30)
    record = models.UUIDField()
    reason = models.TextField()
    since = models.DateTimeField(default=now)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["compartment", "kind", "record", "cleared_at"])]


class Expiry(ScopedModel):
    """The end of one thing has been told to what rests on it."""

    view_action = "stale.clear"
    row_security = True
    kind = models.CharField(max_length=30)
    record = models.UUIDField()
    at = models.DateTimeField()
    """When it ran out."""
    told_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "record", "at"], name="one_telling_per_end")
        ]
