"""Roll calls of the party: who is safe, who is not, and of whom nobody knows."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Muster(SealedModel, ScopedModel):
    view_action = "muster.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="musters"
    )
    incident = models.ForeignKey(
        "protection.Incident", null=True, on_delete=models.PROTECT, related_name="musters"
    )
    serial = models.IntegerField()
    reason = SealedField()
    rally = SealedField()
    """Where to go, in words that anybody of the party understands."""
    drill = models.BooleanField(default=False)
    called_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-called_at"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_muster_per_serial"),
            models.UniqueConstraint(
                fields=["operation"],
                condition=models.Q(closed_at=None),
                name="one_muster_at_a_time",
            ),
        ]

    @property
    def label(self) -> str:
        return f"Roll call {self.serial}"


class MusterPerson(SealedModel, ScopedModel):
    view_action = "muster.view"
    row_security = True

    class State(models.TextChoices):
        UNKNOWN = "unknown", "Not heard of"
        HELP = "help", "Needs help"
        MISSING = "missing", "Missing"
        SAFE = "safe", "Safe"
        AWAY = "away", "Not here"

    class Source(models.TextChoices):
        APP = "app", "App"
        LINK = "link", "Link"
        RADIO = "radio", "Radio"
        EYES = "eyes", "Seen"

    muster = models.ForeignKey(Muster, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    traveller = models.ForeignKey(
        "travel.PartyPerson", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Of the one party that travel keeps."""
    group = models.CharField(max_length=12)
    """principal, party or team."""
    name = SealedField()
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    source = models.CharField(max_length=8, choices=Source, blank=True)
    answered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    where = SealedField()
    serial = models.IntegerField()

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["muster", "person"],
                condition=models.Q(person__isnull=False),
                name="one_line_per_person",
            )
        ]


class MusterDoor(SealedModel, ScopedModel):
    """What the link of a person without an account finds, and leaves.

    Outside of row security on purpose, as the doors of contractor packs: a stranger's request
    reaches no secured table. It holds the hash of the secret and sealed words; the worker carries
    the answer to the roll call, and the door goes when that ends.
    """

    view_action = "muster.view"
    line = models.OneToOneField(MusterPerson, on_delete=models.CASCADE, related_name="door")
    digest = models.CharField(max_length=64, unique=True)
    content = SealedField(shape=dict)
    """name, reason, rally."""
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    where = SealedField()
    answered_at = models.DateTimeField(null=True)
    carried = models.BooleanField(default=True)
    """False while the worker has not yet taken the answer to the roll call."""

    class Meta:
        indexes = [
            models.Index(
                fields=["answered_at"], condition=models.Q(carried=False), name="muster_waiting"
            )
        ]
