"""A BOLO card from the file of a person, and an existing card that is about one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.storage.services import read

from ..library.bolo import bolo
from ..models import BoloCard, Person, PersonFact
from ..queries import persons as queries
from .bolo_cards import add_picture, draw_card
from .bolo_common import held as held_card
from .bolo_common import say as say_of_card
from .persons_common import What, step, working

MOST_WHY = 200


def prefilled(actor: Actor, person: Person, kind: str = "person") -> dict[str, Any]:
    """What a card can take from the file, for a person to look through before it is drawn."""
    queries.check_readable(person)
    facts = list(queries.facts(actor, person))
    return {
        "title": _title(person, facts, kind)[:120],
        "why": person.concern.split("\n")[0][:MOST_WHY],
        "features": _features(person, facts, kind),
        "legal_basis": person.legal_basis,
        "purpose": person.purpose,
        "proportionality": person.proportionality,
        "drill": bolo().drills_for(bolo().kind(kind).id)[0].id,
    }


def _title(person: Person, facts: list[PersonFact], kind: str) -> str:
    if kind == "vehicle":
        cars = [row for row in facts if row.kind == PersonFact.Kind.VEHICLE]
        return " ".join(filter(None, (cars[0].value, cars[0].description))) if cars else ""
    alias = next((row.value for row in facts if row.kind == PersonFact.Kind.ALIAS), "")
    return f"{person.name} ({alias})" if alias else person.name


def _features(person: Person, facts: list[PersonFact], kind: str) -> dict[str, str]:
    cars = [row for row in facts if row.kind == PersonFact.Kind.VEHICLE]
    if kind == "vehicle":
        found = {"plate": cars[0].value, "make": cars[0].description} if cars else {}
    else:
        travels = "; ".join(f"{row.description} {row.value}".strip() for row in cars)
        found = {"marks": person.description, "carries": travels}
    known = {one.id for one in bolo().kind(kind).features}
    return {name: words[:400] for name, words in found.items() if words and name in known}


@transaction.atomic
def draw_card_of(
    *, actor: Actor, person: Person, operation: Any, with_image: bool = True, **fields: Any
) -> BoloCard:
    """A draft, sealed with the person's key: it ends with the person, in every copy, and not after
    the file itself."""
    person = _for_card(actor, person, operation)
    usual = now() + timedelta(hours=bolo().usual_hours)
    fields["expires_at"] = _end(person, fields.get("expires_at") or min(usual, person.expires_at))
    card = draw_card(actor=actor, operation=operation, person=person, **fields)
    latest = queries.images(actor, person).order_by("-number").first() if with_image else None
    if latest is not None and card.kind == BoloCard.Kind.PERSON:
        add_picture(actor=actor, card=card, data=read(latest.picture), caption=latest.caption)
    step(person, What.CARD, actor, f"{card.label} of {operation.slug} drawn")
    return card


@transaction.atomic
def tie_card(*, actor: Actor, person: Person, card: BoloCard) -> BoloCard:
    """A card that was there before is about this person. It stays sealed with its operation's key;
    when the person is erased it is recalled and its words are taken out."""
    require(actor, "bolo.change", card.compartment_id)
    person = _for_card(actor, person, card.operation)
    card = held_card(actor, card)
    if card.person_id == person.pk:
        return card
    if card.person_id is not None:
        raise Refused(f"{card.label} is about another person already", where="card")
    card.person = person
    card.save(update_fields=["person"])
    step(person, What.CARD, actor, f"{card.label} of {card.operation.slug} tied")
    say_of_card(card, "changed", f"is about person {person.label}", actor)
    return card


def _end(person: Person, at: datetime) -> datetime:
    if at > person.expires_at:
        raise Refused(
            f"The card would outlive the file of {person.label}",
            where="expires_at",
            mend=f"{person.label} is kept until {person.expires_at:%d %b %Y %H:%M} UTC.",
        )
    return at


def _for_card(actor: Actor, person: Person, operation: Any) -> Person:
    person = working(actor, person, "make a card of a person")
    if operation.engagement_id != person.engagement_id:
        raise Refused(
            "The operation belongs to another engagement",
            where="operation",
            mend="A card of a person stays within the engagement.",
        )
    return person
