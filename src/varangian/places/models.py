"""Places on the team's map, and what the advance found there.

Where somebody lives is as sensitive as who they are.
"""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Place(SealedModel, ScopedModel):
    view_action = "place.view"
    row_security = True

    class Kind(models.TextChoices):
        VENUE = "venue", "Venue"
        RESIDENCE = "residence", "Residence"
        HOTEL = "hotel", "Hotel"
        RESTAURANT = "restaurant", "Restaurant"
        AIRPORT = "airport", "Airport"
        FBO = "fbo", "Private terminal"
        STATION = "station", "Station"
        OFFICE = "office", "Office"
        HOSPITAL = "hospital", "Hospital"
        TRAUMA_CENTRE = "trauma_centre", "Trauma centre"
        SAFE_HAVEN = "safe_haven", "Safe haven"
        ROUTE = "route", "Route"
        CITY = "city", "City"
        OTHER = "other", "Other"

    slug = models.SlugField()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    name = SealedField()
    address = SealedField()
    notes = SealedField()
    phone = SealedField()
    position = SealedField(shape=list)
    """[latitude, longitude] in degrees, WGS 84; empty while unlocated."""
    precision = models.CharField(max_length=10, default="unlocated")
    """exact, airport, city, between (a route) or unlocated."""
    begins_at = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    ends_at = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """A route leads from one place to another; other places have neither."""
    source_text = SealedField()
    located_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT)
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compartment", "slug"], name="one_place_per_slug")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def located(self) -> bool:
        return bool(self.position)


class SurveyFact(ScopedModel):
    """One question at one place: when it was last verified and until when that holds.

    What was answered stands in the answers; here is nothing that tells anything by itself.
    """

    view_action = "survey.view"
    row_security = True
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facts")
    form = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    answers_made = models.IntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    disputed = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    """When those who depend on it were told that this answer has expired."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "form", "item"], name="one_fact_per_item")
        ]
        indexes = [models.Index(fields=["compartment", "expires_at"])]


class SurveyAnswer(SealedModel, ScopedModel):
    """What a named person found. Nothing is ever changed: a correction is a further answer."""

    view_action = "survey.view"
    row_security = True
    append_only = True

    class Act(models.TextChoices):
        FOUND = "found", "Found"
        CHANGED = "changed", "Has changed"
        STILL_SO = "still_so", "Still so"
        SETTLED = "settled", "Settled"

    fact = models.ForeignKey(SurveyFact, on_delete=models.PROTECT, related_name="answers")
    number = models.IntegerField()
    act = models.CharField(max_length=10, choices=Act)
    content = SealedField(shape=dict)
    """value, note, and ``absent`` when the question does not apply here."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()
    """When it was seen."""
    made_at = models.DateTimeField(default=now)
    """When it was written down."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "number"], name="one_answer_per_number")
        ]


class SurveyPhoto(SealedModel, ScopedModel):
    """A picture of the advance; the newest of its slot counts, the others stay on record."""

    view_action = "survey.view"
    row_security = True
    append_only = True
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="survey_photos")
    form = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    caption = SealedField()
    original = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey("storage.StoredFile", on_delete=models.PROTECT, related_name="+")
    """Smaller, upright, without what a camera writes beside the picture."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-taken_at", "-made_at"]
        indexes = [models.Index(fields=["place", "form", "item"])]


class SurveyVersion(SealedModel, ScopedModel):
    """A survey as it stood when a named person signed it: numbered, dated, never changed."""

    view_action = "survey.view"
    row_security = True
    append_only = True
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="survey_versions")
    form = models.CharField(max_length=60)
    number = models.IntegerField()
    complete = models.BooleanField()
    """False: it was signed with gaps, each with its reason."""
    content = SealedField(shape=dict)
    note = SealedField()
    signed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "form", "number"], name="one_survey_version")
        ]
