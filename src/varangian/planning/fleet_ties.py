"""What planning knows when travel asks: the card for a suspect item, leave, records, duties."""

from datetime import datetime
from typing import Any

from varangian.kernel.results import Conflict
from varangian.platform.access.scope import Actor
from varangian.travel.events import allotment_asked, drill_asked, duties_asked, roster_asked

from .models import CardVersion
from .queries import cards
from .queries.roster import records, taken

CARD = "suspect_item"


def register_all() -> None:
    drill_asked.connect(on_drill, dispatch_uid="planning.drill")
    allotment_asked.connect(on_allotment, dispatch_uid="planning.allotment")
    roster_asked.connect(on_roster, dispatch_uid="planning.roster")
    duties_asked.connect(on_duties, dispatch_uid="planning.duties")


def on_drill(operation: Any, actor: Actor, **_: Any) -> list[str]:
    """The card in force, what not to do first; nothing when there is none."""
    found = cards.cards(actor, operation).filter(
        library_id=CARD, in_force__isnull=False, withdrawn_at=None
    )
    card = found.first()
    if card is None:
        return []
    versions = CardVersion.objects.visible_to(actor).filter(card=card, number=card.in_force)
    content = next((row.content for row in versions[:1]), {})
    calls = ", ".join(
        f"{row['who']} {row.get('how', '')}".strip() for row in content.get("call", [])
    )
    lines = [content.get("do_not", ""), *(step["do"] for step in content.get("drill", []))]
    return [line for line in [*lines, f"Call: {calls}" if calls else ""] if line]


def on_allotment(driver: Any, starts: datetime, ends: datetime, **_: Any) -> None:
    """Whoever is on leave or ill drives no leg. A duty is no obstacle: the leg belongs to it."""
    if driver is None:
        return
    away = [hold for hold in taken([driver], starts, ends) if hold.kind != "duty"]
    if away:
        words = f"{away[0].starts:%d %b %H:%M} to {away[0].ends:%d %b %H:%M} UTC"
        what = away[0].kind.replace("_", " ")
        raise Conflict(f"{driver} is away then: {what}", words, "Take another driver.")


def on_roster(actor: Actor, person: Any, **_: Any) -> dict[str, Any] | None:
    """The officer's record, to whoever may see it."""
    found = records(actor, [person]).get(person.pk)
    return dict(found.facts) if found else None


def on_duties(person_id: Any, since: datetime, until: datetime, **_: Any) -> list[Any]:
    """When they are rostered, wherever; not for what."""
    rows = [hold for hold in taken([person_id], since, until) if hold.kind == "duty"]
    return [(hold.starts, hold.ends) for hold in rows]
