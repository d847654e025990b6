"""Plates that readers report, held against the vehicles that the team looks out for."""

import re
from datetime import datetime
from typing import Any

from varangian.alerts.services import raise_alert
from varangian.engines.sightings.plates import canonical
from varangian.operations.models import Operation
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.threats.models import BoloCard
from varangian.threats.queries import bolo as queries
from varangian.threats.services import bolo

from ..jobs import look_for_patterns


@system_read("a reader's plate is held against the cards that are out, whoever drew them")
def on_plate(
    *, operation: Operation, plate: str, position: Any, at: datetime, source: str, **_: Any
) -> bool:
    """True when a card looks out for it, also when its candidate is there already."""
    found = [card for card in queries.out(SYSTEM, operation) if _names(card, plate)]
    for card in found:
        made = bolo.machine_sighting(
            card=card,
            operation=operation,
            words=f"Plate {plate} read by {source}",
            at=at,
            position=list(position) if position else None,
        )
        if made is not None:
            _ask(card, operation, made, source)
    if found:
        look_for_patterns.defer(operation=str(operation.pk))
    return bool(found)


def _names(card: BoloCard, plate: str) -> bool:
    """Look-alike characters count as the same: a person compares."""
    said = str(card.features.get("plate", ""))
    known = {canonical(part) for part in re.split(r"[,;()/]", said)} - {""}
    return card.kind == BoloCard.Kind.VEHICLE and canonical(plate) in known


def _ask(card: BoloCard, operation: Operation, made: Any, source: str) -> None:
    raise_alert(
        operation=operation,
        title=f"{card.label}: perhaps its plate, read by {source}"[:200],
        source="bolo",
        dedupe=f"bolo-plate:{made.pk}",
        urgency="now",
        place=source,
        body="A machine read it. Look-alike characters count as the same.",
        action=f"Open BOLO {card.label}, compare, then confirm or deny.",
        position=made.position or None,
    )
