"""Calls for help: each press as it was heard, and the call it belongs to until it is ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import ScopedModel


class Via(models.TextChoices):
    """The path a press came by."""

    SLIDE = "slide", "Slide on the phone"
    BUTTON = "button", "Button"
    TRACKER = "tracker", "Tracker app"
    BEACON = "beacon", "TAK beacon"
    PIN = "pin", "Duress PIN"
    API = "api", "Program"
    DEAD_MAN = "dead_man", "Missed check call"


class PinPair(models.Model):
    """A person's own PIN, and the one that looks the same and says: I am forced."""

    audited = False
    """The write audit would copy both hashes; setting them is noted by hand."""
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    own = models.CharField(max_length=200)
    forced = models.CharField(max_length=200)
    set_at = models.DateTimeField(default=now)
    wrong = models.IntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)


class DuressKey(models.Model):
    """What a phone or a button sends to be believed: works without a session, kept as a hash."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        BUTTON = "button", "Button carried by a person"
        PLACE = "place", "Button fixed in a place"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    """Whose call it is; None for a button in a place."""
    operation = models.ForeignKey(
        "operations.Operation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    """Whom a button in a place calls."""
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=now)
    alive_every_s = models.IntegerField(null=True)
    """How often the button says that it is there; None: it never does."""
    last_used_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]


class Duress(ScopedModel):
    """One person or place that called, from the first press until it is cancelled or ended."""

    view_action = "duress.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CONFIRMED = "confirmed", "Confirmed duress"
        CANCELLED = "cancelled", "Cancelled"
        ENDED = "ended", "Ended"

    RUNNING = (State.OPEN, State.CONFIRMED)

    class Kind(models.TextChoices):
        PRESSED = "pressed", "Duress"
        UNKNOWN = "unknown", "No sign of life"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="duress_calls"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        "operations.Post", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(max_length=60)
    """``person:…``, ``key:…`` or ``device:…``: who calls, for one open call each."""
    caption = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PRESSED)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)
    pin_at = models.DateTimeField(null=True)
    """When the caller gave the real PIN since the last press."""
    vouched_at = models.DateTimeField(null=True)
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    vouched = models.CharField(max_length=300, blank=True)
    """What the second person did to be sure."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["compartment", "state", "-opened_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "subject"],
                condition=Q(state__in=["open", "confirmed"]),
                name="one_open_call_per_caller",
            )
        ]

    @property
    def running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def title(self) -> str:
        confirmed = self.state == self.State.CONFIRMED
        return f"{'Confirmed duress' if confirmed else self.get_kind_display()}: {self.caption}"


class Press(ScopedModel):
    """One press as it was heard: written alone and first, whatever else works or not."""

    view_action = "duress.view"
    row_security = True
    operation = models.ForeignKey("operations.Operation", on_delete=models.CASCADE)
    key = models.CharField(max_length=200, unique=True)
    """Whose, and which press of theirs: the same press twice has the same key."""
    via = models.CharField(max_length=12, choices=Via)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=60)
    caption = models.CharField(max_length=160)
    device_at = models.DateTimeField(null=True)
    """By the clock of the device, which may be wrong by days: shown, never sorted by."""
    heard_at = models.DateTimeField(default=now)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    words = models.CharField(max_length=200, blank=True)
    call = models.ForeignKey(Duress, null=True, on_delete=models.CASCADE, related_name="presses")
    """Set by the second step, which raises the alert; until then the tick looks after it."""

    class Meta:
        ordering = ["-heard_at"]
        indexes = [
            models.Index(fields=["heard_at"], condition=Q(call=None), name="press_unanswered"),
        ]

    @property
    def located(self) -> bool:
        return self.lat is not None and self.lon is not None
