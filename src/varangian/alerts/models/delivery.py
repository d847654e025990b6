"""One alert on its way to one person over one channel."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel

from .alert import Alert


class Delivery(ScopedModel):
    """Two processes may try to send it; whoever takes the row sends it, the other one leaves it."""

    view_action = "alert.view"
    row_security = True
    audited = False

    class State(models.TextChoices):
        DUE = "due", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        HELD = "held", "Held back in a flood"
        DROPPED = "dropped", "Not needed any more"

    class Channel(models.TextChoices):
        SCREEN = "screen", "Screen"
        PUSH = "push", "Web push"
        APPRISE = "apprise", "Message"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    target = models.UUIDField(null=True)
    """The subscription or personal channel; None for the screen."""
    label = models.CharField(max_length=60, blank=True)
    round = models.IntegerField()
    """How many times the alert had asked before: the same step reaches a device once."""
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.IntegerField(default=0)
    queued_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["queued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "round", "person", "channel", "target"],
                name="one_delivery_each_round",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["due", "sending"]),
                name="alerts_delivery_due",
            ),
            models.Index(fields=["person", "-queued_at"]),
        ]

    @property
    def latency_ms(self) -> int | None:
        if self.sent_at is None:
            return None
        return max(0, round((self.sent_at - self.queued_at).total_seconds() * 1000))
