"""Venue plans on record, each version as it was drawn, and what was computed with one.

Where the safe room and the vehicle stand is as sensitive as the principal: all of it is sealed.
"""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class VenuePlan(SealedModel, ScopedModel):
    """A venue of a place, of an operation, or of both."""

    view_action = "crowd.view"
    row_security = True
    name = SealedField()
    place = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="venue_plans"
    )
    operation = models.ForeignKey(
        "operations.Operation", null=True, on_delete=models.CASCADE, related_name="venue_plans"
    )
    current = models.ForeignKey(
        "crowds.VenueVersion", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The version in force: a leader put it there. All others are drafts."""
    in_force_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    in_force_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class VenueVersion(SealedModel, ScopedModel):
    """A plan as it was imported or saved; never changed."""

    view_action = "crowd.view"
    row_security = True
    append_only = True

    class Source(models.TextChoices):
        GEOJSON = "geojson", "GeoJSON"
        DXF = "dxf", "DXF drawing"
        IFC = "ifc", "IFC building model"
        SVG = "svg", "SVG drawing"
        IMDF = "imdf", "IMDF archive"
        PICTURE = "picture", "Picture to trace"
        EDITOR = "editor", "Editor"

    plan = models.ForeignKey(VenuePlan, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    source = models.CharField(max_length=10, choices=Source)
    document = SealedField(shape=dict)
    findings = SealedField(shape=list)
    """What the checks and the import said when it was made: what, where, how to mend."""
    faults = models.IntegerField(default=0)
    original = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    picture = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """What lies under the plan while it is traced."""
    digest = SealedField()
    """SHA-256 of the original."""
    note = SealedField()
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_of_a_venue")
        ]


class CrowdRun(SealedModel, ScopedModel):
    """People leave this version: asked for, computed by a worker, kept when whole."""

    view_action = "crowd.view"
    row_security = True

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        WORKING = "working", "Being computed"
        DONE = "done", "Computed"
        FAILED = "failed", "Not computed"
        STOPPED = "stopped", "Stopped"

    UNDER_WAY = (State.QUEUED, State.WORKING)
    version = models.ForeignKey(VenueVersion, on_delete=models.PROTECT, related_name="runs")
    wish = SealedField(shape=dict)
    """People, runs, seed, and what happens: doors shut, a surge, an incident."""
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.JSONField(default=dict)
    stop = models.BooleanField(default=False)
    words = SealedField()
    result = SealedField(shape=dict)
    film = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Density moment by moment, with seconds to each vehicle and safe room."""
    film_before = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY
