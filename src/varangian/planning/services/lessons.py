"""Lessons flow back: to a survey fact, a measure, a card; a named person takes or declines each."""

from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.results import NotFound, Refused
from varangian.operations.library import posts as standard_posts
from varangian.places.queries.surveys import form_of
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.access.stage import exercising
from varangian.platform.news.services import announce
from varangian.platform.thread.services import tie

from ..models import Card, Lesson, LessonAnswer, Measure, Observation
from ..queries import lessons as reads
from .advance import bring_up_at
from .cards import LONGEST, TEXTS, change_card
from .debrief import clean, fresh
from .issuing import named

Target, Outcome = Lesson.Target, LessonAnswer.Outcome
LOOKED = "Looked at again at the place."


@transaction.atomic
def send_lesson(
    *,
    actor: Actor,
    observation: Observation,
    text: str,
    place: Any = None,
    item: str = "",
    measure: Measure | None = None,
    card: Card | None = None,
    proposal: dict[str, Any] | None = None,
) -> Lesson:
    """From something to improve, to one of ``place`` with ``item``, ``measure`` or ``card``.

    It leaves the circle of the operation: ``text`` is read by every team that meets the target.
    """
    require(actor, "lesson.send", observation.compartment_id)
    named(actor, "send a lesson")
    row = fresh(actor, observation)
    if row.kind != Observation.Kind.IMPROVE:
        raise Refused("A lesson comes from something to improve", where=row.label)
    if row.confirmed_at is None:
        raise Refused("Confirm the observation first", where=row.label)
    if sum(one is not None for one in (place, measure, card)) != 1:
        raise Refused("A lesson goes to one place, measure or card", where=row.label)
    operation = row.debrief.operation
    _refuse_exercise(operation)
    aim = _aim(operation, place, item, measure, card, proposal or {})
    made = Lesson.objects.create(
        observation=row,
        operation=operation,
        text=clean(text, "text"),
        learnt_on=(operation.ends or operation.starts or row.debrief.opened_at).date(),
        by=actor,
        **aim,
    )
    _tie(made, row, place or measure or card)
    if place is not None:
        bring_up_at(place)
    _tell(made, operation, f"{made.dated} sent to {target_words(made)}", "sent", actor)
    return made


def _refuse_exercise(operation: Any) -> None:
    if exercising():
        raise Refused(
            "An exercise sends nothing into the places and cards of the day",
            where=operation.slug,
            mend="Write it into the report of the exercise.",
        )


def _aim(
    operation: Any, place: Any, item: str, measure: Any, card: Any, proposal: dict[str, Any]
) -> dict[str, Any]:
    above = operation.engagement.compartment_id
    if place is not None:
        if place.compartment_id not in (above, operation.compartment_id):
            raise NotFound("There is no such place in this operation", where="place")
        try:
            form_of(place).fact(item)
        except NotFound as error:
            raise Refused(error.what, where=item or "item") from error
        return {
            "target": Target.FACT,
            "place": place,
            "item": item,
            "compartment_id": place.compartment_id,
            "key_id": place.key_id,
        }
    target = measure or card
    if target.operation_id != operation.pk:
        raise NotFound("This belongs to another operation", where=str(target.pk))
    aim = {"key_id": operation.key_id, "library_id": target.library_id, "compartment_id": above}
    if card is not None:
        return {**aim, "target": Target.CARD, "proposal": _proposal(proposal)}
    if measure.library_id:
        return {**aim, "target": Target.MEASURE}
    own = {"measure": measure, "compartment_id": operation.compartment_id}
    return {**aim, "target": Target.MEASURE, **own}


def _proposal(given: dict[str, Any]) -> dict[str, Any]:
    """Texts of a card as they should read; empty ones are left out."""
    if strange := set(given) - {*TEXTS, "drill"}:
        raise Refused("A card has no such text", where=", ".join(sorted(strange)))
    roles = standard_posts().roles()
    drill = {role: words.strip() for role, words in (given.get("drill") or {}).items()}
    if unknown := [role for role in drill if role not in roles]:
        raise Refused("There is no such role", where=unknown[0], mend=", ".join(sorted(roles)))
    found: dict[str, Any] = {
        name: str(given[name]).strip()[:LONGEST]
        for name in TEXTS
        if str(given.get(name) or "").strip()
    }
    if any(drill.values()):
        found["drill"] = {role: words[:LONGEST] for role, words in drill.items() if words}
    return found


def _tie(made: Lesson, row: Observation, target: Any) -> None:
    """Observation to lesson to what it asks of, in the circle in which it was learnt."""
    kind = {"fact": "place", "measure": "measure", "card": "card"}[made.target]
    where, node = row.compartment_id, ("lesson", made.pk)
    tie(left=("observation", row.pk), right=node, relation="teaches", compartment_id=where)
    tie(left=node, right=(kind, target.pk), relation="asks", compartment_id=where)


@transaction.atomic
def answer_lesson(
    *, actor: Actor, lesson: Lesson, outcome: str, reason: str = "", operation: Any = None
) -> LessonAnswer:
    """Taken, or declined for a reason: at a place for good, otherwise for one operation.

    Taking what a card should read writes its next version, as a draft.
    """
    at_place = lesson.target == Target.FACT
    if not at_place and operation is None:
        raise Refused("Say for which operation", where=lesson.dated)
    where = lesson.compartment_id if at_place else operation.compartment_id
    require(actor, "lesson.answer", where)
    named(actor, "answer a lesson")
    if outcome not in Outcome.values:
        raise Refused("A lesson is taken or declined", where=outcome)
    held = _locked(actor, lesson)
    _refuse_strange(held, operation)
    if (known := reads.answer_in(held, operation)) is not None:
        raise Refused(f"{known.by} has {known.outcome} it already", where=held.dated)
    words = reason.replace("\x00", "").strip()[:LONGEST]
    if not words and (outcome == Outcome.DECLINED or at_place):
        raise Refused("Say why", where=held.dated, mend="One sentence for those who come after.")
    if outcome == Outcome.TAKEN and held.target == Target.CARD:
        words = _write_card(actor, held, operation) or words
    made = _answered(held, None if at_place else operation, actor, outcome, words)
    if at_place:
        bring_up_at(held.place)
    _tell(held, operation, f"{held.dated} {outcome} for {target_words(held)}", outcome, actor)
    return made


def _refuse_strange(held: Lesson, operation: Any) -> None:
    """An operation of another engagement has nothing to do with it."""
    if held.target == Target.FACT:
        return
    if held.compartment_id not in (operation.compartment_id, operation.engagement.compartment_id):
        raise NotFound("There is no such lesson in this operation", where=operation.slug)


def _write_card(actor: Actor, held: Lesson, operation: Any) -> str:
    """The next version of this operation's card with the proposed texts; how it was taken."""
    rows = Card.objects.visible_to(actor).filter(operation=operation, library_id=held.library_id)
    card = rows.select_related("operation__engagement").first()
    if card is None:
        raise NotFound("The operation has no such card", where=held.library_id)
    if not held.proposal:
        return ""
    given = dict(held.proposal)
    if "drill" in given:
        version = card.versions.order_by("-number").first()  # pyright: ignore
        steps = {step["role"]: step["do"] for step in version.content.get("drill", [])}
        given["drill"] = steps | given["drill"]
    made = change_card(actor=actor, card=card, why=f"{held.dated}: {held.text}"[:200], **given)
    tie(
        left=("lesson", held.pk),
        right=("card", card.pk),
        relation="changed",
        compartment_id=operation.compartment_id,
    )
    return f"Version {made.number} drafted."


@system_read("whoever looks again answers what a lesson asked, seen or not")
def on_answered(fact: Any, place: Any, actor: Any, **_: Any) -> None:
    """The question of a lesson was answered at the place: it is taken by who looked."""
    rows = Lesson.objects.filter(target=Target.FACT, place=place, item=fact.item, answers=None)
    for row in rows:
        _answered(row, None, actor, Outcome.TAKEN, LOOKED)


def _answered(held: Lesson, operation: Any, actor: Actor, outcome: str, words: str) -> LessonAnswer:
    return LessonAnswer.objects.create(
        compartment_id=operation.compartment_id if operation else held.compartment_id,
        key_id=held.key_id,  # pyright: ignore
        lesson=held,
        operation=operation,
        outcome=outcome,
        reason=words,
        by=actor,
    )


def _locked(actor: Actor, lesson: Lesson) -> Lesson:
    Lesson.objects.visible_to(actor).select_for_update().get(pk=lesson.pk)
    return reads.lesson(actor, lesson.pk)


def target_words(row: Lesson) -> str:
    """Without the words of a place: kinds and numbers only, since the log tells it."""
    if row.target == Target.FACT and row.place is not None:
        return f"the survey of {row.place.slug}"
    if row.measure is not None:
        return f"measure {row.measure.label}"
    kind = "card" if row.target == Target.CARD else "measure"
    return f"the {kind} {row.library_id.replace('_', ' ')}"


def _tell(row: Lesson, operation: Any, text: str, event: str, actor: Actor) -> None:
    where: UUID = operation.compartment_id if operation else row.compartment_id  # pyright: ignore
    announce(
        topic="lessons",
        event=event,
        text=text,
        compartment_id=where,
        operation_id=operation.pk if operation else None,
        record=("lesson", row.pk),
        actor=actor,
    )
