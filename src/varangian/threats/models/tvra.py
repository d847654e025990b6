"""TVRA: the threat, vulnerability and risk assessment of one subject, in signed versions.

It takes what the register says as a snapshot. It holds no number about a person: likelihood and
consequence are of a risk, chosen in steps by a named assessor who says why.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.audit.approval import Approved
from varangian.platform.crypto.models import SealedField, SealedModel


class Tvra(SealedModel, ScopedModel, Approved):
    """One version. What is approved never changes; a further version supersedes it."""

    view_action = "tvra.view"
    row_security = True

    class Kind(models.TextChoices):
        PRINCIPAL = "principal", "Principal"
        RESIDENCE = "residence", "Residence"
        OFFICE = "office", "Office"
        EVENT = "event", "Event"
        TRIP = "trip", "Trip"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        APPROVED = "approved", "Approved"
        SUPERSEDED = "superseded", "Superseded"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="tvras"
    )
    serial = models.IntegerField()
    version = models.IntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    title = SealedField()
    subject = SealedField()
    """What it is about in words, as it was called when it was drafted."""
    scope = SealedField()
    summary = SealedField()
    conclusion = SealedField()
    client_title = SealedField()
    """The first line of the printed report, as the client wants it."""
    template = models.CharField(max_length=20, default="full")
    handling = models.CharField(max_length=20, default="amber")
    drafted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=now)
    pulled_at = models.DateTimeField(default=now)
    """When the register was last read into it."""
    submitted_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    returned_why = SealedField()
    """What the reviewer wants otherwise; empty once it is sent in again."""
    review_due = models.DateTimeField()
    valid_until = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-serial", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "serial", "version"], name="one_tvra_per_version"
            ),
            models.UniqueConstraint(
                fields=["operation", "serial"],
                condition=models.Q(state__in=["draft", "review"]),
                name="one_open_tvra_version",
            ),
        ]
        indexes = [models.Index(fields=["compartment", "state", "valid_until"])]

    @property
    def label(self) -> str:
        return f"A{self.serial}"

    @property
    def named(self) -> str:
        return f"{self.label} version {self.version}"

    @property
    def expired(self) -> bool:
        return self.state == self.State.APPROVED and self.valid_until <= now()

    @property
    def review_late(self) -> bool:
        return self.state == self.State.APPROVED and self.review_due <= now() < self.valid_until

    @property
    def shown_state(self) -> str:
        return "expired" if self.expired else self.state

    @property
    def open(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.REVIEW)


class TvraLine(SealedModel, ScopedModel):
    """A threat or a risk of the register as it stood, and what the assessor makes of the risk."""

    view_action = "tvra.view"
    row_security = True
    tvra = models.ForeignKey(Tvra, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    label = models.CharField(max_length=12)
    """T or R and the number in the register."""
    source = models.ForeignKey(
        "threats.ThreatSource", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    risk = models.ForeignKey(
        "threats.RiskLine", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken = SealedField(shape=dict)
    """Words and levels of the register at ``Tvra.pulled_at``."""
    likelihood = models.IntegerField(null=True)
    impact = models.IntegerField(null=True)
    confidence = models.CharField(max_length=20, blank=True)
    reason = SealedField()
    weighs = ArrayField(models.CharField(max_length=60), default=list)
    """Ids of the checks whose answer bears on it."""
    left_out = models.BooleanField(default=False)
    judged_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tvra", "label"], name="one_tvra_line_per_record"),
            models.CheckConstraint(
                condition=models.Q(likelihood=None)
                | models.Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="tvra_steps_are_on_the_matrix",
            ),
        ]

    @property
    def is_risk(self) -> bool:
        return self.label.startswith("R")

    @property
    def judged(self) -> bool:
        return self.likelihood is not None

    @property
    def settled(self) -> bool:
        """Nothing of it waits for the assessor. A threat is taken as it is, or left out."""
        return self.judged or self.left_out or not self.is_risk


class TvraAnswer(SealedModel, ScopedModel):
    """What a named person found at one check. A correction is a further answer."""

    view_action = "tvra.check"
    row_security = True
    append_only = True

    class Answer(models.TextChoices):
        MET = "met", "Met"
        PARTLY = "partly", "Partly"
        NOT_MET = "not_met", "Not met"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        UNKNOWN = "unknown", "Unknown"

    tvra = models.ForeignKey(Tvra, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=60)
    number = models.IntegerField()
    answer = models.CharField(max_length=16, choices=Answer)
    note = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    """Who looked."""
    seen_at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)
    photo = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    preview = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tvra", "item", "number"], name="one_tvra_answer")
        ]


class TvraTreatment(SealedModel, ScopedModel):
    """What shall be done about a risk: by whom, until when, and what is then left."""

    view_action = "tvra.view"
    row_security = True
    tvra = models.ForeignKey(Tvra, on_delete=models.CASCADE, related_name="treatments")
    line = models.ForeignKey(TvraLine, on_delete=models.PROTECT, related_name="treatments")
    number = models.IntegerField()
    title = SealedField()
    task = SealedField()
    """As it will stand in the order."""
    owner = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField()
    residual_likelihood = models.IntegerField()
    residual_impact = models.IntegerField()
    measure = models.UUIDField(null=True)
    """The measure of the plan that came of it, once a version was approved."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tvra", "number"], name="one_tvra_treatment"),
            models.CheckConstraint(
                condition=models.Q(
                    residual_likelihood__range=(1, 5), residual_impact__range=(1, 5)
                ),
                name="tvra_residual_is_on_the_matrix",
            ),
        ]
