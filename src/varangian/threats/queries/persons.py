"""Reads of persons of interest. What has run out or is erased is closed to reading for everybody:
then nothing is left of it but its number, its dates and who reviews it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.queries import looks_at, names
from varangian.platform.crypto import keys
from varangian.platform.thread.models import Edge

from ..models import (
    BoloCard,
    CourtOrder,
    Person,
    PersonFact,
    PersonImage,
    PersonMerge,
    PersonStep,
    PersonTie,
)
from ..person_rules import shared

VIEWS = ("open", "due", "closed", "all")
MOST_SEARCHED = 2000
"""Names are sealed, so they are opened and read one by one, the newest first, up to here."""
DONE = (Person.State.CLOSED, Person.State.ERASED)


def engagement_with_persons(actor: Actor, slug: str) -> Any:
    """The engagement, for those who may see its persons; others are told so, or nothing."""
    found = operations.engagement(actor, slug)
    require(actor, "person.view", found.compartment_id)
    return found


def persons(
    actor: Actor, engagement: Any = None, *, view: str = "all", state: str = ""
) -> QuerySet[Person]:
    """``due``: whose review is late or whose time has run out, the longest waiting first."""
    found = Person.objects.visible_to(actor)
    if engagement is not None:
        found = found.filter(engagement=engagement)
    if state:
        found = found.filter(state=state)
    if view == "open":
        found = found.exclude(state__in=DONE).filter(merged_into=None)
    elif view == "closed":
        found = found.filter(Q(state__in=DONE) | Q(merged_into__isnull=False))
    elif view == "due":
        found = _due(found)
    people = ("engagement", "principal", "reviewer", "merged_into", "referred_by")
    found = found.select_related(*people)
    return found.order_by("review_due") if view == "due" else found.order_by("-referred_at")


def _due(found: QuerySet[Person]) -> QuerySet[Person]:
    late = Q(review_due__lte=now()) & ~Q(state=Person.State.CLOSED)
    return found.exclude(state=Person.State.ERASED).filter(late | Q(expires_at__lte=now()))


def person(actor: Actor, pk: UUID) -> Person:
    return _one(persons(actor).filter(pk=pk), "person", pk)


def person_numbered(actor: Actor, engagement: Any, serial: int) -> Person:
    return _one(persons(actor, engagement).filter(serial=serial), "person", f"P{serial}")


def listed(rows: Iterable[Person]) -> list[Person]:
    """Opens the keys of a whole page at once: each person has one of their own."""
    found = list(rows)
    keys.open_all(row.key_id for row in found)
    return found


def search(actor: Actor, rows: QuerySet[Person], text: str) -> list[Person]:
    """By number, name, alias or identifier; what is closed to reading is found by number only."""
    wanted = text.casefold().strip()
    people = listed(rows[:MOST_SEARCHED])
    words = {row.pk: [row.label, row.shown_name] for row in people}
    readable = [row.pk for row in people if row.readable]
    for fact in _living(PersonFact, actor).filter(person__in=readable):
        words[fact.person_id].append(fact.value)
    return [row for row in people if any(wanted in w.casefold() for w in words[row.pk])]


def parts(person: Person) -> list[UUID]:
    """The file itself and those folded into it that may still be read."""
    if not person.readable:
        return []
    others = person.folded.filter(expires_at__gt=now())  # pyright: ignore
    return [person.pk, *others.values_list("pk", flat=True)]


def folded(actor: Actor, person: Person) -> list[Person]:
    return listed(persons(actor).filter(merged_into=person))


def facts(actor: Actor, person: Person, *, withdrawn: bool = False) -> QuerySet[PersonFact]:
    return _of(PersonFact, actor, person, withdrawn)


def images(actor: Actor, person: Person, *, withdrawn: bool = False) -> QuerySet[PersonImage]:
    return _of(PersonImage, actor, person, withdrawn).select_related("picture", "small")


def image(actor: Actor, person: Person, number: int) -> PersonImage:
    found = images(actor, person, withdrawn=True).filter(person=person, number=number)
    return _one(found, "picture", number)


def court_orders(actor: Actor, person: Person, *, withdrawn: bool = False) -> QuerySet[CourtOrder]:
    return _of(CourtOrder, actor, person, withdrawn)


def ties(actor: Actor, person: Person, *, withdrawn: bool = False) -> list[PersonTie]:
    """From either side; the other one only where that file may still be read."""
    whole = parts(person)
    rows = PersonTie.objects.visible_to(actor).filter(Q(person__in=whole) | Q(other__in=whole))
    rows = rows.select_related("person", "other", "added_by", "withdrawn_by")
    return list(rows if withdrawn else rows.filter(withdrawn_at=None))


def _of(model: Any, actor: Actor, person: Person, withdrawn: bool) -> QuerySet[Any]:
    rows = model.objects.visible_to(actor).filter(person__in=parts(person))
    rows = rows.select_related("person", "added_by", "withdrawn_by")
    return rows if withdrawn else rows.filter(withdrawn_at=None)


def _living(model: Any, actor: Actor) -> QuerySet[Any]:
    return model.objects.visible_to(actor).filter(withdrawn_at=None)


def steps(actor: Actor, person: Person) -> QuerySet[PersonStep]:
    """What was done stays to be read; why is sealed and goes with the key."""
    found = PersonStep.objects.visible_to(actor).filter(person=person)
    return found.select_related("by").order_by("-at", "-id")


def merges(actor: Actor, person: Person) -> QuerySet[PersonMerge]:
    found = PersonMerge.objects.visible_to(actor).filter(Q(kept=person) | Q(other=person))
    return found.select_related("kept", "other", "by", "undone_by")


def cards(actor: Actor, person: Person) -> QuerySet[BoloCard]:
    found = BoloCard.objects.visible_to(actor, "bolo_file.view").filter(person=person)
    return found.select_related("operation")


def threats_naming(actor: Actor, person: Person) -> set[UUID]:
    edges = Edge.objects.visible_to(actor).filter(left_kind="person", left_id=person.pk)
    return set(edges.filter(right_kind="threat").values_list("right_id", flat=True))


@dataclass(frozen=True)
class Shares:
    """Another file says the same: a reason to look, never to merge by itself."""

    person: Person
    kind: str
    value: str


def sharing(actor: Actor, person: Person) -> list[Shares]:
    """Who else of the engagement has an alias or identifier of this person."""
    own = set(parts(person))
    if not own:
        return []
    near = persons(actor, person.engagement).filter(expires_at__gt=now())
    others = {row.pk: row for row in near.exclude(state=Person.State.ERASED)}
    keys.open_all(row.key_id for row in others.values())
    known: dict[str, list[tuple[str, str]]] = {str(pk): [] for pk in others}
    for row in others.values():
        if row.identified:
            known[str(row.pk)].append((PersonFact.Kind.ALIAS, row.name))
    for fact in _living(PersonFact, actor).filter(person__in=list(others)):
        known[str(fact.person_id)].append((fact.kind, fact.value))
    mine = [pair for pk in own for pair in known.pop(str(pk), [])]
    found = shared(mine, known)
    return [
        Shares(others[UUID(pk)], PersonFact.Kind(kind).label.lower(), value)
        for pk, pairs in found.items()
        for kind, value in pairs
    ]


@dataclass(frozen=True)
class Look:
    at: Any
    who: str
    what: str
    purpose: str


def looks(actor: Actor, person: Person, most: int = 200) -> list[Look]:
    """Who looked at it and why, for who oversees it and for its reviewer."""
    if getattr(actor, "pk", None) != person.reviewer_id:
        require(actor, "person.oversee", person.compartment_id)
    rows = list(looks_at(person)[:most])
    people = names(rows)
    return [Look(r.at, people.get(r.actor) or r.actor, r.kind, r.purpose) for r in rows]


def due_count(actor: Actor) -> int:
    return _due(Person.objects.visible_to(actor)).count()


def check_readable(person: Person) -> Person:
    """Refuse to work on what is closed to reading."""
    if person.erased:
        raise Refused(f"{person.label} was erased")
    if person.over:
        raise Refused(
            f"The time of {person.label} has run out: it is closed to reading",
            where=person.label,
            mend=f"{person.reviewer} renews it with reasons, closes it, or it is erased.",
        )
    return person


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row
