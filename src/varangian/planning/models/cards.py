"""Contingency cards (artefact A14) of one operation: versions that stay, and their rehearsals."""

from django.db import models

from varangian.kernel.clock import now
from varangian.platform.access.scope import ScopedModel
from varangian.platform.crypto.models import SealedField, SealedModel


class Card(ScopedModel):
    """What to do on one event. The words stand in its versions; this row says which one counts."""

    view_action = "card.view"
    row_security = True
    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.CASCADE, related_name="cards"
    )
    library_id = models.CharField(max_length=60)
    """A card of planning/library/actions_on.yaml."""
    title = models.CharField(max_length=80)
    code_word = models.CharField(max_length=60)
    """A slot of the library; the word itself is set in the communications plan."""
    version = models.IntegerField(default=1)
    """The newest."""
    in_force = models.IntegerField(null=True)
    """The version that the team acts on; empty while it is only a draft."""
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "library_id"], name="one_card_per_event")
        ]


class CardVersion(SealedModel, ScopedModel):
    """The words of a card at one time; never changed."""

    view_action = "card.view"
    row_security = True
    append_only = True
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    content = SealedField(shape=dict)
    """trigger, drill (role, do), call (who, how), fall_back, do_not."""
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    """Where to fall back to."""
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="one_card_version")]


class Rehearsal(SealedModel, ScopedModel):
    """A card was walked through: when, who, how long, and what was found."""

    view_action = "card.view"
    row_security = True
    append_only = True
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="rehearsals")
    version = models.IntegerField()
    held_at = models.DateTimeField()
    minutes = models.IntegerField()
    people = SealedField(shape=list)
    """Post and holder, as they were."""
    findings = SealedField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-held_at"]
