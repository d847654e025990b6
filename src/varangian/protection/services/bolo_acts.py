"""BOLO cards in the field: that they were looked at, and a sighting that names one."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor
from varangian.threats.models import BoloCard
from varangian.threats.queries import bolo as queries
from varangian.threats.services import bolo

from ..models import FieldReport
from .outbox import Act, kind

MOST = 60
HOW = {"listed": "listed on a phone", "opened": "opened on a phone"}


@kind("bolo_view")
def looked(*, actor: Actor, act: Act) -> None:
    """Queued like every act: a view without a net is on record as well, with its time."""
    how = HOW.get(str(act.body.get("how")), HOW["opened"])
    for card in _cards(actor, act.body.get("cards")):
        bolo.looked(actor=actor, card=card, how=f"{how} at {act.at.astimezone(UTC):%H:%M:%S} UTC")


def _cards(actor: Actor, given: Any) -> list[BoloCard]:
    wanted = given[:MOST] if isinstance(given, list) else []
    return [card for one in wanted if (card := card_of(actor, {"bolo": one}))]


def card_of(actor: Actor, content: Mapping[str, Any]) -> BoloCard | None:
    """The card that a sighting names. One that is not for this person does not lose the report."""
    try:
        return queries.known_to(actor, UUID(str(content.get("bolo"))))
    except (NotFound, ValueError):
        return None


def against(actor: Actor, card: BoloCard, report: FieldReport) -> None:
    """A candidate, until somebody at the desk confirms or denies it."""
    said = report.content
    details = [f"{name} {said[name]}" for name in ("colour", "plate", "towards") if said.get(name)]
    bolo.report_sighting(
        actor=actor,
        card=card,
        operation=report.operation,
        words=", ".join(part for part in (said["text"], *details) if part) or "Seen",
        at=report.at,
        position=said.get("position"),
        report=report.pk,
        has_photo=report.photo_id is not None,
        has_voice=report.voice_id is not None,
    )
