"""Answer, re-verify and settle the facts of a survey. Answers are only ever added."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.kernel.words import plural
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.live.services import publish
from varangian.platform.thread.services import changed

from ..events import survey_answered
from ..library import FactRule, form_for
from ..models import Place, SurveyAnswer, SurveyFact
from ..queries.survey_views import FactView
from ..queries.surveys import form_of
from ..standing import Standing, alike, standing
from ..values import LONGEST, checked_value

Act = SurveyAnswer.Act
CLOCKS_DIFFER = timedelta(minutes=5)
MOST_NAMED = 3


@transaction.atomic
def answer_fact(
    *,
    actor: Actor,
    place: Place,
    item: str,
    value: Any = None,
    note: str = "",
    has_changed: bool = False,
    absent: bool = False,
    seen_at: datetime | None = None,
) -> FactView:
    """Write down what was found, when it was seen, and by whom.

    Unlike what another person found and still in date, it stands beside that until somebody
    settles it; with ``has_changed`` it takes its place. ``absent`` says that the question does not
    apply here, and ``note`` why.
    """
    rule = _rule(actor, place, item, "survey.answer")
    if absent and not note.strip():
        raise Refused("Say why this does not apply here", where=rule.title)
    content = {"absent": True} if absent else {"value": checked_value(rule, value)}
    act = Act.CHANGED if has_changed else Act.FOUND
    return _write(actor, place, rule, act, content | _noted(note, rule), seen_at)


@transaction.atomic
def still_so(*, actor: Actor, place: Place, item: str, seen_at: datetime | None = None) -> FactView:
    """The answer as it stands was looked at again and holds."""
    rule = _rule(actor, place, item, "survey.answer")
    known = _known(actor, place, rule)
    if not known.known:
        raise Refused("Nothing is known here that could still be so", where=rule.title)
    if known.disputed:
        raise Refused(
            "Two people found different things here", where=rule.title, mend="Settle it first."
        )
    content = dict(known.claims[-1].said)
    return _write(actor, place, rule, Act.STILL_SO, content, seen_at)


@transaction.atomic
def settle_fact(*, actor: Actor, place: Place, item: str, number: int, note: str) -> FactView:
    """A named person decides between answers; ``note`` says how they know."""
    rule = _rule(actor, place, item, "survey.settle")
    known = _known(actor, place, rule)
    if not known.disputed:
        raise Refused("Nobody disputes this", where=rule.title)
    if not note.strip():
        raise Refused("Say how you know", where=rule.title)
    chosen = next((c for c in known.claims if c.answer.number == number), None)
    if chosen is None:
        raise NotFound("This answer is not one of those in dispute", where=str(number))
    content = dict(chosen.said) | _noted(note, rule)
    return _write(actor, place, rule, Act.SETTLED, content, None)


def answer_many(
    *, actor: Actor, place: Place, answers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each is taken or refused by itself: ``{item, taken, problem}`` in the order given.

    A row has ``item`` and either ``still_so`` or what ``answer_fact`` takes.
    """
    require(actor, "survey.answer", place.compartment_id)
    named(actor)
    report = []
    for row in answers:
        item, problem = str(row.get("item", "")), ""
        try:
            _one_of_many(actor, place, item, row)
        except Refused as error:
            problem = str(error)
        report.append({"item": item, "taken": not problem, "problem": problem})
    return report


def _one_of_many(actor: Actor, place: Place, item: str, row: dict[str, Any]) -> None:
    if row.get("still_so"):
        still_so(actor=actor, place=place, item=item, seen_at=row.get("seen_at"))
    else:
        given = {name: row[name] for name in WANTED if row.get(name) is not None}
        answer_fact(actor=actor, place=place, item=item, **given)


WANTED = ("value", "note", "has_changed", "absent", "seen_at")


@system_read("answers run out by themselves; nobody acts")
@transaction.atomic
def tell_expired(*, at: datetime) -> int:
    """Mark what depends on a place whose answers have run out since the last call; how many did."""
    rows = SurveyFact.objects.select_for_update(of=("self",)).select_related("place")
    due: dict[UUID, list[SurveyFact]] = defaultdict(list)
    for fact in rows.filter(expires_at__lte=at, told_at=None):
        due[fact.place_id].append(fact)  # pyright: ignore
    for facts in due.values():
        place = facts[0].place
        form = form_for(place.kind)
        titles = {rule.id: rule.title for rule in form.facts()} if form else {}
        out = {fact.item for fact in facts}
        named = [title for item, title in titles.items() if item in out]
        if named:
            _depend(place, facts, f"{plural(len(named), 'answer')} out of date: {_list(named)}")
        SurveyFact.objects.filter(pk__in=[fact.pk for fact in facts]).update(told_at=at)
        _show(place)
    return sum(len(facts) for facts in due.values())


def _known(actor: Actor, place: Place, rule: FactRule) -> Standing:
    rows = SurveyAnswer.objects.visible_to(actor).filter(
        fact__place=place, fact__form=form_of(place).id, fact__item=rule.id
    )
    return standing(rows.order_by("number"), rule.days, now())


def _rule(actor: Actor, place: Place, item: str, action: str) -> FactRule:
    require(actor, action, place.compartment_id)
    named(actor)
    return asked(form_of(place).fact, item)


def asked[T](pick: Callable[[str], T], item: str) -> T:
    """The question or picture of that id; one that the form does not have is a wrong request."""
    try:
        return pick(item)
    except NotFound as error:
        raise Refused(error.what, error.where, error.mend) from error


def named(actor: Actor) -> None:
    """BS 8507 asks who found what; the house itself finds nothing."""
    if actor.is_system:
        raise Refused("Only a named person can do this", mend="Use --as with a person's e-mail.")


def _noted(note: str, rule: FactRule) -> dict[str, str]:
    if len(note) > LONGEST:
        raise Refused(f"A note has at most {LONGEST} characters", where=rule.title)
    return {"note": note.strip()} if note.strip() else {}


def _write(
    actor: Actor,
    place: Place,
    rule: FactRule,
    act: Act,
    content: dict[str, Any],
    seen_at: datetime | None,
) -> FactView:
    at = now()
    seen_at = seen_at or at
    if seen_at > at + CLOCKS_DIFFER:
        raise Refused("This was seen in the future", where=rule.title, mend="Correct the time.")
    fact = _locked(actor, place, rule)
    rows = _answers_of(actor, fact)
    before = standing(rows, rule.days, at)
    rows.append(_answer(actor, place, fact, act, content, seen_at))
    after = standing(rows, rule.days, at)
    _keep(fact, after)
    survey_answered.send(sender=SurveyFact, fact=fact, place=place, actor=actor)
    _tell_difference(place, fact, rule, before, after)
    _show(place)
    return FactView(rule, after, fact.pk, rows[::-1])


def _answers_of(actor: Actor, fact: SurveyFact) -> list[SurveyAnswer]:
    if not fact.answers_made:
        return []
    rows = SurveyAnswer.objects.visible_to(actor).filter(fact=fact)
    return list(rows.select_related("by").order_by("number"))


def _answer(
    actor: Actor, place: Place, fact: SurveyFact, act: Act, content: Any, seen_at: datetime
) -> SurveyAnswer:
    return SurveyAnswer.objects.create(
        compartment_id=place.compartment_id,
        key_id=place.key_id,
        fact=fact,
        number=fact.answers_made + 1,
        act=act,
        content=content,
        by=actor,
        verified_at=seen_at,
    )


def _keep(fact: SurveyFact, after: Standing) -> None:
    fact.answers_made += 1
    fact.verified_at, fact.expires_at = after.verified_at, after.expires_at
    fact.disputed, fact.told_at = after.disputed, None
    fact.save()


def _locked(actor: Actor, place: Place, rule: FactRule) -> SurveyFact:
    """The row of this question, made when it is first answered; two at once wait for each other."""
    key = {"place": place, "form": form_of(place).id, "item": rule.id}
    rows = SurveyFact.objects.visible_to(actor).filter(**key).select_for_update(of=("self",))
    found = rows.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return SurveyFact.objects.create(compartment_id=place.compartment_id, **key)
    except IntegrityError:
        return rows.get()  # another person was first


def _tell_difference(
    place: Place, fact: SurveyFact, rule: FactRule, before: Standing, after: Standing
) -> None:
    """A first answer changes nothing that anybody relied on."""
    if not before.known:
        return
    if after.disputed and not before.disputed:
        _depend(place, [fact], f"{rule.title} is disputed")
    elif before.disputed and not after.disputed:
        _depend(place, [fact], f"{rule.title} is settled")
    elif not alike(before.claims[-1].said, after.claims[-1].said):
        _depend(place, [fact], f"{rule.title} has changed")


def _depend(place: Place, facts: list[SurveyFact], words: str) -> None:
    """Titles of the form are no secret; what was answered never stands in a reason."""
    reason = f"Survey of {place.slug}: {words}"
    for fact in facts:
        changed(node=("survey_fact", fact.pk), reason=reason)
    changed(node=("place", place.pk), reason=reason)


def _list(named: list[str]) -> str:
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def _show(place: Place) -> None:
    publish(topic="surveys", record=place.pk, compartment_id=place.compartment_id)
