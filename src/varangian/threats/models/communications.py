"""Communications of concern: what reached the principal, from whom, and what a person noted of it.

Nothing here is a number about a person. Addresses are one writer's only where a person said so.
"""

from django.db import models

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel

MOST_WORDS = 200


class LetterImport(SealedModel, ScopedModel):
    """A mailbox, mail or folder that was handed in whole. Its originals lie in sealed parts."""

    view_action = "letter.view"
    row_security = True

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        WORKING = "working", "Being read"
        DONE = "done", "Read"
        FAILED = "failed", "Not read to the end"
        STOPPED = "stopped", "Stopped"

    UNDER_WAY = (State.QUEUED, State.WORKING)
    principal = models.ForeignKey(
        "principals.Principal", on_delete=models.PROTECT, related_name="letter_imports"
    )
    serial = models.IntegerField()
    name = SealedField()
    print = models.CharField(max_length=64)
    """Of all parts; keyed by the principal, so that equal files of two do not show."""
    parts = models.JSONField(default=list)
    files = SealedField(shape=list)
    """Of each file: ``key``, ``start`` and ``size`` within the parts, and ``mailbox``."""
    size = models.BigIntegerField(default=0)
    bookmark = SealedField(shape=dict)
    mails = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    odd = models.IntegerField(default=0)
    unread = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.JSONField(default=dict)
    stop = models.BooleanField(default=False)
    words = SealedField()
    asked_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "serial"], name="one_letter_import_per_serial"
            ),
            models.UniqueConstraint(
                fields=["principal", "print"], name="one_letter_import_per_file"
            ),
        ]

    @property
    def label(self) -> str:
        return f"I{self.serial}"

    @property
    def under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def percent(self) -> int:
        return round(100 * self.step.get("share", 0))


class Writer(SealedModel, ScopedModel):
    """One address or name that wrote. ``group`` ties those that a person said are one writer's."""

    view_action = "letter.view"
    row_security = True
    principal = models.ForeignKey(
        "principals.Principal", on_delete=models.PROTECT, related_name="letter_writers"
    )
    serial = models.IntegerField()
    name = SealedField()
    address = SealedField()
    print = models.CharField(max_length=64)
    group = models.UUIDField(default=new_id, db_index=True)
    first_met = models.DateTimeField(default=now)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["principal", "print"], name="one_writer_per_address"),
            models.UniqueConstraint(fields=["principal", "serial"], name="one_writer_per_serial"),
        ]

    @property
    def label(self) -> str:
        return f"W{self.serial}"

    @property
    def words(self) -> str:
        return self.name or self.address or "unnamed"


class WriterTrait(SealedModel, ScopedModel):
    """Something that two addresses of one writer may share: proposed, never decided by it."""

    view_action = "letter.view"
    row_security = True
    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="traits")
    reason = models.CharField(max_length=20)
    print = models.CharField(max_length=64)
    shown = SealedField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "reason", "print"], name="one_trait_per_writer"
            )
        ]
        indexes = [models.Index(fields=["reason", "print"])]


class WriterTie(SealedModel, ScopedModel):
    """A person said that two are one writer, or are not; undone it stands no more."""

    view_action = "letter.view"
    row_security = True
    one = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="+")
    joined = models.BooleanField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    words = SealedField()
    undone_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=models.Q(undone_at=None),
                name="one_standing_tie_of_two_writers",
            )
        ]


class Communication(SealedModel, ScopedModel):
    """One contact by any channel: what it said, when, with its doubt, and where it came from."""

    view_action = "letter.view"
    row_security = True

    class Channel(models.TextChoices):
        LETTER = "letter", "Letter"
        MAIL = "mail", "E-mail"
        CALL = "call", "Call"
        GIFT = "gift", "Gift"
        VISIT = "visit", "Visit"
        POST = "post", "Online post"

    class Direction(models.TextChoices):
        IN = "in", "To the principal"
        OUT = "out", "From the principal's side"

    class Doubt(models.TextChoices):
        NONE = "", "No doubt known"
        CLAIMED = "claimed", "Only the sender's own clock says so"
        FILED = "filed", "Only the file says so"
        APART = "apart", "The sender's clock and the server's differ by more than a day"
        FUTURE = "future", "It lies after the day it was read"
        ABOUT = "about", "About this time, by a person's word"
        UNKNOWN = "unknown", "Not known"

    principal = models.ForeignKey(
        "principals.Principal", on_delete=models.PROTECT, related_name="communications"
    )
    serial = models.IntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    at = models.DateTimeField(null=True)
    doubt = models.CharField(max_length=10, choices=Doubt, blank=True)
    writer = models.ForeignKey(
        Writer, null=True, on_delete=models.PROTECT, related_name="communications"
    )
    brought_by = models.ForeignKey(
        LetterImport, null=True, on_delete=models.PROTECT, related_name="communications"
    )
    file = models.IntegerField(default=0)
    start = models.BigIntegerField(default=0)
    end = models.BigIntegerField(default=0)
    """Which file of the import, and from which byte to which."""
    original = models.ForeignKey(
        "storage.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Of what was handed in alone, as a scan."""
    sha256 = SealedField()
    size = models.BigIntegerField(default=0)
    print = models.CharField(max_length=64, blank=True)
    id_print = models.CharField(max_length=64, blank=True)
    words_print = models.CharField(max_length=64, blank=True)
    subject = SealedField()
    text = SealedField()
    parsed = SealedField(shape=dict)
    """Everything else the reader found: heads, attachments by name and hash, faults, notes."""
    kinds = models.JSONField(default=list)
    """Kinds of words that were found and are the writer's own; blanked when the key is gone."""
    readable = models.BooleanField(default=True)
    by_machine = models.BooleanField(default=False)
    near = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    """An earlier one with nearly the same words."""
    entered_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(default=now)
    triaged_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    triaged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "serial"], name="one_communication_per_serial"
            )
        ]
        indexes = [
            models.Index(fields=["principal", "print"]),
            models.Index(fields=["principal", "id_print"]),
            models.Index(fields=["principal", "triaged_at", "serial"]),
            models.Index(fields=["writer", "at"]),
            models.Index(fields=["compartment", "-serial"]),
        ]

    @property
    def label(self) -> str:
        return f"C{self.serial}"

    @property
    def title(self) -> str:
        if self.subject:
            return self.subject[:MOST_WORDS]
        first = " ".join(self.text[:400].split())
        return first[:80] or f"{self.get_channel_display()} without words"  # pyright: ignore

    @property
    def doubtful(self) -> bool:
        return bool(self.doubt)


class ImportLine(SealedModel, ScopedModel):
    """The report of one mail that was odd, unread, or there already."""

    view_action = "letter.view"
    row_security = True

    class Kind(models.TextChoices):
        ODD = "odd", "Odd"
        UNREAD = "unread", "Could not be read"
        SAME = "same", "There already"

    brought_by = models.ForeignKey(LetterImport, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.IntegerField()
    file = models.IntegerField(default=0)
    start = models.BigIntegerField(default=0)
    told = SealedField(shape=list)
    communication = models.ForeignKey(
        Communication, null=True, on_delete=models.CASCADE, related_name="lines"
    )
    """What was kept of it, or what it is the same as."""

    class Meta:
        ordering = ["file", "number"]
        indexes = [models.Index(fields=["brought_by", "kind"])]


class Triage(SealedModel, ScopedModel):
    """What a person noted of one communication. A later look is a further entry."""

    view_action = "letter.view"
    row_security = True
    append_only = True
    communication = models.ForeignKey(
        Communication, on_delete=models.PROTECT, related_name="triages"
    )
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    answers = SealedField(shape=dict)
    words = SealedField()

    class Meta:
        ordering = ["-at"]
