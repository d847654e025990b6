"""The file of a person of interest: referred, moved along its ways, reviewed, renewed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.audit.services import note, note_all
from varangian.platform.crypto import keys
from varangian.platform.thread.models import Edge
from varangian.platform.thread.services import tie

from ..library.persons import persons as library
from ..models import Person
from ..person_rules import check_dates, check_move
from .common import differences, named
from .persons_common import (
    LONGEST,
    What,
    check_reviewer,
    check_words,
    held,
    next_review,
    said,
    say,
    step,
    tell_thread,
    working,
)

TEXTS = ("name", "description", "concern", "purpose", "proportionality")
CHANGEABLE = {*TEXTS, "identified", "principal", "legal_basis", "reviewer"}
State = Person.State


@transaction.atomic
def refer_person(
    *,
    actor: Actor,
    engagement: Any,
    name: str,
    expires_at: datetime | None = None,
    **fields: Any,
) -> Person:
    """A new file, with a key of its own. Without an end it is kept as long as is usual."""
    require(actor, "person.change", engagement.compartment_id)
    named(actor, "refer a person")
    rows = operations.engagements(actor).filter(pk=engagement.pk)
    whole = rows.select_for_update(of=("self",), no_key=True).get()
    last = whole.persons.aggregate(last=Max("serial"))["last"] or 0  # pyright: ignore
    ends = expires_at or now() + timedelta(days=library().usual_days)
    person = Person(
        key=keys.create(),
        compartment_id=whole.compartment_id,
        engagement=whole,
        serial=last + 1,
        referred_by=actor,
        expires_at=ends,
        review_due=next_review(State.REFERRED, ends),
    )
    _write(person, {**fields, "name": name})
    check_dates(now(), person.review_due, ends, library().most_days)
    person.save(force_insert=True)
    step(person, What.REFERRED, actor, person.concern, after=person.state)
    say(person, "referred", "referred", actor)
    return person


@transaction.atomic
def change_person(*, actor: Actor, person: Person, **fields: Any) -> Person:
    """Words, basis and reviewer. How long it is kept is for its reviewer to say, at a review."""
    person = working(actor, person, "change a person")
    given = _cleaned(fields)
    differing = differences(person, given)
    if not differing:
        return person
    _write(person, given)
    person.version += 1
    person.updated_at = now()
    person.save()
    words = ", ".join(sorted(name.replace("_", " ") for name in differing))
    step(person, What.CHANGED, actor, words)
    say(person, "changed", f"changed: {words}", actor)
    return person


@transaction.atomic
def move_person(*, actor: Actor, person: Person, state: str, reason: str) -> Person:
    """Along an allowed way, with its reason. The next review follows from where it stands now."""
    person = working(actor, person, "move a person")
    check_move(person.state, state)
    return _move(actor, person, state, said(reason, "reason"))


def _move(actor: Actor, person: Person, state: str, reason: str) -> Person:
    before, person.state = person.state, state
    person.state_since = person.updated_at = now()
    person.review_due = next_review(state, person.expires_at)
    person.save(update_fields=["state", "state_since", "review_due", "updated_at"])
    step(person, What.MOVED, actor, reason, before, state)
    words = f"moved: {before} to {state}".replace("_", " ")
    tell_thread(person, words)
    say(person, "moved", words, actor)
    return person


@transaction.atomic
def review_person(
    *,
    actor: Actor,
    person: Person,
    words: str,
    stands: bool = True,
    expires_at: datetime | None = None,
) -> Person:
    """By the reviewer who is named: still needed and still fair, and until when; or closed.

    The one way to open again what has run out.
    """
    require(actor, "person.review", person.compartment_id)
    named(actor, "review a person")
    person = held(actor, person)
    if person.erased:
        raise Refused(f"{person.label} was erased")
    if actor.pk != person.reviewer_id:
        raise Refused(f"{person.label} is reviewed by {person.reviewer}", where="reviewer")
    words = said(words, "words", "Say what you found")
    person.reviewed_at = person.updated_at = now()
    if stands:
        usual = now() + timedelta(days=library().usual_days)
        person.expires_at = expires_at or (usual if person.over else person.expires_at)
        person.review_due = next_review(person.state, person.expires_at)
        check_dates(now(), person.review_due, person.expires_at, library().most_days)
        person.asked_at = None
    person.save()
    step(person, What.REVIEWED, actor, words)
    say(person, "reviewed", "reviewed: it stands" if stands else "reviewed: to be closed", actor)
    if not stands and person.state != State.CLOSED:
        _move(actor, person, State.CLOSED, words)
    return person


@transaction.atomic
def name_in_threat(*, actor: Actor, person: Person, source: Any) -> None:
    """The threat source names the person: what happens to the file makes the threat stale."""
    require(actor, "threat.change", source.compartment_id)
    person = working(actor, person, "name a person in a threat")
    if source.operation.engagement_id != person.engagement_id:
        raise Refused("The threat belongs to another engagement", where="threat")
    tie(
        left=("person", person.pk),
        right=("threat", source.pk),
        relation="is named in",
        compartment_id=source.compartment_id,
    )
    say(person, "named", f"named in threat {source.label}", actor)


@transaction.atomic
def unname_in_threat(*, actor: Actor, person: Person, source: Any) -> None:
    require(actor, "threat.change", source.compartment_id)
    named(actor, "take a person out of a threat")
    edges = Edge.objects.visible_to(actor).filter(left_kind="person", left_id=person.pk)
    edges.filter(right_kind="threat", right_id=source.pk).delete()
    say(person, "named", f"no longer named in threat {source.label}", actor)


def looked(*, actor: Actor, person: Person, purpose: str) -> None:
    """Every view is on record: who, when and why."""
    note(kind="read", record=person, purpose=purpose[:300], actor=actor)


def listed(*, actor: Actor, persons: list[Person], how: str) -> None:
    note_all(kind="read", records=persons, purpose=f"name {how}", actor=actor)


@transaction.atomic
def ask_about_ended() -> int:
    """What has run out is closed to reading at once; here the house asks, and says so, once."""
    due = _ended()
    for person in due:
        person.asked_at = now()
        person.save(update_fields=["asked_at"])
        step(person, What.ASKED, SYSTEM)
        tell_thread(person, "has run out")
        say(
            person,
            "ended",
            f"has run out and is closed to reading; {person.reviewer} is asked",
            SYSTEM,
        )
    return len(due)


@system_read("time runs out for everybody; the job acts for nobody")
def _ended() -> list[Person]:
    rows = Person.objects.filter(expires_at__lte=now(), asked_at=None)
    return list(rows.exclude(state=State.ERASED).select_related("reviewer"))


def _write(person: Person, fields: dict[str, Any]) -> None:
    for name, value in _cleaned(fields).items():
        setattr(person, name, value)
    if person.reviewer_id is None:
        raise Refused("There is no file without a reviewer", where="reviewer")
    _check_principal(person)
    check_words(person)
    check_reviewer(person)


def _check_principal(person: Person) -> None:
    who = person.principal
    if who is not None and who.compartment_id != person.compartment_id:
        raise Refused("This principal belongs to another engagement", where="principal")


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("A person has no such field", where=", ".join(sorted(unknown)))
    found = {name: value for name, value in fields.items() if name != "reviewer" or value}
    for name in TEXTS:
        if name in found:
            found[name] = str(found[name] or "").replace("\x00", "").strip()[:LONGEST]
    return found
