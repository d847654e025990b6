"""Contingency cards on paper: what is in force, each on its own half page."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .printing import destroyed
from .queries import cards

TEMPLATE = "planning/cards.typ"
HOURS = 24
"""After stand-down; as for the officers' edition of the order."""


def cards_pdf(actor: Actor, operation: Any) -> bytes:
    """In force, for the reader: their own duty first on each card. The print is audited."""
    require(actor, "card.view", operation.compartment_id)
    rows = cards.shown_of(actor, operation, in_force=True)
    if not rows:
        raise Refused(
            "No contingency card is in force",
            where=operation.slug,
            mend="Take the standard set, fit it, and put it in force.",
        )
    note(kind="export", record=operation, purpose="contingency cards", actor=actor)
    zone = ZoneInfo(operation.time_zone)
    return render(
        TEMPLATE,
        {
            "house": {
                "title": "Actions on",
                "subtitle": f"{operation.title} · {len(rows)} cards in force",
                "classification": "Protect: need to know",
                "serial": f"{operation.slug.upper()} CARDS",
                "version": f"{now().astimezone(zone):%d %b %H:%M %Z}",
                "destroy_after": destroyed(operation, HOURS, zone),
                "copy": str(actor),
            },
            "cards": [_card(row) for row in rows],
        },
    )


def _card(row: cards.Shown) -> dict[str, Any]:
    content, place = row.version.content, row.version.place
    where = f"{place.name} {place.address}".strip() if place else ""
    return {
        "title": row.card.title,
        "version": f"version {row.version.number}",
        "trigger": content["trigger"],
        "word": row.word,
        "steps": [[s["title"], s["do"], s["own"]] for s in row.steps],
        "call": [[c["who"], c["how"]] for c in content["call"]],
        "fall_back": " ".join(part for part in (content["fall_back"], where) if part),
        "do_not": content["do_not"],
        "stale": bool(row.stale),
    }
