"""Sightings against a BOLO card: candidates that a person confirms or denies, and remembers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read

from ..events import bolo_confirmed
from ..models import BoloCard, BoloSighting
from .bolo_common import held, say
from .common import named

AGAIN = timedelta(minutes=10)
"""A car that stands before a reader is read many times, and is one candidate."""


@transaction.atomic
def report_sighting(
    *,
    actor: Actor,
    card: BoloCard,
    operation: Any,
    words: str,
    at: datetime | None = None,
    position: list[float] | None = None,
    report: UUID | None = None,
    has_photo: bool = False,
    has_voice: bool = False,
) -> BoloSighting:
    """A candidate. One that was made before the recall reached the phone is kept as well."""
    require(actor, "bolo.view", card.compartment_id)
    named(actor, "report a sighting")
    if card.state == BoloCard.State.DRAFT:
        raise Refused(f"{card.label} has not been issued", where="bolo")
    if not words.strip() and not has_photo and not has_voice:
        raise Refused("Say what you saw", where="words")
    made = BoloSighting.objects.create(
        card=card,
        key_id=card.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        report=report,
        has_photo=has_photo,
        has_voice=has_voice,
        at=at or now(),
        by=actor,
        words=words.strip()[:2000],
        position=position or [],
    )
    say(card, "seen", "perhaps seen, to be confirmed or denied", actor)
    return made


@transaction.atomic
@system_read("a machine has no name; whether it was right a person decides")
def machine_sighting(
    *, card: BoloCard, operation: Any, words: str, at: datetime, position: list[float] | None
) -> BoloSighting | None:
    """A candidate by nobody. None when the same words were just said, or denied of this card."""
    before = card.sightings.filter(by=None, operation=operation)
    denied = before.filter(state=BoloSighting.State.DENIED)
    recent = before.filter(at__gt=at - AGAIN, at__lt=at + AGAIN)
    if any(one.words == words for one in [*denied, *recent]):
        return None
    made = BoloSighting.objects.create(
        card=card,
        key_id=card.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        at=at,
        words=words[:2000],
        position=position or [],
    )
    say(card, "seen", "perhaps seen by a machine, to be confirmed or denied", SYSTEM)
    return made


@transaction.atomic
def decide_sighting(
    *, actor: Actor, sighting: BoloSighting, confirmed: bool, reason: str = ""
) -> BoloSighting:
    """A person says that it was, or was not. A denial needs its reason, and phones show it."""
    require(actor, "bolo.decide", sighting.compartment_id)
    named(actor, "confirm or deny a sighting")
    card = held(actor, sighting.card)
    sighting.refresh_from_db()
    if sighting.state != BoloSighting.State.CANDIDATE:
        raise Refused(f"This was {sighting.state} by {sighting.decided_by}")
    if not confirmed and not reason.strip():
        raise Refused(
            "Say why it was not",
            where="reason",
            mend="Whoever sees the same next will read it.",
        )
    states = BoloSighting.State
    sighting.state = states.CONFIRMED if confirmed else states.DENIED
    sighting.decided_by, sighting.decided_at = actor, now()
    sighting.reason = reason.strip()[:1000]
    sighting.save()
    if confirmed:
        _move_on(card, sighting)
        bolo_confirmed.send(sender=BoloSighting, sighting=sighting, card=card, actor=actor)
    say(card, sighting.state, f"sighting {sighting.state}", actor)
    return sighting


def _move_on(card: BoloCard, sighting: BoloSighting) -> None:
    """Last seen is what was confirmed last."""
    if card.last_seen_at and card.last_seen_at >= sighting.at:
        return
    card.last_seen_at = sighting.at
    place = f" ({', '.join(f'{value:.4f}' for value in sighting.position)})"
    card.last_place = f"{sighting.words[:200]}{place if sighting.position else ''}".strip()
    card.updated_at = now()
    card.save(update_fields=["last_seen_at", "last_place", "updated_at"])
