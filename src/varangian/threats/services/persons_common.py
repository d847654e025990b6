"""What the writers of persons of interest share."""

from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, may, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..library import grading
from ..library.bolo import bolo
from ..library.persons import persons as library
from ..models import Person, PersonStep
from ..queries.persons import check_readable
from .common import named

TOPIC = "persons"
LONGEST = 4000
NOT_FOR_PEOPLE = "no_personal_data"
LAW = ("name", "concern", "purpose", "proportionality")
"""Words without which there is no file, besides legal basis, reviewer, review and end."""
PLAIN = {"concern": "Why it is kept"}
What = PersonStep.What


def say(person: Person, event: str, words: str, actor: Actor) -> None:
    """The log names the person by number, never by name."""
    announce(
        topic=TOPIC,
        event=event,
        text=f"Person {person.label} {words}",
        compartment_id=person.compartment_id,
        record=("person", person.pk),
        actor=actor,
    )


def said(words: Any, where: str, why: str = "Say why") -> str:
    text = str(words or "").replace("\x00", "").strip()[:LONGEST]
    if not text:
        raise Refused(why, where=where, mend="It stands in the history with your name.")
    return text


def step(
    person: Person, what: str, actor: Actor, reason: str = "", before: str = "", after: str = ""
) -> PersonStep:
    return PersonStep.objects.create(
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        what=what,
        before=before,
        after=after,
        reason=reason,
        by=None if actor.is_system else actor,
    )


def held(actor: Actor, person: Person) -> Person:
    """The file as it stands now, locked."""
    rows = Person.objects.visible_to(actor).select_related("engagement", "reviewer", "merged_into")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def working(actor: Actor, person: Person, what: str, action: str = "person.change") -> Person:
    """Locked, for a named person who may, and only while it is open to reading and whole."""
    require(actor, action, person.compartment_id)
    named(actor, what)
    person = check_readable(held(actor, person))
    if person.merged_into is not None:
        raise Refused(
            f"{person.label} is part of {person.merged_into.label}",
            where=person.label,
            mend=f"Work on {person.merged_into.label}, or undo the merge.",
        )
    return person


def check_words(person: Person) -> None:
    """Law 6: no file without basis, purpose, proportionality, reviewer and end."""
    for name in LAW:
        if not getattr(person, name):
            words = PLAIN.get(name, name.capitalize())
            raise Refused(f"There is no file without this: {words.lower()}", where=name)
    basis = bolo().basis(person.legal_basis)
    if basis.id == NOT_FOR_PEOPLE:
        raise Refused("A file of a person is personal data", where="legal_basis")


def check_reviewer(person: Person) -> None:
    if person.reviewer_id == person.referred_by_id:
        raise Refused(
            "Nobody reviews their own referral", where="reviewer", mend="Name somebody of the desk."
        )
    if not may(person.reviewer, "person.review", person.compartment_id):
        raise Refused(
            f"{person.reviewer} may not review persons here",
            where="reviewer",
            mend="Name a detail leader, analyst or operator of the engagement.",
        )


def next_review(state: str, expires_at: datetime) -> datetime:
    days = library().review_days.get(state, 1)  # pyright: ignore
    return min(now() + timedelta(days=days), expires_at)


def check_grades(fields: dict[str, Any]) -> None:
    """Codes of the scale that is named; left out is not graded, and shown so."""
    known = {one.id: one for one in grading().scales}
    scale = known.get(fields.get("scale") or "admiralty")
    if scale is None:
        raise Refused("There is no such scale", where="scale", mend=", ".join(known))
    for name, codes in (
        ("source_grade", [g.code for g in scale.source]),
        ("information_grade", [g.code for g in scale.information]),
    ):
        if fields.get(name) and fields[name] not in codes:
            raise Refused(
                f"'{fields[name]}' is not on the scale",
                where=name.replace("_", " "),
                mend=f"Choose {', '.join(codes)}, or leave it out.",
            )


def tell_thread(person: Person, words: str) -> None:
    """What rests on this person has to be looked at again."""
    changed(node=("person", person.pk), reason=f"Person {person.label} {words}")
