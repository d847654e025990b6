"""Maps of cities and regions, made of the extracts that people bring.

A map belongs to the house: every operation that goes there drives on it. What it shows is public,
that the house has it is for its own people, so its files are sealed like all others.
"""

from typing import Any

from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import Actor, ScopedQuerySet, holds
from varangian.platform.crypto.models import SealedModel


class OfTheHouse(ScopedQuerySet):
    """For whoever plans for any team: which cities the house has tells where it goes. Who only
    sees the ground (``map.see``) gets the tiles of where their own operations are."""

    def visible_to(self, user: Actor, action: str | None = None) -> Any:
        if user.is_system or holds(user, action or "map.view"):
            return self
        return self.none()


HouseManager = models.Manager.from_queryset(OfTheHouse)


class RoadMap(SealedModel):
    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        BUILDING = "building", "Being built"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    UNDER_WAY = (State.QUEUED, State.BUILDING)
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.JSONField(default=dict)
    """The step in hand, and the share of the whole that is done."""
    stop = models.BooleanField(default=False)
    words = models.CharField(max_length=400, blank=True)
    """Why it failed, and what mends it."""
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    data_date = models.DateField(null=True)
    licence = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    seconds = models.JSONField(default=dict)
    built_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    built_at = models.DateTimeField(null=True)
    objects = HouseManager()

    class Meta:
        ordering = ["name", "-data_date", "-asked_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north."""
        west, south, east, north = self.west, self.south, self.east, self.north
        if west is None or south is None or east is None or north is None:
            return None
        return west, south, east, north


class MapFile(models.Model):
    """A file of a map: the extract as it came, or what was made of it."""

    class Kind(models.TextChoices):
        EXTRACT = "extract", "Extract"
        NETWORK = "network", "Road network"
        ROUTING = "routing", "Routing tiles"
        TILES = "tiles", "Map tiles"

    road_map = models.ForeignKey(RoadMap, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    parts = models.JSONField()
    objects = HouseManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["road_map", "kind"], name="one_file_of_a_kind")
        ]
