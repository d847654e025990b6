"""A camera, the worker that runs it now, and the last seconds of its picture while watched."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Camera(SealedModel, ScopedModel):
    """Belongs to one operation or to an engagement; nobody else knows that it exists."""

    view_action = "camera.view"
    row_security = True

    operation = models.ForeignKey(
        "operations.Operation", null=True, on_delete=models.CASCADE, related_name="cameras"
    )
    """None for one of the engagement itself, such as at the residence."""
    place = models.ForeignKey(
        "places.Place", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=80)
    source = SealedField()
    """Address of the stream with its user and password; never shown and never logged."""
    onvif = SealedField(shape=dict)
    """{"address", "user", "password"} of its ONVIF service, which tells what it notices itself;
    empty for a camera that is only looked through. The password is never shown."""
    position = SealedField(shape=list)
    """[latitude, longitude]; empty while nobody has put it on the map."""
    bearing = models.IntegerField(default=0)
    """Degrees clockwise from north: where it looks."""
    width_deg = models.IntegerField(default=70)
    reach_m = models.IntegerField(default=40)
    purpose = SealedField()
    legal_basis = SealedField()
    signage = SealedField()
    """Where a sign tells people of it, or why there is none."""
    retention_days = models.IntegerField(default=3)
    """Of the events that it told of."""
    masks = SealedField(shape=list)
    """Private areas: outlines of [x, y] as shares of the picture, from its top left."""
    behaviours = SealedField()
    """Rules of what is told of, as their author wrote them (YAML); empty for none."""
    keeps_looks = models.BooleanField(default=False)
    """How people and vehicles that its rules watch looked is kept for a search, for its days."""
    reads_plates = models.BooleanField(default=False)
    """Number plates of vehicles are read; kept is only one that a BOLO card looks out for."""
    plates_basis = SealedField()
    """On what ground, apart from that of the camera."""
    plate_countries = models.CharField(max_length=60, blank=True)
    """Whose plates, as "GB, FR"; empty for all whose shapes are clear."""
    keeps_stills = models.BooleanField(default=False)
    """One picture when a rule of behaviour tells, for the days of its events."""
    keeps_tracks = models.BooleanField(default=False)
    """While an operation is under way, where people walk is compared with the principal's way."""
    tracks_basis = SealedField()
    """On what ground, apart from that of the camera."""
    running = models.BooleanField(default=True)
    """Off by hand: no worker opens the stream."""
    made_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CameraRun(ScopedModel):
    """Which job holds the camera, and how the stream is. The pair (job, attempt) is the fence:
    whoever started later owns the row, and an earlier owner finds that it writes nothing."""

    view_action = "camera.view"
    row_security = True
    audited = False

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a worker"
        OPENING = "opening", "Opening"
        LIVE = "live", "Live"
        LOST = "lost", "Lost"

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, related_name="run")
    job = models.BigIntegerField(default=0)
    attempt = models.IntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=120, blank=True)
    """Why it is lost, in words of ours: what a stream says itself is never kept."""
    beat_at = models.DateTimeField(null=True)
    frame_at = models.DateTimeField(null=True)
    since = models.DateTimeField(default=now)
    fps = models.FloatField(null=True)
    size = models.CharField(max_length=20, blank=True)
    codec = models.CharField(max_length=20, blank=True)
    losses = models.IntegerField(default=0)
    jumps = models.IntegerField(default=0)
    """Times that the clock of the stream leapt."""
    events_at = models.DateTimeField(null=True)
    """When it last answered about its own events, over ONVIF."""
    events_reason = models.CharField(max_length=120, blank=True)
    still_wanted_at = models.DateTimeField(null=True)


class LivePart(ScopedModel):
    """A second or two of picture, sealed, while somebody watches; the ring is short."""

    view_action = "camera.watch"
    row_security = True
    audited = False
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="parts")
    run = models.CharField(max_length=60)
    """Of one opening of the stream: parts of another do not join on to it."""
    number = models.BigIntegerField()
    seconds = models.FloatField()
    still = models.BooleanField(default=False)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["camera", "still", "-made_at"])]
