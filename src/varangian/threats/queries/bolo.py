"""Reads of BOLO cards. Who has no need of the file sees only what is out and has not ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, circles, require

from ..models import BoloCard, BoloPicture, BoloReview, BoloSighting

VIEWS = ("out", "drafts", "ended", "all")
TOLD_FOR = timedelta(hours=12)
"""So long a phone says of a card that it was recalled."""


def operation_with_cards(actor: Actor, slug: str) -> Operation:
    found = operations.operation(actor, slug)
    require(actor, "bolo.view", found.compartment_id)
    return found


def cards(actor: Actor, operation: Any = None, view: str = "all") -> QuerySet[BoloCard]:
    """What is out first; of an operation also the cards for its whole engagement."""
    found = BoloCard.objects.visible_to(actor)
    filed = circles(actor, "bolo_file.view")
    if not actor.is_system and filed is not None:
        found = found.filter(_out() | Q(compartment_id__in=filed))
    if operation is not None:
        wide = Q(compartment_id=operation.engagement.compartment_id)
        found = found.filter(Q(operation=operation) | wide & ~Q(state="draft"))
    if view == "out":
        found = found.filter(_out())
    elif view == "drafts":
        found = found.filter(state=BoloCard.State.DRAFT)
    elif view == "ended":
        found = found.exclude(_out() | Q(state=BoloCard.State.DRAFT))
    people = ("reviewer", "drawn_by", "issued_by", "recalled_by", "operation__engagement", "person")
    return found.select_related(*people).order_by("-issued_at", "-drawn_at")


def _out() -> Q:
    return Q(state=BoloCard.State.ISSUED, expires_at__gt=now())


def out(actor: Actor, operation: Any = None) -> QuerySet[BoloCard]:
    """On the lookout now, with the pictures."""
    found = cards(actor, operation, "out").prefetch_related("pictures")
    return found.annotate(
        candidates=Count("sightings", filter=Q(sightings__state="candidate"), distinct=True)
    )


def ended_of(actor: Actor, operation: Any) -> QuerySet[BoloCard]:
    """Numbers only for the field: what was recalled or ran out a short while ago."""
    since = now() - TOLD_FOR
    wide = Q(compartment_id=operation.engagement.compartment_id)
    found = BoloCard.objects.visible_to(actor).filter(Q(operation=operation) | wide)
    gone = Q(recalled_at__gt=since) | Q(
        state__in=("issued", "expired"), expires_at__gt=since, expires_at__lte=now()
    )
    return found.filter(gone).exclude(issued_at=None).order_by("-expires_at")


def card(actor: Actor, pk: UUID) -> BoloCard:
    return _one(cards(actor).filter(pk=pk), "card", pk)


def card_numbered(actor: Actor, operation: Any, serial: int) -> BoloCard:
    rows = cards(actor).filter(operation=operation, serial=serial)
    return _one(rows, "card", f"B{serial}")


def known_to(actor: Actor, pk: UUID) -> BoloCard:
    """Also one that has ended: a sighting may be older than the recall."""
    rows = BoloCard.objects.visible_to(actor).exclude(issued_at=None).filter(pk=pk)
    return _one(rows.select_related("operation__engagement"), "card", pk)


def picture(actor: Actor, pk: UUID) -> BoloPicture:
    """Of a card that this person may see."""
    rows = BoloPicture.objects.visible_to(actor).filter(pk=pk, card__in=cards(actor))
    return _one(rows.select_related("card__operation", "picture", "small"), "picture", pk)


def pictures(actor: Actor, card: BoloCard) -> QuerySet[BoloPicture]:
    return BoloPicture.objects.visible_to(actor).filter(card=card).select_related("small")


def reviews(actor: Actor, card: BoloCard) -> QuerySet[BoloReview]:
    return BoloReview.objects.visible_to(actor).filter(card=card).select_related("by")


def sightings(actor: Actor, card: BoloCard) -> QuerySet[BoloSighting]:
    rows = BoloSighting.objects.visible_to(actor).filter(card=card)
    return rows.select_related("by", "decided_by", "card", "operation")


def sighting(actor: Actor, pk: UUID) -> BoloSighting:
    rows = BoloSighting.objects.visible_to(actor).filter(pk=pk)
    found = rows.select_related("card__operation__engagement", "card__reviewer", "decided_by")
    return _one(found, "sighting", pk)


def denials(actor: Actor, of: list[BoloCard]) -> dict[UUID, list[BoloSighting]]:
    """Who was taken for it and was not, for everybody who looks out."""
    rows = BoloSighting.objects.visible_to(actor, "bolo.view").filter(card__in=of, state="denied")
    found: dict[UUID, list[BoloSighting]] = {}
    for row in rows.order_by("-decided_at"):
        found.setdefault(row.card_id, []).append(row)
    return found


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row
