"""What is known of a person: aliases, identifiers, pictures, relations, orders of court.

Each with source and grade. A wrong one is withdrawn with a reason; nothing is rewritten.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.crypto import keys
from varangian.platform.storage.images import read_picture, smaller
from varangian.platform.storage.services import keep

from ..library.persons import persons as library
from ..models import CourtOrder, Person, PersonFact, PersonImage, PersonTie
from ..person_rules import likeness
from .persons_common import check_grades, said, say, tell_thread, working

KINDS: dict[str, Any] = {
    "fact": PersonFact,
    "image": PersonImage,
    "tie": PersonTie,
    "order": CourtOrder,
}
GRADES = ("scale", "source_grade", "information_grade")
SMALL_SIDE = 320
FROM_WHERE = "Say from where it comes"


@transaction.atomic
def add_fact(
    *,
    actor: Actor,
    person: Person,
    kind: str,
    value: str,
    source: str,
    description: str = "",
    **grades: Any,
) -> PersonFact:
    """An alias or an identifier; of a vehicle ``value`` is the plate, or empty with a description.

    Somebody else may have the same one: both files then say so, and nobody is merged.
    """
    person = working(actor, person, "add to a person")
    if kind not in PersonFact.Kind.values:
        raise Refused(
            f"'{kind}' is no kind of identifier",
            where="kind",
            mend=", ".join(PersonFact.Kind.values),
        )
    value, description = _words(value, 300), _words(description, 600)
    if not value and not (kind == PersonFact.Kind.VEHICLE and description):
        raise Refused("Say what it is", where="value")
    _check_new(actor, person, kind, value)
    made = PersonFact.objects.create(
        **_of(person, actor, source, grades), kind=kind, value=value, description=description
    )
    _told(person, f"has a further {made.get_kind_display().lower()}", actor)  # pyright: ignore
    return made


def _check_new(actor: Actor, person: Person, kind: str, value: str) -> None:
    mark = likeness(kind, value)
    rows = PersonFact.objects.visible_to(actor).filter(person=person, kind=kind, withdrawn_at=None)
    if mark and any(likeness(kind, row.value) == mark for row in rows):
        raise Refused(f"{person.label} has this one already", where="value")


@transaction.atomic
def add_image(
    *,
    actor: Actor,
    person: Person,
    data: bytes,
    source: str,
    name: str = "",
    caption: str = "",
    taken_on: date | None = None,
    **grades: Any,
) -> PersonImage:
    """Sealed with the person's key, without the camera's own notes. No face is measured."""
    person = working(actor, person, "add to a person")
    rows = PersonImage.objects.visible_to(actor).filter(person=person)
    if rows.count() >= library().most_images:
        raise Refused(f"A file holds at most {library().most_images} pictures")
    if taken_on and taken_on > now().date():
        raise Refused("A picture is not taken in the future", where="taken_on")
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    shared = _of(person, actor, source, grades)
    picture = read_picture(data, name or "picture")
    owner = {
        "key": person.key,
        "compartment_id": person.compartment_id,
        "media_type": "image/jpeg",
    }
    whole = keep(data=picture.preview, name=f"person-{number}.jpg", **owner)
    small = keep(
        data=smaller(picture.preview, SMALL_SIDE), name=f"person-{number}-small.jpg", **owner
    )
    made = PersonImage.objects.create(
        **shared,
        number=number,
        caption=_words(caption, 300),
        taken_on=taken_on,
        picture=whole,
        small=small,
    )
    _told(person, "has a further picture", actor)
    return made


@transaction.atomic
def add_tie(
    *,
    actor: Actor,
    person: Person,
    other: Person,
    kind: str,
    source: str,
    words: str = "",
    **grades: Any,
) -> PersonTie:
    """How two persons of one engagement stand to each other."""
    person = working(actor, person, "tie two persons")
    other = working(actor, other, "tie two persons")
    if person.pk == other.pk:
        raise Refused("A relation is between two", where="other")
    if person.engagement_id != other.engagement_id:
        raise Refused("They belong to two engagements", where="other")
    if kind not in PersonTie.Kind.values:
        raise Refused(
            f"'{kind}' is no kind of relation", where="kind", mend=", ".join(PersonTie.Kind.values)
        )
    shared = _of(person, actor, source, grades) | {"key_id": keys.create().pk}
    made = PersonTie.objects.create(**shared, other=other, kind=kind, words=_words(words, 600))
    _told(person, f"has a relation to {other.label}", actor)
    return made


@transaction.atomic
def add_court_order(
    *,
    actor: Actor,
    person: Person,
    kind: str,
    court: str,
    issued_on: date,
    conditions: str,
    source: str,
    expires_on: date | None = None,
    reference: str = "",
    **grades: Any,
) -> CourtOrder:
    """Without an end the order says that its end is not known."""
    person = working(actor, person, "add to a person")
    if kind not in CourtOrder.Kind.values:
        mend = ", ".join(CourtOrder.Kind.values)
        raise Refused(f"'{kind}' is no kind of order", where="kind", mend=mend)
    if expires_on and expires_on < issued_on:
        raise Refused("The order would end before it begins", where="expires_on")
    made = CourtOrder.objects.create(
        **_of(person, actor, source, grades),
        kind=kind,
        court=said(court, "court", "Say which court"),
        conditions=said(conditions, "conditions", "Say what the court has ordered"),
        reference=_words(reference, 200),
        issued_on=issued_on,
        expires_on=expires_on,
    )
    _told(person, "has an order of court", actor)
    tell_thread(person, "has an order of court")
    return made


@transaction.atomic
def withdraw(*, actor: Actor, person: Person, kind: str, record: UUID, reason: str) -> Any:
    """It was wrong, or is no longer so: it stays as withdrawn, and counts for nothing."""
    person = working(actor, person, "withdraw from a person")
    if kind not in KINDS:
        raise Refused("There is no such kind of record", where=kind, mend=", ".join(KINDS))
    rows = KINDS[kind].objects.visible_to(actor)
    found = rows.filter(person=person, pk=record, withdrawn_at=None).first()
    if found is None:
        raise Refused("This file has no such record, or it was withdrawn", where="record")
    found.withdrawn_reason = said(reason, "reason")
    found.withdrawn_by, found.withdrawn_at = actor, now()
    found.save(update_fields=["withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    _told(person, "has a record less", actor)
    return found


def _of(person: Person, actor: Actor, source: str, grades: dict[str, Any]) -> dict[str, Any]:
    """What every record has: of whom, sealed with what, from where, how good."""
    unknown = set(grades) - set(GRADES)
    if unknown:
        raise Refused("A record has no such field", where=", ".join(sorted(unknown)))
    given = {name: value for name, value in grades.items() if value}
    check_grades(given)
    return {
        "person": person,
        "key_id": person.key_id,
        "compartment_id": person.compartment_id,
        "source": said(source, "source", FROM_WHERE),
        "added_by": actor,
        **given,
    }


def _told(person: Person, words: str, actor: Actor) -> None:
    person.updated_at = now()
    person.save(update_fields=["updated_at"])
    say(person, "changed", words, actor)


def _words(words: Any, most: int) -> str:
    return str(words or "").replace("\x00", "").strip()[:most]
