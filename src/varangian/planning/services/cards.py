"""Contingency cards: taken from the library, fitted to the operation, rehearsed, put in force."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations.library import posts as standard_posts
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import Node, tie, untie
from varangian.principals import queries as principals

from ..compose.actions import settings_of
from ..compose.line import as_lines
from ..library import Card as StandardCard
from ..library import actions_on
from ..models import Card, CardVersion, Rehearsal
from ..queries import cards
from ..queries.material import material_places
from ..tailoring import POST_OF, Known, tailored
from .issuing import named

TEXTS = ("trigger", "fall_back", "do_not")
LONGEST = 400
MOST_MINUTES = 600
Refusal = tuple[str, str]


@transaction.atomic
def take_cards(
    *, actor: Actor, operation: Any, library_ids: Sequence[str] = ()
) -> tuple[list[Card], list[Refusal]]:
    """From the library, fitted to posts and places; without names all that may arise here.

    Returns the cards and, for each that was not taken, its name and why.
    """
    require(actor, "card.change", operation.compartment_id)
    known, shape = _known(actor, operation), material_places(actor, operation)
    held = set(cards.cards(actor, operation).values_list("library_id", flat=True))
    standard = [card.id for card in actions_on().arising_in(settings_of(shape))]
    wanted = list(dict.fromkeys(library_ids)) or [name for name in standard if name not in held]
    taken, refused = [], []
    for name in wanted:
        if name in held:
            refused.append((name, "The operation has it already"))
            continue
        try:
            taken.append(_take(actor, operation, actions_on().get(name), known))
        except NotFound as error:
            refused.append((name, str(error)))
    if taken:
        _tell(taken[0], "taken", f"{len(taken)} contingency cards taken as drafts", actor)
    return taken, refused


def _known(actor: Actor, operation: Any) -> Known:
    return Known(
        posts=tuple(operations.posts(actor, operation)),
        places=material_places(actor, operation).places,
        contacts=tuple(principals.contacts(actor, operation.principal)),
        numbers=as_lines((operation.plan or {}).get("emergency_contacts", "")),
    )


def _take(actor: Actor, operation: Any, standard: StandardCard, known: Known) -> Card:
    card = Card.objects.create(
        compartment_id=operation.compartment_id,
        operation=operation,
        library_id=standard.id,
        title=standard.title,
        code_word=standard.code_word,
    )
    content, place = tailored(standard, known)
    _write(actor, card, content, place, "From the library")
    _tie(card, content, place, known.posts)
    return card


@transaction.atomic
def change_card(
    *,
    actor: Actor,
    card: Card,
    why: str,
    place: Any = None,
    keep_place: bool = True,
    expected_version: int | None = None,
    **texts: Any,
) -> CardVersion:
    """A new version, as a draft; the one in force stays until this one is put in force.

    ``texts``: trigger, fall_back, do_not, ``drill`` (role to words) and ``call`` (who to how).
    """
    require(actor, "card.change", card.compartment_id)
    card = _locked(actor, card)
    if card.withdrawn_at:
        raise Refused("This card has been withdrawn", where=card.title)
    if expected_version is not None and card.version != expected_version:
        raise Conflict(
            "Somebody changed this card while you were looking at it",
            where=card.title,
            mend="Load it again; what you typed is kept as a draft.",
        )
    if not why.strip():
        raise Refused("Say what changed", where="why", mend="One line, for the list of versions.")
    before = CardVersion.objects.visible_to(actor).get(card=card, number=card.version)
    content = _changed(before.content, texts)
    where = before.place if keep_place and place is None else place
    if where is not None and where.pk not in {p.pk for p in _choices(actor, card.operation)}:
        raise NotFound("There is no such place in this operation", where="place")
    if content == before.content and where == before.place:
        raise Refused("Nothing is different", where=card.title)
    card.version += 1
    card.save(update_fields=["version"])
    made = _write(actor, card, content, where, why)
    _tie(card, content, where, tuple(operations.posts(actor, card.operation)))
    _tell(card, "changed", f"Card {card.title}: version {card.version} drafted", actor)
    return made


def _choices(actor: Actor, operation: Any) -> list[Any]:
    near = (operation.compartment_id, operation.engagement.compartment_id)
    return list(places.places(actor).filter(compartment_id__in=near))


def _changed(before: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    after = dict(before)
    for name in TEXTS:
        if name in texts:
            after[name] = _text(name, texts[name])
    if "drill" in texts:
        roles = standard_posts().roles()
        if strange := [role for role in texts["drill"] if role not in roles]:
            raise Refused("There is no such role", where=strange[0], mend=", ".join(sorted(roles)))
        steps = [(role, words.strip()) for role, words in texts["drill"].items() if words.strip()]
        after["drill"] = [{"role": role, "do": _text("drill", do)} for role, do in steps]
    if "call" in texts:
        after["call"] = [
            {"who": _text("call", who), "how": how.replace("\x00", "").strip()[:LONGEST]}
            for who, how in texts["call"].items()
        ]
    if not after["drill"] or not after["call"]:
        raise Refused("A card says who does what, and whom to call", where="drill")
    return after


def _text(name: str, words: str) -> str:
    clean = words.replace("\x00", "").strip()
    if not clean or len(clean) > LONGEST:
        raise Refused(f"This needs words, at most {LONGEST} letters", where=name)
    return clean


@transaction.atomic
def put_in_force(*, actor: Actor, card: Card) -> Card:
    """The newest version is what the team acts on from now."""
    require(actor, "card.change", card.compartment_id)
    named(actor, "put a card in force")
    card = _locked(actor, card)
    if card.withdrawn_at:
        raise Refused("This card has been withdrawn", where=card.title)
    if card.in_force == card.version:
        raise Refused("This version is in force already", where=card.title)
    card.in_force = card.version
    card.save(update_fields=["in_force"])
    _tell(card, "in_force", f"Card {card.title} version {card.version} is in force", actor)
    return card


@transaction.atomic
def withdraw_card(*, actor: Actor, card: Card) -> Card:
    """Nobody acts on it any more; its versions and rehearsals stay."""
    require(actor, "card.change", card.compartment_id)
    card = _locked(actor, card)
    if card.withdrawn_at:
        raise Refused("This card has been withdrawn already", where=card.title)
    card.withdrawn_at = now()
    card.save(update_fields=["withdrawn_at"])
    _tell(card, "withdrawn", f"Card {card.title} withdrawn", actor)
    return card


@transaction.atomic
def record_rehearsal(
    *,
    actor: Actor,
    operation: Any,
    chosen: Iterable[Card],
    held_at: datetime,
    minutes: int,
    posts: Iterable[Any],
    findings: str = "",
) -> list[Rehearsal]:
    """One walk-through may take in several cards; each keeps its own record."""
    require(actor, "card.change", operation.compartment_id)
    named(actor, "record a rehearsal")
    rows, people = list(chosen), [_person(post) for post in posts]
    if not rows or any(card.operation_id != operation.pk for card in rows):
        raise Refused("Name the cards of this operation that were walked through", where="cards")
    if not people:
        raise Refused("Say who was there", where="posts")
    if held_at > now():
        raise Refused("It has not been held yet", where="held at")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"It lasted between 1 and {MOST_MINUTES} minutes", where="minutes")
    made = [
        Rehearsal.objects.create(
            key_id=operation.key_id,
            compartment_id=operation.compartment_id,
            card=card,
            version=card.version,
            held_at=held_at,
            minutes=minutes,
            people=people,
            findings=findings.replace("\x00", "").strip()[:2000],
            by=actor,
        )
        for card in rows
    ]
    words = f"{len(rows)} contingency cards rehearsed, {minutes} min, {len(people)} posts"
    _tell(rows[0], "rehearsed", words, actor)
    return made


def _person(post: Any) -> str:
    return f"{post.title}: {post.holder}" if post.holder_id else f"{post.title}: nobody"


def _write(actor: Actor, card: Card, content: dict[str, Any], place: Any, why: str) -> CardVersion:
    return CardVersion.objects.create(
        key_id=card.operation.key_id,
        compartment_id=card.compartment_id,
        card=card,
        number=card.version,
        content=content,
        place=place,
        why=why.replace("\x00", "").strip()[:200],
        by_id=actor.pk,
    )


def _tie(card: Card, content: dict[str, Any], place: Any, posts: Sequence[Any]) -> None:
    """A card hears of its place to fall back to and of the posts on its call list."""
    node: Node = ("card", card.pk)
    untie(right=node)
    roles = {POST_OF[row["who"]] for row in content["call"] if row["who"] in POST_OF}
    wanted = {p.role for p in standard_posts().posts if p.id in roles} | roles
    for post in posts:
        if post.role in wanted:
            where = card.compartment_id
            tie(left=("post", post.pk), right=node, relation="is called", compartment_id=where)
    if place is not None:
        where = card.compartment_id
        tie(left=("place", place.pk), right=node, relation="fall back", compartment_id=where)


def _locked(actor: Actor, card: Card) -> Card:
    found = cards.cards(actor).filter(pk=card.pk)
    return found.select_for_update(of=("self",)).get()


def _tell(card: Card, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="cards",
        event=event,
        text=text,
        compartment_id=card.compartment_id,
        operation_id=card.operation_id,
        record=("card", card.pk),
        actor=actor,
    )
