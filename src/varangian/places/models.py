"""Places on the team's map. Where somebody lives is as sensitive as who they are."""

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
        AIRPORT = "airport", "Airport"
        STATION = "station", "Station"
        OFFICE = "office", "Office"
        HOSPITAL = "hospital", "Hospital"
        TRAUMA_CENTRE = "trauma_centre", "Trauma centre"
        SAFE_HAVEN = "safe_haven", "Safe haven"
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
    """exact, airport, city or unlocated."""
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
