"""What a node takes along of one operation: which tables, and which of their columns stay at home.

A vehicle can be stolen. It carries what a detail needs to work and to save a life; who the
principal is, the client, the texts of the order and every password stay at the hub.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from varangian.platform.crypto.models import SealedField

Column = Any
"""A field of a model."""
FORM = 1
"""Of the copy; a node of another form says so instead of guessing."""


@dataclass(frozen=True)
class Crate:
    label: str
    path: str = ""
    """From the table to its operation."""
    home: tuple[str, ...] = ()
    """Columns that are not taken along."""

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    def fields(self) -> list[Column]:
        found = self.model._meta.concrete_fields
        return [one for one in found if one.name not in self.home]


CRATES = (
    Crate(
        "operations.Engagement",
        "operations",
        ("title", "client", "scope", "authority", "insurance"),
    ),
    Crate(
        "principals.Principal",
        "operations",
        (
            *("name", "background", "work", "public_exposure", "known_concerns", "preferences"),
            *("family", "addresses", "routine", "consent", "code_word", "duress_word"),
            *("verified_by", "verified_at"),
        ),
    ),
    Crate("principals.PrivacyWindow", "principal__operations", ("rule", "agreed_with")),
    Crate("operations.Operation", "pk", ("plan",)),
    Crate("places.Place", "", ("begins_at", "ends_at", "source_text", "located_by")),
    Crate("operations.Movement", "operation"),
    Crate("operations.Post", "operation"),
    Crate("operations.PostMovement", "post__operation"),
    Crate("operations.Duty", "operation", ("relieved_by", "handover")),
    Crate("protection.CheckRule", "operation"),
    Crate("tracking.Device", "operation"),
    Crate("protection.DuressKey"),
)
"""In the order in which they can be written."""


GO = ("operations.PostMovement", "operations.Movement", "operations.Post")
GO += ("protection.CheckRule", "principals.PrivacyWindow")
"""Tables whose rows go at the node when the hub no longer has them; others only ever end."""


def sealed(field: Column) -> bool:
    return isinstance(field, SealedField)
