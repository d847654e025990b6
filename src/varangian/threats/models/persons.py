"""Persons of interest: on what basis, until when, in which state, and who moved it and why."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


def somebody(*, null: bool = True) -> "models.ForeignKey[models.Model]":
    """A person of the house who did it."""
    return models.ForeignKey("access.User", null=null, on_delete=models.PROTECT, related_name="+")


class Person(SealedModel, ScopedModel):
    """Somebody who gave cause for concern. Has a key of its own: destroying it erases the file
    here, in the audit and in every backup. Nothing of it is a number about a person."""

    view_action = "person.view"
    row_security = True

    class State(models.TextChoices):
        REFERRED = "referred", "Referred"
        TRIAGED = "triaged", "Triaged"
        UNDER_ASSESSMENT = "under_assessment", "Under assessment"
        MANAGED = "managed", "Managed"
        MONITORED = "monitored", "Monitored"
        DORMANT = "dormant", "Dormant"
        CLOSED = "closed", "Closed"
        ERASED = "erased", "Erased"

    engagement = models.ForeignKey(
        "operations.Engagement", on_delete=models.PROTECT, related_name="persons"
    )
    principal = models.ForeignKey(
        "principals.Principal", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whom it concerns; nobody by name when it concerns the whole household."""
    serial = models.IntegerField()
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.REFERRED)
    state_since = models.DateTimeField(default=now)
    name = SealedField()
    """A name, or words such as 'unknown, grey coat'."""
    identified = models.BooleanField(default=False)
    """The name is who it is, not only how we call them."""
    description = SealedField()
    concern = SealedField()
    """What was done or said, and by whom it was referred."""
    legal_basis = models.CharField(max_length=60)
    purpose = SealedField()
    proportionality = SealedField()
    reviewer = somebody(null=False)
    review_due = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    """When the house asked what becomes of a file whose time had run out."""
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="folded"
    )
    referred_by = somebody()
    referred_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "serial"], name="one_person_per_serial"),
            models.CheckConstraint(
                condition=models.Q(state="erased")
                | ~models.Q(legal_basis="")
                & models.Q(name__isnull=False)
                & models.Q(purpose__isnull=False, proportionality__isnull=False),
                name="person_has_a_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("referred_at")), name="person_ends"
            ),
            models.CheckConstraint(
                condition=models.Q(review_due__lte=models.F("expires_at")),
                name="person_reviewed_before_the_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="person_not_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["compartment", "state", "review_due"]),
            models.Index(fields=["expires_at"]),
        ]

    @property
    def label(self) -> str:
        return f"P{self.serial}"

    @property
    def erased(self) -> bool:
        return self.state == self.State.ERASED

    @property
    def over(self) -> bool:
        """True from the moment, whether or not the job has asked."""
        return not self.erased and self.expires_at <= now()

    @property
    def readable(self) -> bool:
        """What has run out or is erased is closed to reading."""
        return not (self.erased or self.over)

    @property
    def review_late(self) -> bool:
        return self.readable and self.state != self.State.CLOSED and self.review_due <= now()

    @property
    def shown_name(self) -> str:
        if self.erased:
            return "erased"
        return "closed to reading" if self.over else self.name


class PersonStep(SealedModel, ScopedModel):
    """One line of the history: what was done to the file, when, why and by whom."""

    view_action = "person.view"
    row_security = True
    append_only = True

    class What(models.TextChoices):
        REFERRED = "referred", "referred"
        MOVED = "moved", "moved"
        CHANGED = "changed", "changed"
        REVIEWED = "reviewed", "reviewed"
        ASKED = "asked", "ran out, and was asked about"
        MERGED = "merged", "merged"
        UNMERGED = "unmerged", "merge undone"
        CARD = "card", "BOLO card"
        EXPORTED = "exported", "handed out"
        ERASED = "erased", "erased"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=10, choices=What)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    reason = SealedField()
    by = somebody()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-id"]


class PersonRecord(SealedModel, ScopedModel):
    """What the records of a person share: where it comes from, how good it is, who added it. A
    wrong one is withdrawn with a reason, not rewritten."""

    view_action = "person.view"
    row_security = True
    source = SealedField()
    scale = models.CharField(max_length=20, default="admiralty")
    source_grade = models.CharField(max_length=2, blank=True)
    information_grade = models.CharField(max_length=2, blank=True)
    added_by = somebody()
    added_at = models.DateTimeField(default=now)
    withdrawn_by = somebody()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = SealedField()

    class Meta:
        abstract = True

    @property
    def grade(self) -> str:
        return f"{self.source_grade}{self.information_grade}"


class PersonFact(PersonRecord):
    """An alias or an identifier. Two persons may share one: that merges nobody."""

    class Kind(models.TextChoices):
        ALIAS = "alias", "Alias"
        PHONE = "phone", "Telephone"
        MAIL = "mail", "E-mail"
        HANDLE = "handle", "Handle"
        ADDRESS = "address", "Address"
        VEHICLE = "vehicle", "Vehicle"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind)
    value = SealedField()
    """Of a vehicle the plate."""
    description = SealedField()

    class Meta:
        ordering = ["kind", "added_at"]
        indexes = [models.Index(fields=["person", "kind"])]


class PersonImage(PersonRecord):
    """A picture of somebody, sealed. No face is measured in it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="images")
    number = models.IntegerField()
    caption = SealedField()
    taken_on = models.DateField(null=True)
    picture = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    small = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="one_person_image_per_number")
        ]


class PersonTie(PersonRecord):
    """How two persons stand to each other. It tells of both, so its key is neither's: it goes with
    whoever of them is erased first."""

    class Kind(models.TextChoices):
        FAMILY = "family", "Family"
        PARTNER = "partner", "Partner"
        FRIEND = "friend", "Friend"
        COLLEAGUE = "colleague", "Works with"
        GROUP = "group", "In one group with"
        OPPONENT = "opponent", "Opponent of"
        OTHER = "other", "Other"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tied")
    kind = models.CharField(max_length=10, choices=Kind)
    words = SealedField()

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")), name="person_tie_of_two"
            )
        ]


class CourtOrder(PersonRecord):
    """What a court has ordered, with its end: an order without a known end says so."""

    class Kind(models.TextChoices):
        RESTRAINING = "restraining", "Restraining order"
        NO_CONTACT = "no_contact", "No contact"
        EXCLUSION = "exclusion", "Exclusion from an area"
        BAIL = "bail", "Condition of bail or release"
        INJUNCTION = "injunction", "Injunction"
        OTHER = "other", "Other order"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="court_orders")
    kind = models.CharField(max_length=12, choices=Kind)
    court = SealedField()
    reference = SealedField()
    conditions = SealedField()
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)

    class Meta:
        ordering = ["-issued_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("issued_on")),
                name="court_order_ends_after_it_begins",
            )
        ]

    @property
    def standing(self) -> str:
        """In words; unknown is not in force for ever."""
        if self.expires_on is None:
            return "end not known"
        return "in force" if self.expires_on >= now().date() else "has ended"


class PersonMerge(SealedModel, ScopedModel):
    """A person has said that two files are one, with reasons; and may have taken it back. Nothing
    is moved between the files, so undoing it leaves both as they were. A key of its own."""

    view_action = "person.view"
    row_security = True
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged")
    reason = SealedField()
    by = somebody(null=False)
    at = models.DateTimeField(default=now)
    undone_by = somebody()
    undone_at = models.DateTimeField(null=True)
    undone_reason = SealedField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"],
                condition=models.Q(undone_at__isnull=True),
                name="one_living_merge_per_person",
            )
        ]
