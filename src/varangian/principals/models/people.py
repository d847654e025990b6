"""Who is protected. Everything about a person is sealed with a key of their own."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Principal(SealedModel, ScopedModel):
    """The protected person's file (artefact A2). Known to the team by slug and code name."""

    view_action = "principal.view"
    row_security = True

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        VERIFIED = "verified", "Verified"
        REVIEW_DUE = "review_due", "Review due"
        ARCHIVED = "archived", "Archived"
        ERASED = "erased", "Erased"

    slug = models.SlugField(unique=True)
    code_name = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    name = SealedField()
    background = SealedField()
    work = SealedField()
    public_exposure = SealedField()
    known_concerns = SealedField()
    preferences = SealedField()
    family = SealedField()
    addresses = SealedField()
    routine = SealedField()
    consent = SealedField()
    code_word = SealedField()
    duress_word = SealedField()
    medical = SealedField(shape=dict)
    """blood_group, allergies, conditions, medication, doctor, insurer, next_of_kin, notes."""
    medical_checked_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    review_due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.code_name


class Contact(SealedModel, ScopedModel):
    """Somebody to call about the principal: family, doctor, assistant, lawyer."""

    view_action = "principal.view"
    row_security = True
    principal = models.ForeignKey(Principal, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=60)
    name = SealedField()
    phone = SealedField()
    email = SealedField()
    notes = SealedField()
    emergency = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)


class PrivacyWindow(SealedModel, ScopedModel):
    """A time in which only duress may reach into the principal's day."""

    view_action = "principal.view"
    row_security = True
    principal = models.ForeignKey(Principal, on_delete=models.CASCADE, related_name="windows")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    rule = SealedField()
    agreed_with = SealedField()
