"""A face that a person has confirmed becomes a sighting of the card that looks out for it."""

from typing import Any

from varangian.platform.access.scope import system_read
from varangian.threats.models import BoloCard
from varangian.threats.services import bolo

from . import nearness


@system_read("the card of a confirmed face, whoever drew it")
def on_face(*, match: Any, entry: Any, actor: Any, **_: Any) -> None:
    """With a card the sighting is confirmed on it; without one, the team hears how near it was.
    Where a camera of the engagement stands is not told to the operation."""
    camera, operation = match.camera, match.operation
    known = camera.position and not match.elsewhere
    position = list(camera.position) if known else None
    card = _card(entry)
    if card is not None:
        made = bolo.machine_sighting(
            card=card,
            operation=operation,
            words=f"Face before {match.seen_at}, compared by {actor}",
            at=match.last_at,
            position=position,
        )
        if made is not None:
            bolo.decide_sighting(actor=actor, sighting=made, confirmed=True)
            return
    if position:
        nearness.report_near(
            actor=actor,
            operation=operation,
            what=f"{entry.label} of the face watchlist, confirmed",
            position=position,
            confirmed=True,
            weighed=False,
        )


@system_read("the card of a confirmed face, whoever drew it")
def _card(entry: Any) -> BoloCard | None:
    if entry.case_kind != "bolo" or entry.case_id is None:
        return None
    return BoloCard.objects.filter(pk=entry.case_id, state=BoloCard.State.ISSUED).first()
