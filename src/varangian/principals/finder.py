"""Principals and what is public about them, in find-anything."""

from itertools import islice

from django.urls import reverse

from varangian.platform.access.scope import Actor
from varangian.platform.ui.find import MOST, Hit

from . import queries
from .queries import exposure


def search(actor: Actor, text: str) -> list[Hit]:
    return [
        Hit(row.code_name, reverse("principals:show", args=[row.slug]), row.get_state_display())
        for row in queries.search(actor, text)
    ]


def search_exposure(actor: Actor, text: str) -> list[Hit]:
    """Named by number and kind: what is public stays on its page."""
    return [
        Hit(
            f"{row.label} {row.get_kind_display()}",
            reverse("principals:exposure_item", args=[row.principal.slug, row.pk]),
            row.principal.code_name,
        )
        for row in islice(exposure.search(actor, text), MOST)
    ]
