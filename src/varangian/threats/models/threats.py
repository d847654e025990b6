"""Threat sources, assessments and the risk register of an operation."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class ThreatSource(SealedModel, ScopedModel):
    """Who or what could do harm: graded words and evidence, never a number about a person."""

    view_action = "threat.view"
    row_security = True

    class Level(models.TextChoices):
        UNKNOWN = "unknown", "Unknown"
        NONE = "none", "None known"
        LOW = "low", "Low"
        MODERATE = "moderate", "Moderate"
        HIGH = "high", "High"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEWED = "reviewed", "Reviewed"
        APPROVED = "approved", "Approved"
        EXPIRED = "expired", "Expired"

    class Kind(models.TextChoices):
        PERSON_OR_GROUP = "person_or_group", "Person or group"
        INSIDER = "insider", "Insider"
        CRIME = "crime", "Crime in the area"
        UNREST = "unrest", "Unrest or crowd"
        PRESS = "press", "Press and onlookers"
        DIGITAL = "digital", "Digital or online"
        ACCIDENT = "accident", "Accident or fire"
        HEALTH = "health", "Health"
        NATURE = "nature", "Weather and nature"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="threat_sources"
    )
    serial = models.IntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    title = SealedField()
    kind = models.CharField(max_length=40, choices=Kind, default=Kind.PERSON_OR_GROUP)
    intent = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    capability = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    opportunity = models.CharField(max_length=10, choices=Level, default=Level.UNKNOWN)
    history = SealedField()
    evidence = SealedField()
    scale = models.CharField(max_length=20, default="admiralty")
    """The grading scale of the library that both grades are read on."""
    source_grade = models.CharField(max_length=2, blank=True)
    information_grade = models.CharField(max_length=2, blank=True)
    confidence = models.CharField(max_length=20, default="low")
    handling = models.CharField(max_length=20, default="amber")
    valid_until = models.DateTimeField(null=True)
    assessed_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField(default=now)
    reviewed_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_threat_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"T{self.serial}"

    @property
    def expired(self) -> bool:
        """True from the moment, whether or not the hourly job has written it down."""
        return self.valid_until is not None and self.valid_until <= now()

    @property
    def shown_state(self) -> str:
        return self.State.EXPIRED if self.expired else self.state


class Assessment(SealedModel, ScopedModel):
    """The threat level of an operation at one time, chosen by a named person (artefact A3)."""

    view_action = "threat.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="assessments"
    )
    version = models.IntegerField()
    level = models.CharField(max_length=20)
    summary = SealedField()
    confidence = models.CharField(max_length=20, default="low")
    assessed_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    assessed_at = models.DateTimeField(default=now)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "version"], name="one_assessment_version")
        ]

    @property
    def expired(self) -> bool:
        return self.valid_until is not None and self.valid_until <= now()


class RiskLine(SealedModel, ScopedModel):
    """One line of the register (artefact A4)."""

    view_action = "risk.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        TREATED = "treated", "Treated"
        ACCEPTED = "accepted", "Accepted"
        CLOSED = "closed", "Closed"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="risks"
    )
    serial = models.IntegerField()
    library_id = models.CharField(max_length=60, blank=True)
    responsibility = models.CharField(max_length=30)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    title = SealedField()
    cause = SealedField()
    what_happens = SealedField()
    vulnerability = SealedField()
    controls = SealedField()
    threat_source = models.ForeignKey(
        ThreatSource, null=True, on_delete=models.SET_NULL, related_name="risks"
    )
    movement = models.ForeignKey(
        "operations.Movement", null=True, on_delete=models.SET_NULL, related_name="risks"
    )
    likelihood = models.IntegerField()
    impact = models.IntegerField()
    owner = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_risk_per_serial")
        ]

    @property
    def label(self) -> str:
        return f"R{self.serial}"


class RiskAcceptance(SealedModel, ScopedModel):
    """One signature under what is left of a risk. A band may ask for several."""

    view_action = "risk.view"
    row_security = True

    class Seat(models.TextChoices):
        DETAIL_LEADER = "detail_leader", "Detail leader"
        SECOND_DETAIL_LEADER = "second_detail_leader", "Second detail leader"
        CLIENT = "client", "Client"

    risk = models.ForeignKey(RiskLine, on_delete=models.CASCADE, related_name="acceptances")
    seat = models.CharField(max_length=30, choices=Seat)
    band = models.CharField(max_length=10)
    signed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    """Who signed; for the client's seat who took the client's word."""
    given_by = SealedField()
    """The client's seat only: the person who consented."""
    note = SealedField()
    signed_at = models.DateTimeField(default=now)
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["signed_at"]
