"""BOLO cards are drawn as drafts, with pictures; what is issued is not changed but drawn anew."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.storage.images import read_picture, smaller
from varangian.platform.storage.services import keep

from ..library.bolo import bolo
from ..models import BoloCard, BoloPicture
from .bolo_common import check_reviewer, check_words, held, say
from .common import differences, locked, named

TEXTS = ("title", "why", "last_place", "on_sight", "tell", "purpose", "proportionality")
CHANGEABLE = {*TEXTS, "features", "last_seen_at", "drill", "legal_basis", "reviewer", "expires_at"}
KEPT = ("reviewer", "expires_at")
"""What is never taken away from a card: nothing given leaves it as it is."""
COPIED = (*TEXTS, "features", "last_seen_at", "drill", "legal_basis", "kind")
SMALL_BYTES, SIDES = 22_000, (480, 400, 320, 260, 200, 150)
"""A phone carries forty cards under a megabyte."""
LONGEST = 2000


@transaction.atomic
def draw_card(
    *,
    actor: Actor,
    operation: Any,
    kind: str,
    title: str,
    wide: bool = False,
    person: Any = None,
    **fields: Any,
) -> BoloCard:
    """A draft. ``wide`` makes it a card for every operation of the engagement; of a ``person`` it
    is sealed with that person's key."""
    require(actor, "bolo.change", operation.compartment_id)
    if wide:
        require(actor, "bolo.change", operation.engagement.compartment_id)
    named(actor, "draw a card")
    bolo().kind(kind)
    whole = locked(actor, operation)
    circle = whole.engagement.compartment_id if wide else whole.compartment_id
    hours = bolo().usual_hours
    card = BoloCard(
        key_id=(person or whole).key_id,
        compartment_id=circle,
        operation=whole,
        person=person,
        serial=(whole.bolos.aggregate(last=Max("serial"))["last"] or 0) + 1,
        kind=kind,
        drawn_by=actor,
    )
    usual = {"expires_at": now() + timedelta(hours=hours)}
    _write(card, usual | _cleaned({**fields, "title": title}))
    card.save(force_insert=True)
    say(card, "drawn", "drawn as a draft", actor)
    return card


@transaction.atomic
def change_card(*, actor: Actor, card: BoloCard, **fields: Any) -> BoloCard:
    """Only a draft: what is on phones already is recalled, or drawn anew."""
    require(actor, "bolo.change", card.compartment_id)
    card = _draft(actor, card)
    if not differences(card, _cleaned(fields)):
        return card
    _write(card, fields)
    card.version += 1
    card.updated_at = now()
    card.save()
    say(card, "changed", "changed as a draft", actor)
    return card


@transaction.atomic
def draw_anew(*, actor: Actor, card: BoloCard) -> BoloCard:
    """A copy as a draft, with the pictures; the old card stays as it is."""
    require(actor, "bolo.change", card.compartment_id)
    fields = {name: getattr(card, name) for name in COPIED if name not in ("kind", "title")}
    made = draw_card(
        actor=actor,
        operation=card.operation,
        kind=card.kind,
        title=card.title,
        wide=card.wide,
        reviewer=card.reviewer,
        person=_subject(card),
        **fields,
    )
    made.replaces = card
    made.save(update_fields=["replaces"])
    for old in card.pictures.all():  # pyright: ignore
        _keep_picture(made, actor, old.number, old.caption, old.picture, old.small)
    return made


def _subject(card: BoloCard) -> Any:
    """Of whom a copy is drawn; of an erased person none is, nor of one that is not yours to see."""
    if card.person_id is None:
        return None
    if card.person is None or not card.person.readable:
        raise Refused(
            f"{card.label} is about a person whose file is closed, or not yours to see",
            where=card.label,
        )
    return card.person


@transaction.atomic
def add_picture(
    *, actor: Actor, card: BoloCard, data: bytes, name: str = "", caption: str = ""
) -> BoloPicture:
    require(actor, "bolo.change", card.compartment_id)
    card = _draft(actor, card)
    last = card.pictures.aggregate(last=Max("number"))["last"] or 0  # pyright: ignore
    most = bolo().most_pictures
    if card.pictures.count() >= most:  # pyright: ignore
        raise Refused(f"A card shows at most {most} pictures", mend="Remove one first.")
    picture = read_picture(data, name or "picture")
    owner = {"key": card.key, "compartment_id": card.compartment_id, "media_type": "image/jpeg"}
    whole = keep(data=picture.preview, name=f"bolo-{last + 1}.jpg", **owner)
    small = keep(data=_small(picture.preview), name=f"bolo-{last + 1}-small.jpg", **owner)
    made = _keep_picture(card, actor, last + 1, caption.strip()[:400], whole, small)
    say(card, "changed", "has a further picture", actor)
    return made


@transaction.atomic
def remove_picture(*, actor: Actor, picture: BoloPicture) -> None:
    require(actor, "bolo.change", picture.compartment_id)
    card = _draft(actor, picture.card)
    picture.delete()
    say(card, "changed", "has a picture less", actor)


def _keep_picture(
    card: BoloCard, actor: Actor, number: int, caption: str, whole: Any, small: Any
) -> BoloPicture:
    return BoloPicture.objects.create(
        card=card,
        key_id=card.key_id,
        compartment_id=card.compartment_id,
        number=number,
        caption=caption,
        picture=whole,
        small=small,
        by=actor,
    )


def _small(preview: bytes) -> bytes:
    """The largest that is light enough, or the smallest that there is."""
    made = preview
    for side in SIDES:
        made = smaller(preview, side)
        if len(made) <= SMALL_BYTES:
            break
    return made


def _draft(actor: Actor, card: BoloCard) -> BoloCard:
    named(actor, "change a card")
    card = held(actor, card)
    if card.state != BoloCard.State.DRAFT:
        raise Refused(
            f"{card.label} is {card.shown_state}: it is not changed any more",
            mend="Draw it anew, and recall the old one.",
        )
    return card


def _write(card: BoloCard, fields: dict[str, Any]) -> None:
    for name, value in _cleaned(fields).items():
        setattr(card, name, value)
    if card.reviewer_id is None:
        raise Refused("There is no card without a reviewer", where="reviewer")
    check_words(card)
    check_reviewer(card, card.drawn_by)
    check_end(card.expires_at)


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("A card has no such field", where=", ".join(sorted(unknown)))
    found = {name: value for name, value in fields.items() if name not in KEPT or value}
    for name in TEXTS:
        if name in found:
            found[name] = str(found[name] or "").replace("\x00", "").strip()[:LONGEST]
    if "features" in found:
        words = {name: str(value or "").strip()[:400] for name, value in found["features"].items()}
        found["features"] = {name: value for name, value in words.items() if value}
    return found


def check_end(expires_at: datetime) -> None:
    most = bolo().most_hours
    if expires_at <= now():
        raise Refused("The end of the card is over already", where="expires_at")
    if expires_at > now() + timedelta(hours=most):
        raise Refused(
            f"A card stands at most {most} hours",
            where="expires_at",
            mend="Give an earlier end, and draw it anew then if it is still needed.",
        )
