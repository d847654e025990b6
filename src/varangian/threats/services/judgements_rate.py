"""A judgement is begun, written and signed by its rater."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, may

from ..judgement_rules import check_answer, what_changed
from ..library.indicators import indicators
from ..models import Judgement, Person
from ..queries import judgement as queries
from .judgements_common import (
    Given,
    check_level,
    clean,
    keep_answers,
    next_version,
    own_draft,
    put_seal,
    read_answer,
    read_scenarios,
    review_at,
)
from .persons_common import say, tell_thread, working

TEXTS = ("formulation", "reasons", "level", "confidence")
Seat = Judgement.Seat


@transaction.atomic
def begin_judgement(*, actor: Actor, person: Person) -> Judgement:
    """A draft of one's own. What was seen before is taken along to be looked at again; the level
    is not: it is chosen anew each time."""
    person = working(actor, person, "judge a person")
    if queries.open_draft(actor, person):
        raise Refused("You have a draft for this person already", where=person.label)
    rows = Judgement.objects.visible_to(actor).filter(person=person, seat=Seat.FIRST)
    other = rows.filter(state="draft").first()
    if other is not None:
        raise Refused(
            f"{other.rater} is judging {person.label} now",
            where=person.label,
            mend="When it is signed, you can be asked as second rater.",
        )
    before = queries.standing(actor, person)
    made = _draft(person, actor, Seat.FIRST)
    if before is not None:
        keep_answers(made, queries.answers(before))
        made.formulation, made.scenarios = before.formulation, before.scenarios
        made.save()
    say(person, "judging", f"is being judged (v{made.version})", actor)
    return made


@transaction.atomic
def ask_second(*, actor: Actor, judgement: Judgement, rater: Any) -> Judgement:
    """Somebody else, who from now on sees nothing of what others judged until they have signed."""
    person = working(actor, judgement.person, "ask for a second rater")
    first = queries.judgement(actor, judgement.pk)
    if first.seat != Seat.FIRST or not first.signed:
        raise Refused("A second rater stands beside a signed first one", where=first.label)
    if queries.asked_second(actor, first) or queries.settled_of(actor, first):
        raise Refused("A second rater was asked already", where=first.label)
    _check_second(first, rater)
    made = _draft(person, rater, Seat.SECOND, of=first, asked_by=actor)
    say(person, "judging", f"second rating of v{first.version} asked of {rater}", actor)
    return made


def _check_second(first: Judgement, rater: Any) -> None:
    if rater is None or rater.pk == first.rater_id:
        raise Refused(
            "The second rater is somebody else", where="rater", mend="Name another assessor."
        )
    if not may(rater, "person.change", first.compartment_id):
        raise Refused(
            f"{rater} may not judge persons here",
            where="rater",
            mend="Name a detail leader or analyst of the engagement.",
        )
    if queries.open_draft(rater, first.person):
        raise Refused(f"{rater} has an open draft for this person", where="rater")


def _draft(person: Person, rater: Any, seat: str, **more: Any) -> Judgement:
    return Judgement.objects.create(
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        version=next_version(person),
        seat=seat,
        rater=rater,
        **more,
    )


@transaction.atomic
def rate(
    *, actor: Actor, judgement: Judgement, answers: Mapping[str, Given] | None = None, **fields: Any
) -> Judgement:
    """Writes into the draft: the indicators that are named, and the texts that are given. Others
    stay as they are. Evidence may follow later, before signing."""
    row = own_draft(actor, judgement)
    unknown = set(fields) - {*TEXTS, "scenarios"}
    if unknown:
        raise Refused("A judgement has no such field", where=", ".join(sorted(unknown)))
    found = {name: read_answer(actor, row.person, name, g) for name, g in (answers or {}).items()}
    keep_answers(row, found)
    for name in TEXTS:
        if fields.get(name) is not None:
            setattr(row, name, clean(fields[name]))
    if fields.get("scenarios") is not None:
        row.scenarios = read_scenarios(fields["scenarios"])
    if row.level or row.confidence:
        check_level(row.level or indicators().levels[0].id, row.confidence or "low")
    row.save()
    return row


@transaction.atomic
def sign_judgement(
    *, actor: Actor, judgement: Judgement, next_review: datetime | None = None
) -> Judgement:
    """Under the rater's name and for good. A level that is another than before makes stale what
    rests on the person."""
    row = own_draft(actor, judgement)
    check_level(row.level, row.confidence)
    for name, words in (("reasons", "why this level"), ("formulation", "how it hangs together")):
        if not getattr(row, name):
            raise Refused(f"Say {words}", where=name)
    for name, answer in queries.answers(row).items():
        check_answer(queries.titles().get(name, name), answer)
    row.next_review = review_at(row.person, row.level, next_review)
    if row.seat == Seat.SECOND:
        row.summary = f"Second rating of v{row.of.version}"  # pyright: ignore
        put_seal(row)
        say(row.person, "judged", f"second rating signed (v{row.version})", actor)
        return row
    before = queries.standing(actor, row.person)
    row.summary = what_changed(
        queries.titles(), queries.view(before) if before else None, queries.view(row)
    )
    put_seal(row)
    tell_level(row.person, before, row, actor)
    return row


def tell_level(person: Person, before: Judgement | None, after: Judgement, actor: Actor) -> None:
    """The reason of a stale mark is not sealed: it says that, not which."""
    if before is None:
        tell_thread(person, f"was judged for the first time (v{after.version})")
    elif before.level != after.level:
        tell_thread(person, f"level of concern changed (v{after.version})")
    say(person, "judged", f"judgement v{after.version} is signed", actor)


@transaction.atomic
def drop_draft(*, actor: Actor, judgement: Judgement) -> None:
    """By its rater; a second rating that was asked for also by who asked."""
    person = working(actor, judgement.person, "drop a draft")
    rows = Judgement.objects.visible_to(actor).filter(pk=judgement.pk, state="draft")
    row = rows.first()
    if row is None:
        raise Refused("Only a draft is dropped", where=f"v{judgement.version}")
    if actor.pk not in (row.rater_id, row.asked_by_id):
        raise Denied("A draft is its rater's alone", where=f"v{row.version}")
    say(person, "judging", f"draft v{row.version} dropped", actor)
    row.delete()
