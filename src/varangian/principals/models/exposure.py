"""What is public about a principal, who has it taken down, and how that changed over time."""

from datetime import timedelta
from typing import Any

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

from .people import Principal


def person(**more: Any) -> Any:
    return models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", **more)


class Kind(models.TextChoices):
    PROFILE = "profile", "Profile"
    WORK = "work", "Work"
    APPEARANCE = "appearance", "Public appearance"
    WEALTH = "wealth", "Wealth signal"
    CONTROVERSY = "controversy", "Controversy"
    HOUSEHOLD = "household", "Household"
    ROUTINE = "routine", "Routine"
    FOOTPRINT = "footprint", "Digital footprint"


class Sensitivity(models.TextChoices):
    """What somebody who means harm could do with it; a word about the fact, not the person."""

    UNKNOWN = "unknown", "Not judged"
    KNOWS = "knows", "Knows"
    HELPS = "helps", "Helps"
    FINDS = "finds", "Finds"
    REACHES = "reaches", "Reaches"


class Status(models.TextChoices):
    PUBLIC = "public", "Public"
    TAKING_DOWN = "taking_down", "Being taken down"
    TAKEN_DOWN = "taken_down", "Taken down"
    ACCEPTED = "accepted", "Accepted"
    CAME_BACK = "came_back", "Came back"


OPEN = (Status.PUBLIC, Status.TAKING_DOWN, Status.CAME_BACK)


class Exposure(SealedModel, ScopedModel):
    """One thing that the public can know. Never deleted: it is taken down, or accepted."""

    view_action = "exposure.view"
    row_security = True

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="exposures")
    serial = models.IntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.CharField(max_length=20, blank=True)
    """Of a digital footprint: address, handle, tail number and so on, an id of the library."""
    what = SealedField()
    where = SealedField()
    """The source in words."""
    link = SealedField()
    """As text: the house never fetches it."""
    notes = SealedField()
    found_by = SealedField()
    seen_on = models.DateField(null=True, blank=True)
    """The day on which it was seen there; none is unknown."""
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.UNKNOWN)
    status = models.CharField(max_length=20, choices=Status, default=Status.PUBLIC)
    accepted_by = person(null=True)
    accepted_reason = SealedField()
    looked_at = models.DateTimeField(default=now)
    recheck_due = models.DateField()
    added_by = person(null=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["principal", "serial"], name="one_exposure_per_serial")
        ]
        indexes = [models.Index(fields=["principal", "status", "recheck_due"])]

    @property
    def label(self) -> str:
        return f"E{self.serial}"

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def due(self) -> bool:
        """It has not been looked at for so long that nobody knows whether it still is so."""
        return self.recheck_due < now().date()

    @property
    def days(self) -> int:
        return max((now() - self.looked_at) // timedelta(days=1), 0)


class TakeDown(SealedModel, ScopedModel):
    """Somebody has until a day to get it away, and says what came of it."""

    view_action = "exposure.view"
    row_security = True

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="takedowns")
    item = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="tasks")
    counter = models.CharField(max_length=60, blank=True)
    """The counter-measure of the library that it follows."""
    what = SealedField()
    owner = person()
    due = models.DateField()
    sent_to = SealedField()
    sent_on = models.DateField(null=True, blank=True)
    answer = SealedField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    given_by = person(null=True)
    given_at = models.DateTimeField(default=now)
    ended_by = person(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "take-down"
        ordering = ["due", "given_at"]
        indexes = [models.Index(fields=["state", "due"])]

    @property
    def overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due < now().date()


class ExposureChange(SealedModel, ScopedModel):
    """What became of an item, and how it stood after that. Never changed."""

    view_action = "exposure.view"
    row_security = True
    append_only = True

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=now)
    by = person(null=True)
    event = models.CharField(max_length=20)
    words = SealedField()
    kind = models.CharField(max_length=20, choices=Kind)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity)
    status = models.CharField(max_length=20, choices=Status)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["principal", "at"])]


class ExposureLook(ScopedModel):
    """A person has seen the whole picture; what comes after is new to them."""

    view_action = "exposure.view"
    row_security = True
    append_only = True

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="+")
    by = person()
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["principal", "by", "-at"])]


class ExposureImport(SealedModel, ScopedModel):
    """A file as it came, how it is to be read, and what became of each of its rows."""

    view_action = "exposure.view"
    row_security = True

    class State(models.TextChoices):
        PREVIEW = "preview", "To be taken"
        TAKEN = "taken", "Taken"
        DROPPED = "dropped", "Dropped"

    class Format(models.TextChoices):
        CSV = "csv", "Table (CSV)"
        VCARD = "vcard", "vCard"

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="+")
    name = SealedField()
    original = SealedField()
    """The file, base64."""
    format = models.CharField(max_length=10, choices=Format)
    reading = SealedField(shape=dict)
    """Columns by what they mean, and what stands for what a row does not say."""
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    report = SealedField(shape=list)
    added = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    by = person(null=True)
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
