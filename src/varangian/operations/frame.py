"""What the spine gives to every page: the operation in hand, and how operations are found."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from varangian.platform.access.scope import Actor
from varangian.platform.ui.bar import Hand
from varangian.platform.ui.find import Hit

from . import queries
from .models import Operation

TONES = {"active": "blue", "planned": "green", "draft": "amber"}
MOST = 8
SCANNED = 300


def operations_in_hand(request: HttpRequest) -> list[Hand]:
    """What this page is about, and what else could be."""
    if not request.user.is_authenticated:
        return []
    rows = queries.in_hand(request.user, named=request.path.split("/"))
    return [_hand(row) for row in rows[:MOST]]


def _hand(row: Operation) -> Hand:
    return Hand(
        row.title,
        reverse("operations:show", args=[row.slug]),
        row.get_state_display(),
        TONES.get(row.state, "grey"),
    )


def find_operations(actor: Actor, text: str) -> list[Hit]:
    """Titles are sealed, so the latest few hundred are opened and compared here."""
    wanted = text.lower()
    rows: Any = queries.operations(actor)[:SCANNED]
    return [
        Hit(row.title, reverse("operations:show", args=[row.slug]), row.get_state_display())
        for row in rows
        if wanted in row.title.lower() or wanted in row.slug
    ]
