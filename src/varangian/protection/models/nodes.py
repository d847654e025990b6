"""The edge: nodes as their hub knows them, and the hub and its outbox as a node knows them.

One program is both: a house may be the hub of some nodes and the node of another house.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Node(ScopedModel):
    """A house in a vehicle or a venue that carries one operation on when the link is down."""

    view_action = "node.view"
    audited = False
    """Its pulse changes it all day; enrolling and withdrawing are noted by hand."""
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="nodes"
    )
    label = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    """The node takes along what this person may see, and nothing else."""
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    waiting = models.IntegerField(default=0)
    """What it said that it still has to send."""
    ahead_s = models.FloatField(default=0)
    """How many seconds its clock is ahead of ours."""
    silent_since = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "label"],
                condition=Q(revoked_at=None),
                name="one_node_per_label",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()


class Outcome(models.TextChoices):
    DONE = "done", "Taken"
    REFUSED = "refused", "Refused by the hub"
    OVERTAKEN = "overtaken", "The hub knows something newer"


class NodeAct(ScopedModel):
    """What came from a node, once: its key, and what became of it here."""

    view_action = "node.view"
    row_security = True
    audited = False
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="acts")
    key = models.UUIDField()
    number = models.BigIntegerField()
    """Counts up on the node."""
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    """When it was done, by our clock."""
    received_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.DONE)
    words = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled = models.CharField(max_length=300, blank=True)
    """What a named person decided about a conflict."""

    class Meta:
        ordering = ["-received_at", "-number"]
        constraints = [models.UniqueConstraint(fields=["node", "key"], name="one_act_of_a_node")]
        indexes = [
            models.Index(
                fields=["node"],
                condition=Q(settled_at=None) & ~Q(outcome="done"),
                name="node_conflicts",
            )
        ]

    @property
    def kind_words(self) -> str:
        return self.kind.replace("_", " ").capitalize()


class Uplink(SealedModel):
    """The hub of this house, for one operation. Its key seals the outbox alone, so that what was
    taken along can be destroyed while acts still wait to be sent."""

    audited = False
    id = models.UUIDField(primary_key=True, editable=False)
    """The same as that of the node at the hub."""
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.PROTECT, related_name="uplink"
    )
    label = models.CharField(max_length=60)
    url = models.CharField(max_length=200)
    token = SealedField()
    joined_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    contact_at = models.DateTimeField(null=True)
    failing = models.CharField(max_length=200, blank=True)
    """Why the hub was not reached at the last try; empty while it is."""
    copied_at = models.DateTimeField(null=True)
    copied = models.CharField(max_length=64, blank=True)
    """Digest of the copy that is here."""
    generation = models.IntegerField(default=1)
    """Of the keys that seal the copy: destroyed ones are never used again."""
    laid = models.JSONField(default=dict)
    """By table, what of it came from the hub: only that goes when the hub no longer has it."""
    positions_to = models.DateTimeField(default=now)
    """Positions heard before have been sent."""
    left_at = models.DateTimeField(null=True)


class Lane(models.IntegerChoices):
    DURESS = 0, "Duress"
    ACTS = 1, "Acts"


class Parcel(SealedModel, ScopedModel):
    """One act on its way to the hub, in the order in which they were done."""

    view_action = "node.view"
    row_security = True
    audited = False

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "done", "Sent"
        REFUSED = "refused", "Refused by the hub"
        OVERTAKEN = "overtaken", "The hub knows something newer"
        STUCK = "stuck", "Set aside after many tries"

    id = models.BigAutoField(primary_key=True)
    uplink = models.ForeignKey(Uplink, on_delete=models.PROTECT, related_name="parcels")
    lane = models.IntegerField(choices=Lane, default=Lane.ACTS)
    act = models.UUIDField()
    """The same key is the same act, here and at the hub."""
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)
    body = SealedField(shape=dict)
    """Emptied when the hub has it."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.IntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["lane", "id"]
        constraints = [models.UniqueConstraint(fields=["uplink", "act"], name="one_parcel_per_act")]
        indexes = [
            models.Index(
                fields=["uplink", "lane", "id"],
                condition=Q(state="waiting"),
                name="parcels_waiting",
            )
        ]

    @property
    def kind_words(self) -> str:
        return self.kind.replace("_", " ").capitalize()
