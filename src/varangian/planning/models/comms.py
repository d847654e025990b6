"""The communications plan (artefact A17) of one operation, and the tests of its means."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class CommsPlan(ScopedModel):
    view_action = "comms.view"
    row_security = True
    operation = models.OneToOneField(
        "operations.Operation", on_delete=models.CASCADE, related_name="comms"
    )
    version = models.IntegerField(default=1)


class CommsVersion(SealedModel, ScopedModel):
    """What was agreed at one time; never changed."""

    view_action = "comms.view"
    row_security = True
    append_only = True
    plan = models.ForeignKey(CommsPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    bearers = SealedField(shape=dict)
    """Rank to means: radio channel, number, place; and when to change over."""
    check_minutes = models.IntegerField()
    """Interval of check calls."""
    missed = models.IntegerField(default=2)
    """So many missed check calls open a search."""
    check_words = SealedField()
    """Who calls whom, and what follows a missed call."""
    code_words = SealedField(shape=dict)
    """Slot of the library, or a meaning in own words, to the word."""
    duress_word = SealedField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_comms_version")]


class CommsTest(SealedModel, ScopedModel):
    """One means was tried from one post."""

    view_action = "comms.view"
    row_security = True
    append_only = True

    class Result(models.TextChoices):
        GOOD = "good", "Good"
        WEAK = "weak", "Weak"
        FAILED = "failed", "Failed"

    plan = models.ForeignKey(CommsPlan, on_delete=models.PROTECT, related_name="tests")
    version = models.IntegerField()
    rank = models.CharField(max_length=20)
    post = models.CharField(max_length=120, blank=True)
    """Title and call sign as they were."""
    result = models.CharField(max_length=10, choices=Result)
    note = SealedField()
    tested_at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-tested_at"]
