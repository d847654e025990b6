"""Who travels, what is known of where they are, and how often they must be confirmed safe."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class PartyPerson(SealedModel, ScopedModel):
    """Somebody who travels along. The principal of an operation needs no row: they always do."""

    view_action = "presence.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="travelling_party"
    )
    name = SealedField()
    phone = SealedField()
    relation = models.CharField(max_length=40, blank=True)
    joined_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True)
    """Taken off by a person; until then they are somewhere, known or not."""

    class Meta:
        ordering = ["joined_at"]


class PresenceFact(SealedModel, ScopedModel):
    """What somebody learnt of where a person is. Never changed: news is a further fact."""

    view_action = "presence.view"
    row_security = True
    append_only = True

    class How(models.TextChoices):
        CALL = "call", "Call"
        MESSAGE = "message", "Message"
        CHECK_IN = "check_in", "Check-in"
        POSITION = "position", "Position"
        SEEN = "seen", "Seen"
        ROLL_CALL = "roll_call", "Roll call"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="presence_facts"
    )
    person = models.ForeignKey(
        PartyPerson, null=True, on_delete=models.PROTECT, related_name="facts"
    )
    """None is the principal."""
    how = models.CharField(max_length=12, choices=How)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """How long it is said to hold; None is unknown."""
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    words = SealedField()
    """The place in words, when it is not on the map."""
    note = SealedField()
    safe = models.BooleanField(default=False)
    over = models.BooleanField(default=False)
    """The journey is over for this person: home, or no longer in our care."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "made_at"]
        indexes = [models.Index(fields=["operation", "-at"])]


class SafeClock(ScopedModel):
    """Within how many minutes a person must have been confirmed safe again."""

    view_action = "presence.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="safe_clocks"
    )
    person = models.ForeignKey(
        PartyPerson, null=True, on_delete=models.CASCADE, related_name="clocks"
    )
    minutes = models.IntegerField()
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "person"], nulls_distinct=False, name="one_safe_clock"
            )
        ]
