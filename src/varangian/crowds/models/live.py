"""A venue watched live: its counters, what they said, what it meant moment by moment."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class CrowdCounter(ScopedModel):
    """Stands at a door for as long as the venue is kept; its words count while it is watched."""

    view_action = "crowd.view"
    row_security = True

    class Kind(models.TextChoices):
        HTTP = "http", "Counter over HTTP"
        MQTT = "mqtt", "Counter over MQTT"
        CAMERA = "camera", "Camera that counts"
        CLICKER = "clicker", "Clicker on a phone"
        SEEN = "seen", "Camera of this operation"

    plan = models.ForeignKey("crowds.VenuePlan", on_delete=models.CASCADE, related_name="counters")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    behind = models.CharField(max_length=80, blank=True)
    """The zone that people come from; empty for the outside."""
    into = models.CharField(max_length=80, blank=True)
    outside_id = models.CharField(max_length=60, blank=True)
    """What it calls itself over MQTT."""
    source = models.UUIDField(null=True)
    """The camera of this operation, one floor beside us; ``outside_id`` is then its zone or line.
    One that counts the people of a zone has it on both sides."""
    digest = models.CharField(max_length=64, null=True, unique=True)
    """Of the token in its address, which is shown once."""
    totals = models.BooleanField(default=True)
    """It says how many passed since it was switched on; else since its last word."""
    missed = models.FloatField(default=0.03)
    twice = models.FloatField(default=0.01)
    period_s = models.IntegerField(default=60)
    heard_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                condition=models.Q(removed_at=None),
                name="one_counter_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["plan", "source", "outside_id"],
                condition=models.Q(removed_at=None, source__isnull=False),
                name="one_counter_of_a_camera_zone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_people(self) -> bool:
        """Of a zone, where others tell who passes."""
        return self.kind == self.Kind.SEEN and self.behind == self.into


class CrowdTrigger(ScopedModel):
    """From when a zone of a version asks for a person."""

    view_action = "crowd.view"
    row_security = True

    class Level(models.TextChoices):
        AMBER = "amber", "Amber"
        RED = "red", "Red"

    class What(models.TextChoices):
        PEOPLE = "people", "people"
        DENSITY = "per_m2", "people a square metre"

    version = models.ForeignKey(
        "crowds.VenueVersion", on_delete=models.PROTECT, related_name="triggers"
    )
    zone = models.CharField(max_length=80, blank=True)
    """Empty for the whole venue."""
    level = models.CharField(max_length=5, choices=Level)
    what = models.CharField(max_length=6, choices=What)
    value = models.FloatField()
    made_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["zone", "level"]


class CrowdWatch(SealedModel, ScopedModel):
    """One evening: from when to when a version is watched, and what is known now."""

    view_action = "crowd.view"
    row_security = True
    version = models.ForeignKey(
        "crowds.VenueVersion", on_delete=models.PROTECT, related_name="watches"
    )
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="crowd_watches"
    )
    expected = models.IntegerField(null=True)
    """People who will come in all, give or take ``give`` in a hundred."""
    give = models.IntegerField(default=10)
    replayed = models.BooleanField(default=False)
    """Its clock is that of what was recorded, not ours."""
    started_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=now)
    ended_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    principal = SealedField(shape=list)
    """Level, x and y of the plan, as somebody last told."""
    memory = SealedField(shape=dict)
    """What the engine remembers between two looks."""
    picture = SealedField(shape=dict)
    """The last look: zones, counters, triggers."""
    looked_at = models.DateTimeField(null=True)
    advice = SealedField(shape=dict)
    advised_at = models.DateTimeField(null=True)
    summary = SealedField(shape=dict)
    """Of a watch that has ended."""

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(ended_at=None),
                name="one_watch_of_a_version_at_a_time",
            )
        ]

    @property
    def on(self) -> bool:
        return self.ended_at is None


class CrowdReading(ScopedModel):
    """What a counter or a person said: passages at a door, or people counted in a zone."""

    view_action = "crowd.view"
    row_security = True
    watch = models.ForeignKey(CrowdWatch, on_delete=models.CASCADE, related_name="readings")
    counter = models.ForeignKey(
        CrowdCounter, null=True, on_delete=models.PROTECT, related_name="readings"
    )
    at = models.DateTimeField()
    entered = models.IntegerField(null=True)
    left = models.IntegerField(null=True)
    zone = models.CharField(max_length=80, blank=True)
    people = models.IntegerField(null=True)
    within = models.IntegerField(default=0)
    key = models.CharField(max_length=80, blank=True)
    """What the source calls this word, so that it counts once."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=now)
    taken = models.BooleanField(default=False)
    """It is in the picture."""

    class Meta:
        ordering = ["at"]
        indexes = [
            models.Index(
                fields=["watch", "at"], condition=models.Q(taken=False), name="crowd_words_waiting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "counter", "key"],
                condition=~models.Q(key=""),
                name="one_reading_per_key",
            )
        ]


class CrowdMoment(SealedModel, ScopedModel):
    """A look that is kept, so that the evening can be seen again."""

    view_action = "crowd.view"
    row_security = True
    append_only = True
    watch = models.ForeignKey(CrowdWatch, on_delete=models.PROTECT, related_name="moments")
    at = models.DateTimeField()
    picture = SealedField(shape=dict)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["watch", "at"], name="crowd_moments_of_a_watch")]
