"""Incidents (artefact A20): what happened, who commands, what is to be done and who was told."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Incident(SealedModel, ScopedModel):
    view_action = "incident.view"
    row_security = True

    class State(models.TextChoices):
        REPORTED = "reported", "Reported"
        ACTIVE = "active", "Active"
        CONTAINED = "contained", "Contained"
        HANDED_OVER = "handed_over", "Handed over"
        CLOSED = "closed", "Closed"
        REVIEWED = "reviewed", "Reviewed"

    OPEN = (State.REPORTED, State.ACTIVE, State.CONTAINED, State.HANDED_OVER)

    class Severity(models.TextChoices):
        CRITICAL = "critical", "Critical"
        SERIOUS = "serious", "Serious"
        MINOR = "minor", "Minor"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="incidents"
    )
    serial = models.IntegerField()
    kind = models.CharField(max_length=60)
    """A kind of library/incidents.yaml."""
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.SERIOUS)
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    drill = models.BooleanField(default=False)
    """An exercise, by its compartment or by word: marked wherever it shows; nobody is rung."""
    title = SealedField()
    summary = SealedField()
    where = SealedField()
    """In words, for who must find it."""
    position = SealedField(shape=list)
    """[latitude, longitude] in degrees; empty while unknown."""
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    alert = models.UUIDField(null=True)
    """The alert that it grew out of."""
    reported_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    silent_for = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whose screens show nothing of it while it is open: the sender of a duress call."""
    handed_to = SealedField()
    """The service that leads from then on: police, ambulance, fire."""
    review = SealedField(shape=dict)
    """happened, well, improve; by whom and when."""
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["compartment", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_incident_per_serial"),
            models.UniqueConstraint(
                fields=["operation", "alert"],
                condition=models.Q(alert__isnull=False),
                name="one_incident_per_alert",
            ),
        ]

    @property
    def label(self) -> str:
        return f"Incident {self.serial}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Command(SealedModel, ScopedModel):
    """A person's turn as commander: offered with a briefing, accepted, ended by the next."""

    view_action = "incident.view"
    row_security = True
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="commands")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    brief = SealedField()
    """What the one who hands over said: situation, tasks, what comes next."""
    offered_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(accepted_at__isnull=False, ended_at=None),
                name="one_commander_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(accepted_at=None, ended_at=None),
                name="one_offer_of_command",
            ),
        ]


class IncidentTask(SealedModel, ScopedModel):
    view_action = "incident.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    serial = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    title = SealedField()
    owner = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    note = SealedField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "serial"], name="one_task_per_serial")
        ]


class Notification(SealedModel, ScopedModel):
    """One node of the notification tree: whom to tell, by when, and what came of it.

    Numbers are not copied: they are looked up when shown, by the rights of who looks.
    """

    view_action = "incident.view"
    row_security = True

    class Result(models.TextChoices):
        WAITING = "waiting", "Waiting"
        REACHED = "reached", "Reached"
        NO_ANSWER = "no_answer", "No answer"
        NOT_NEEDED = "not_needed", "Not needed"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notifications")
    serial = models.IntegerField()
    node = models.CharField(max_length=60)
    """Id in the tree of the library; empty for one that was added by hand."""
    after = models.CharField(max_length=60, blank=True)
    whom = SealedField()
    due_at = models.DateTimeField()
    result = models.CharField(max_length=12, choices=Result, default=Result.WAITING)
    tries = models.IntegerField(default=0)
    note = SealedField()
    at = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "serial"], name="one_notification_per_serial"
            )
        ]


class Milestone(ScopedModel):
    """When the incident began, was seen, told, taken on, reached and made safe; each once.

    ``entry`` is the serial of the log entry that says so, which its chain covers.
    """

    view_action = "incident.view"
    row_security = True
    append_only = True

    class Kind(models.TextChoices):
        STARTED = "started", "Began"
        DETECTED = "detected", "Detected"
        NOTIFIED = "notified", "First person told"
        ACKNOWLEDGED = "acknowledged", "Command taken"
        ARRIVED = "arrived", "First on the scene"
        SECURED = "secured", "Contained"
        HANDED_OVER = "handed_over", "Handed over"
        CLOSED = "closed", "Closed"
        REVIEWED = "reviewed", "Reviewed"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    entry = models.IntegerField(null=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind"], name="one_milestone_per_kind")
        ]


class Evidence(SealedModel, ScopedModel):
    """A file as it was when it came in, named by the SHA-256 of its bytes."""

    view_action = "incident.evidence"
    row_security = True
    append_only = True
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="evidence")
    serial = models.IntegerField()
    name = SealedField()
    note = SealedField()
    sha256 = SealedField()
    size = models.BigIntegerField()
    file = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "serial"], name="one_exhibit_per_serial")
        ]
