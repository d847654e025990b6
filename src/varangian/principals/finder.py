"""Principals in find-anything."""

from django.urls import reverse

from varangian.platform.access.scope import Actor
from varangian.platform.ui.find import Hit

from . import queries


def search(actor: Actor, text: str) -> list[Hit]:
    return [
        Hit(row.code_name, reverse("principals:show", args=[row.slug]), row.get_state_display())
        for row in queries.search(actor, text)
    ]
