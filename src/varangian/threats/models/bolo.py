"""BOLO cards (be on the lookout): for whom the team looks out, why, until when, and who saw it."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class BoloCard(SealedModel, ScopedModel):
    """A card about a person, a vehicle or a thing. Nothing of it is a number about a person.

    Its compartment says for whom it is: one operation, or every operation of the engagement.
    """

    view_action = "bolo.view"
    row_security = True

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        VEHICLE = "vehicle", "Vehicle"
        THING = "thing", "Thing"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"
        EXPIRED = "expired", "Expired"
        RECALLED = "recalled", "Recalled"

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="bolos"
    )
    serial = models.IntegerField()
    version = models.IntegerField(default=1)
    person = models.ForeignKey(
        "threats.Person", null=True, on_delete=models.PROTECT, related_name="cards"
    )
    """Of whose file it is drawn. Such a card is sealed with that person's key and ends with it."""
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = SealedField()
    features = SealedField(shape=dict)
    """Words by the id of a feature in the library."""
    why = SealedField()
    last_place = SealedField()
    last_seen_at = models.DateTimeField(null=True)
    drill = models.CharField(max_length=60)
    """What to do on sight, an id of the library."""
    on_sight = SealedField()
    """What is to be done here besides the drill."""
    tell = SealedField()
    legal_basis = models.CharField(max_length=60)
    purpose = SealedField()
    proportionality = SealedField()
    reviewer = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    review_due = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField(default=now)
    issued_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)
    recalled_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recalled_at = models.DateTimeField(null=True)
    recall_reason = SealedField()
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "serial"], name="one_bolo_per_serial"),
            models.CheckConstraint(
                condition=~models.Q(legal_basis="") & ~models.Q(drill=""), name="bolo_has_a_basis"
            ),
        ]
        indexes = [models.Index(fields=["compartment", "state", "expires_at"])]

    @property
    def label(self) -> str:
        return f"B{self.serial}"

    @property
    def expired(self) -> bool:
        """True from the moment, whether or not the job has written it down."""
        return self.state in ("issued", "expired") and self.expires_at <= now()

    @property
    def shown_state(self) -> str:
        return self.State.EXPIRED if self.expired else self.state

    @property
    def live(self) -> bool:
        return self.shown_state == self.State.ISSUED

    @property
    def wide(self) -> bool:
        """For every operation of the engagement."""
        return self.compartment_id != self.operation.compartment_id

    @property
    def review_late(self) -> bool:
        return self.live and self.review_due is not None and self.review_due <= now()


class BoloPicture(SealedModel, ScopedModel):
    """A picture of a card: one to look at, and a small one for phones."""

    view_action = "bolo.view"
    row_security = True
    card = models.ForeignKey(BoloCard, on_delete=models.CASCADE, related_name="pictures")
    number = models.IntegerField()
    caption = SealedField()
    picture = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    small = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="one_bolo_picture_per_number")
        ]


class BoloReview(SealedModel, ScopedModel):
    """The named reviewer has looked whether the card is still needed and still fair."""

    view_action = "bolo_file.view"
    row_security = True
    append_only = True
    card = models.ForeignKey(BoloCard, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    stands = models.BooleanField()
    words = SealedField()

    class Meta:
        ordering = ["-at"]


class BoloSighting(SealedModel, ScopedModel):
    """Somebody thinks that this was it. A candidate until a person confirms or denies it."""

    view_action = "bolo_file.view"
    row_security = True

    class State(models.TextChoices):
        CANDIDATE = "candidate", "Candidate"
        CONFIRMED = "confirmed", "Confirmed"
        DENIED = "denied", "Denied"

    card = models.ForeignKey(BoloCard, on_delete=models.PROTECT, related_name="sightings")
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="+"
    )
    report = models.UUIDField(null=True, unique=True)
    """The report from the field that brought it, with its picture and voice note."""
    has_photo = models.BooleanField(default=False)
    has_voice = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    words = SealedField()
    position = SealedField(shape=list)
    decided_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = SealedField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["card", "state", "-at"])]
