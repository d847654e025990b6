"""Measures, orders and what the posts have acknowledged."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.audit.approval import Approved
from varangian.platform.crypto.models import SealedField, SealedModel


class Measure(SealedModel, ScopedModel):
    """What is done about risks: by whom, until when, at what cost."""

    view_action = "measure.view"
    row_security = True

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        AGREED = "agreed", "Agreed"
        IN_PLACE = "in_place", "In place"
        DROPPED = "dropped", "Dropped"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="measures"
    )
    serial = models.IntegerField()
    library_id = models.CharField(max_length=60, blank=True)
    responsibility = models.CharField(max_length=30)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    title = SealedField()
    task = SealedField()
    """The line as it stands in the order."""
    heading = models.CharField(max_length=40)
    """Where it stands: heading id of planning/library/order.yaml."""
    post = models.ForeignKey(
        "operations.Post", null=True, on_delete=models.SET_NULL, related_name="measures"
    )
    owner = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    due = models.DateTimeField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    people = models.IntegerField(null=True)
    """How many it takes; unknown is not none."""
    discomfort = models.IntegerField(default=0)
    """To the principal, 0 none to 3 heavy."""
    verified_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_measure_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"M{self.serial}"


class MeasureEffect(models.Model):
    """How far one measure lowers one risk, in steps of the matrix."""

    compartment_path = "measure__compartment_id"
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="effects")
    risk = models.ForeignKey("threats.RiskLine", on_delete=models.CASCADE, related_name="effects")
    likelihood = models.IntegerField(default=0)
    impact = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "risk"], name="one_effect")]


class Order(SealedModel, ScopedModel, Approved):
    """Warning order, operation order or fragmentary order (artefact A13)."""

    view_action = "order.view"
    row_security = True

    class Kind(models.TextChoices):
        WARNING = "warning_order", "Warning order"
        OPERATION = "operation_order", "Operation order"
        FRAGMENTARY = "fragmentary_order", "Fragmentary order"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        ISSUED = "issued", "Issued"
        SUPERSEDED = "superseded", "Superseded"
        CLOSED = "closed", "Closed"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="orders"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    serial = models.CharField(max_length=40)
    """As printed: operation slug, kind and number."""
    number = models.IntegerField()
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    classification = models.CharField(max_length=40, default="Protect: need to know")
    destroy_after = models.DateTimeField(null=True)
    summary = SealedField()
    """A change of plan in one sentence, and why; empty in an order that is not one."""
    acknowledge_by = models.DateTimeField(null=True)
    """After this time a post that has not acknowledged is an alert."""
    amends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="frago")
    drafted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=now)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "kind", "number", "version"], name="one_order_per_number"
            )
        ]


class OrderLine(SealedModel, ScopedModel):
    """One line, with the editions that carry it and the record that is its reason."""

    view_action = "order.view"
    row_security = True
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    paragraph = models.CharField(max_length=30)
    heading = models.CharField(max_length=40)
    number = models.CharField(max_length=12)
    """As printed: 3.2.1."""
    position = models.IntegerField()
    anchor = models.CharField(max_length=120)
    """What the line speaks of, the same in each version: a fragmentary order compares by it."""
    text = SealedField()
    cells = SealedField(shape=dict)
    """The row of a timing table: column to words."""
    gap = models.BooleanField(default=False)
    """Nothing fills this heading; the text says what holds meanwhile."""
    editions = ArrayField(models.CharField(max_length=20))
    post = models.ForeignKey("operations.Post", null=True, on_delete=models.SET_NULL)
    movement = models.ForeignKey("operations.Movement", null=True, on_delete=models.SET_NULL)
    reason_kind = models.CharField(max_length=30, blank=True)
    reason = models.UUIDField(null=True)
    change = models.CharField(max_length=10, blank=True)
    """In a fragmentary order: added, removed or changed."""
    replaces = SealedField()
    composed = SealedField()
    """What the records said, where the leader worded the line otherwise: later differences are
    taken from it."""

    class Meta:
        ordering = ["position"]


class Acknowledgement(ScopedModel):
    """Asked of a post when an order is issued; given once somebody has said that it was read."""

    view_action = "order.view"
    row_security = True
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="acknowledgements")
    post = models.ForeignKey("operations.Post", on_delete=models.CASCADE)
    asked_at = models.DateTimeField(default=now)
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Who holds the post and has read it; with ``by``, who said so on their behalf."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "post"], name="one_acknowledgement_per_post")
        ]
