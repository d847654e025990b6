"""A person is erased: the key is destroyed, and what is left is a number with its dates."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys
from varangian.platform.storage.services import forget_files
from varangian.platform.thread.services import forget

from ..models import (
    BoloCard,
    BoloPicture,
    BoloSighting,
    CourtOrder,
    Person,
    PersonFact,
    PersonImage,
    PersonMerge,
    PersonTie,
)
from .bolo_common import say as say_of_card
from .common import named
from .persons_common import What, held, said, say, step

WORDS = ("name", "description", "concern", "purpose", "proportionality")
CARD_WORDS = ("title", "why", "last_place", "on_sight", "tell", "purpose", "proportionality")
ERASED = "[erased]"
GONE = "The person was erased"
OUT = (BoloCard.State.ISSUED, BoloCard.State.DRAFT)


@transaction.atomic
def erase_person(*, actor: Actor, person: Person, reason: str) -> Person:
    """The file, those folded into it, and every BOLO card drawn from them. ``reason`` stays."""
    from varangian.platform.access.paging import forget_answers  # loads the whole API

    require(actor, "person.erase", person.compartment_id)
    named(actor, "erase a person")
    reason = said(reason, "reason")
    person = held(actor, person)
    if person.erased:
        raise Refused(f"{person.label} was erased already")
    if person.merged_into is not None:
        raise Refused(
            f"{person.label} is part of {person.merged_into.label}",
            where=person.label,
            mend=f"Erase {person.merged_into.label}: both go. Or undo the merge first.",
        )
    for one in [*person.folded.all(), person]:  # pyright: ignore
        _erase(actor, one, reason)
    forget_answers()
    person.refresh_from_db()
    return person


def _erase(actor: Actor, person: Person, reason: str) -> None:
    for card in BoloCard.objects.visible_to(actor).filter(person=person):
        _end_card(actor, card, person)
    for model in (PersonFact, PersonImage, CourtOrder):
        model.objects.visible_to(actor).filter(person=person).delete()
    _end_between(actor, person)
    forget_files(key_id=person.key_id)
    before, person.state = person.state, Person.State.ERASED
    step(person, What.ERASED, actor, "", before, person.state)
    for name in WORDS:
        setattr(person, name, None)
    person.legal_basis, person.identified, person.merged_into = "", False, None
    person.state_since = person.updated_at = person.erased_at = now()
    person.save()
    note(kind="erase", record=person, actor=actor, purpose=reason)
    keys.destroy(person.key_id)
    forget(kind="person", records=[person.pk], note=GONE)
    say(person, "erased", f"erased by {actor.name}", actor)


def _end_between(actor: Actor, person: Person) -> None:
    """What tells of two goes with either."""
    both = Q(person=person) | Q(other=person)
    for tie in PersonTie.objects.visible_to(actor).filter(both):
        key = tie.key_id
        tie.delete()
        keys.destroy(key)
    merges = PersonMerge.objects.visible_to(actor).filter(Q(kept=person) | Q(other=person))
    for key in merges.values_list("key_id", flat=True):
        keys.destroy(key)


def _end_card(actor: Actor, card: BoloCard, person: Person) -> None:
    """Off every screen and phone first; then its words and pictures."""
    if card.state in OUT:
        card.state = BoloCard.State.RECALLED
        card.recalled_by, card.recalled_at, card.recall_reason = actor, now(), GONE
    pictures = BoloPicture.objects.visible_to(actor).filter(card=card)
    files = [pk for row in pictures for pk in (row.picture_id, row.small_id)]
    pictures.delete()
    forget_files(pks=_unused(actor, files))
    if card.key_id != person.key_id:
        _blank(actor, card)
    card.updated_at = now()
    card.save()
    say_of_card(card, "recalled", "recalled", actor)


def _unused(actor: Actor, files: list[Any]) -> list[Any]:
    """A card that was drawn anew shows the same pictures."""
    both = Q(picture__in=files) | Q(small__in=files)
    used = BoloPicture.objects.visible_to(actor).filter(both)
    kept = {pk for row in used for pk in (row.picture_id, row.small_id)}
    return [pk for pk in files if pk not in kept]


def _blank(actor: Actor, card: BoloCard) -> None:
    """A card that was tied later is sealed with the operation's key: its words are taken out."""
    for name in CARD_WORDS:
        setattr(card, name, ERASED)
    card.features = {}
    for seen in BoloSighting.objects.visible_to(actor).filter(card=card):
        seen.words = seen.reason = ERASED
        seen.position = []
        seen.save()
