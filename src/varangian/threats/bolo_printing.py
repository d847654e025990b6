"""A BOLO card on paper: one leaf for the pocket. Only what is out is printed; each is audited."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.storage.images import smaller
from varangian.platform.storage.services import read
from varangian.platform.ui.pdf import render

from .models import BoloCard
from .queries import bolo as queries
from .shapes.bolo import drill, features

TEMPLATE = "threats/bolo.typ"
PICTURES = {"a6": 1, "a5": 2}
"""How many there is room for."""
SIDE = 700


def card_pdf(actor: Actor, card: BoloCard, size: str = "a6") -> bytes:
    require(actor, "bolo_file.view", card.compartment_id)
    if size not in PICTURES:
        raise Refused("A card is printed on A6 or A5", where=size, mend="size=a6 or size=a5")
    if not card.live:
        raise Refused(f"{card.label} is {card.shown_state}", mend="Only what is out is printed.")
    note(kind="export", record=card, purpose="BOLO card on paper", actor=actor)
    return render(TEMPLATE, _printed(actor, card, size))


def _printed(actor: Actor, card: BoloCard, size: str) -> dict[str, Any]:
    zone = ZoneInfo(card.operation.time_zone)
    pictures = queries.pictures(actor, card).select_related("picture")[: PICTURES[size]]
    ends = f"{card.expires_at.astimezone(zone):%d %b %H:%M %Z}"
    seen = card.last_seen_at
    return {
        "house": {
            "classification": "Protect: need to know",
            "serial": f"BOLO {card.label}",
            "version": str(card.version),
            "destroy_after": ends,
            "copy": str(actor),
        },
        "size": size,
        "title": card.title,
        "label": card.label,
        "kind": card.get_kind_display(),
        "ends": ends,
        "why": card.why,
        "features": [[one["title"], one["text"]] for one in features(card)],
        "last": card.last_place or "place not known",
        "last_at": f"{seen.astimezone(zone):%a %d %b %H:%M %Z}" if seen else "time not known",
        "drill": drill(card),
        "tell": card.tell,
        "pictures": [list(smaller(read(row.picture), SIDE)) for row in pictures],
    }
