"""What the writers of BOLO cards share."""

from typing import Any

from varangian.kernel.results import Refused
from varangian.platform.access.models import Compartment
from varangian.platform.access.scope import Actor, may, system_read
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..library.bolo import bolo
from ..models import BoloCard

TOPIC = "bolo"
LAW = ("purpose", "proportionality", "why", "tell")
"""Words without which there is no card, besides legal basis, reviewer and end."""
PLAIN = {"why": "Why, in one line", "tell": "Who to tell"}


def say(card: BoloCard, event: str, words: str, actor: Actor) -> None:
    """The log names the card by its number, never by its content; screens and phones hear at once.

    A card for the whole engagement is news in each of its operations.
    """
    announce(
        topic=TOPIC,
        event=event,
        text=f"BOLO {card.label} {words}",
        compartment_id=card.operation.compartment_id,
        operation_id=card.operation_id,
        record=("bolo", card.pk),
        actor=actor,
    )
    if card.wide:
        for circle in _circles_below(card):
            publish(topic=TOPIC, kind=event, record=card.pk, compartment_id=circle)


@system_read("news of a card reaches each operation that it is for; it carries no content")
def _circles_below(card: BoloCard) -> list[Any]:
    below = Compartment.objects.filter(parent_id=card.compartment_id)
    rest = below.exclude(pk=card.operation.compartment_id).values_list("pk", flat=True)
    return [card.compartment_id, *rest]


def held(actor: Actor, card: BoloCard) -> BoloCard:
    """The card as it stands now, locked."""
    rows = BoloCard.objects.visible_to(actor).select_related("operation__engagement", "reviewer")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=card.pk)


def check_words(card: BoloCard) -> None:
    """Law 6: no card without purpose, legal basis, proportionality, reviewer and end."""
    library = bolo()
    if not card.title:
        raise Refused("A card needs a title", where="title")
    for name in LAW:
        if not getattr(card, name):
            words = PLAIN.get(name, name.capitalize())
            raise Refused(f"There is no card without this: {words.lower()}", where=name)
    library.basis(card.legal_basis)
    drill = library.drill(card.drill)
    if card.kind not in drill.kinds:
        raise Refused(
            f"'{drill.title}' is not for a {card.kind}",
            where="drill",
            mend=", ".join(one.id for one in library.drills_for(card.kind)),
        )
    unknown = set(card.features) - {one.id for one in library.kind(card.kind).features}
    if unknown:
        raise Refused("There is no such feature", where=", ".join(sorted(unknown)))


def check_reviewer(card: BoloCard, *others: Any) -> None:
    """Somebody else than who drew or issues the card, and who may do it."""
    if card.reviewer_id in {getattr(one, "pk", None) for one in others}:
        raise Refused(
            "Nobody reviews their own card", where="reviewer", mend="Name somebody of the desk."
        )
    if not may(card.reviewer, "bolo.review", card.operation.compartment_id):
        raise Refused(
            f"{card.reviewer} may not review cards here",
            where="reviewer",
            mend="Name a detail leader, analyst or operator of the operation.",
        )
