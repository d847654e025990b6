"""A BOLO card goes out, is reviewed, and ends: by time, or by recall with a reason."""

from datetime import timedelta

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.audit.services import note

from ..library.bolo import bolo
from ..models import BoloCard, BoloReview
from .bolo_cards import check_end
from .bolo_common import check_reviewer, check_words, held, say
from .common import named


@transaction.atomic
def issue_card(*, actor: Actor, card: BoloCard) -> BoloCard:
    """From now on it is on the Board and on every phone of those it is for."""
    require(actor, "bolo.issue", card.compartment_id)
    named(actor, "issue a card")
    card = held(actor, card)
    if card.state != BoloCard.State.DRAFT:
        raise Refused(f"{card.label} is {card.shown_state}", mend="Only a draft is issued.")
    check_words(card)
    check_reviewer(card, actor, card.drawn_by)
    check_end(card.expires_at)
    if not card.features and not card.pictures.exists():  # pyright: ignore
        raise Refused(
            "Nobody can tell whom or what this is about",
            where="features",
            mend="Describe a feature, or add a picture.",
        )
    card.state = BoloCard.State.ISSUED
    card.issued_by, card.issued_at = actor, now()
    card.review_due = now() + timedelta(hours=bolo().review_within_hours)
    card.updated_at = now()
    card.save()
    say(card, "issued", "issued", actor)
    return card


@transaction.atomic
def recall_card(*, actor: Actor, card: BoloCard, reason: str) -> BoloCard:
    """It leaves every screen and phone; who has it in hand is told so at once."""
    require(actor, "bolo.recall", card.compartment_id)
    named(actor, "recall a card")
    card = held(actor, card)
    if card.shown_state not in (BoloCard.State.ISSUED, BoloCard.State.DRAFT):
        raise Refused(f"{card.label} is {card.shown_state} already")
    if not reason.strip():
        raise Refused("Say why it is recalled", where="reason")
    card.state = BoloCard.State.RECALLED
    card.recalled_by, card.recalled_at = actor, now()
    card.recall_reason = reason.strip()[:1000]
    card.updated_at = now()
    card.save()
    say(card, "recalled", "recalled", actor)
    return card


@transaction.atomic
def review_card(*, actor: Actor, card: BoloCard, words: str, stands: bool = True) -> BoloReview:
    """By the reviewer who is named on it: still needed and still fair, or recalled at once."""
    require(actor, "bolo.review", card.compartment_id)
    named(actor, "review a card")
    card = held(actor, card)
    if actor.pk != card.reviewer_id:
        raise Refused(f"{card.label} is reviewed by {card.reviewer}", where="reviewer")
    if not card.live:
        raise Refused(
            f"{card.label} is {card.shown_state}", mend="Only an issued card is reviewed."
        )
    if not words.strip():
        raise Refused("Say what you found", where="words")
    done = BoloReview.objects.create(
        card=card,
        key_id=card.key_id,
        compartment_id=card.compartment_id,
        by=actor,
        stands=stands,
        words=words.strip()[:2000],
    )
    card.reviewed_at = done.at
    card.review_due = min(done.at + timedelta(hours=bolo().review_every_hours), card.expires_at)
    card.save(update_fields=["reviewed_at", "review_due"])
    say(card, "reviewed", "reviewed: it stands" if stands else "reviewed: to be recalled", actor)
    if not stands:
        recall_card(actor=actor, card=card, reason=words)
    return done


def looked(*, actor: Actor, card: BoloCard, how: str) -> None:
    """Every view is on record: who, when, and where they saw it."""
    note(kind="read", record=card, purpose=f"BOLO card {how}", actor=actor)


@transaction.atomic
def expire_cards() -> int:
    """Write down what has run out, so that screens and phones hear of it; returns how many."""
    due = _due()
    for card in due:
        card.state = BoloCard.State.EXPIRED
        card.save(update_fields=["state"])
        say(card, "expired", "has expired", SYSTEM)
    return len(due)


@system_read("time runs out for everybody; the job acts for nobody")
def _due() -> list[BoloCard]:
    rows = BoloCard.objects.filter(state=BoloCard.State.ISSUED, expires_at__lte=now())
    return list(rows.select_related("operation__engagement"))
