"""BOLO cards that a phone takes along: their words in the snapshot, each picture by itself."""

from typing import Any

from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, may
from varangian.threats.models import BoloCard, BoloPicture
from varangian.threats.queries import bolo
from varangian.threats.shapes.bolo import card_shape

from .phone import part

MOST = 40
MOST_BYTES = 760_000
"""Of all pictures together; with the words the whole set stays under a megabyte."""
DENIALS = 5


@part("bolo")
def cards(actor: Actor, operation: Operation) -> dict[str, Any] | None:
    """None for who does not look out; ``gone`` names what ended a short while ago, ``left`` counts
    the cards for which there was no room."""
    if not may(actor, "bolo.view", operation.compartment_id):
        return None
    found = bolo.out(actor, operation)
    rows = list(found.prefetch_related("pictures__small")[:MOST])
    denied = bolo.denials(actor, rows)
    taken = within([list(row.pictures.all()) for row in rows])
    return {
        "cards": [
            {
                **card_shape(row),
                "pictures": [
                    {"id": str(one.pk), "caption": one.caption}
                    for one in row.pictures.all()
                    if one.pk in taken
                ],
                "denied": [one.reason for one in denied.get(row.pk, [])[:DENIALS]],
            }
            for row in rows
        ],
        "gone": [_gone(row) for row in bolo.ended_of(actor, operation)[:6]],
        "left": max(0, found.count() - len(rows)),
    }


def within(pictures: list[list[BoloPicture]], most: int = MOST_BYTES) -> set[Any]:
    """The first picture of every card before the second of any, as far as there is room."""
    deepest = max((len(row) for row in pictures), default=0)
    ordered = [row[depth] for depth in range(deepest) for row in pictures if len(row) > depth]
    taken, room = set(), most
    for one in ordered:
        if one.small.size <= room:
            taken.add(one.pk)
            room -= one.small.size
    return taken


def _gone(card: BoloCard) -> dict[str, Any]:
    recalled = card.state == BoloCard.State.RECALLED
    at = card.recalled_at if recalled else card.expires_at
    state = "recalled" if recalled else "expired"
    return {"id": str(card.pk), "serial": card.label, "state": state, "at": at}
