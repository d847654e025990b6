"""Two raters saw it differently: a named person says what holds, and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ..judgement_rules import Answer, Compared, check_answer, must_settle, what_changed
from ..models import Judgement
from ..queries import judgement as queries
from .judgements_common import (
    check_level,
    clean,
    keep_answers,
    next_version,
    put_seal,
    read_scenarios,
    review_at,
)
from .judgements_rate import tell_level
from .persons_common import said, working

SIDES = ("first", "second")


@transaction.atomic
def settle(
    *,
    actor: Actor,
    judgement: Judgement,
    level: str,
    confidence: str,
    reasons: str = "",
    choices: Mapping[str, str] | None = None,
    formulation: str = "",
    scenarios: Any = None,
    next_review: datetime | None = None,
) -> Judgement:
    """``choices``: first or second for each indicator they differ on. Where only one of them knows,
    that one is taken unless the choice says otherwise."""
    person = working(actor, judgement.person, "settle a judgement")
    first = queries.judgement(actor, judgement.pk)
    second = _second(actor, first)
    check_level(level, confidence)
    rows = queries.compared(first, second)
    if must_settle(rows, queries.view(first), queries.view(second)):
        reasons = said(reasons, "reasons", "Say why, where the two differ")
    chosen = _chosen(rows, choices or {})
    for name, answer in chosen.items():
        check_answer(queries.titles().get(name, name), answer)
    made = Judgement.objects.create(
        person=person,
        key_id=person.key_id,
        compartment_id=person.compartment_id,
        version=next_version(person),
        seat=Judgement.Seat.SETTLED,
        of=first,
        rater=actor,
        level=level,
        confidence=confidence,
        reasons=clean(reasons) or "The two raters agree",
        formulation=clean(formulation) or first.formulation,
        scenarios=read_scenarios(first.scenarios if scenarios is None else scenarios),
        next_review=review_at(person, level, next_review),
    )
    keep_answers(made, chosen)
    line = what_changed(queries.titles(), queries.view(first), queries.view(made))
    made.summary = f"Settled v{first.version} and v{second.version}: {line[0].lower()}{line[1:]}"
    put_seal(made)
    tell_level(person, first, made, actor)
    return made


def _second(actor: Actor, first: Judgement) -> Judgement:
    """Both have signed, nobody has settled it, and nothing newer stands."""
    second = queries.second_of(actor, first) if first.seat == Judgement.Seat.FIRST else None
    if second is None:
        raise Refused("There are no two signed ratings to settle", where=first.label)
    newest = queries.standing(actor, first.person)
    if newest is not None and newest.pk != first.pk:
        raise Refused(
            f"A newer judgement stands: {newest.label}", where=first.label, mend="Compare that one."
        )
    return second


def _chosen(rows: list[Compared], choices: Mapping[str, str]) -> dict[str, Answer]:
    titles, found, open_ones = queries.titles(), {}, []
    for row in rows:
        side = choices.get(row.indicator) or ""
        if side and side not in SIDES:
            raise Refused(f"'{side}' is no side", where=row.indicator, mend="first or second")
        if row.relation == "differ" and not side:
            open_ones.append(titles[row.indicator])
            continue
        if not side:
            only_second = row.first.state == "unknown" and row.second.state != "unknown"
            side = "second" if only_second else "first"
        found[row.indicator] = row.first if side == "first" else row.second
    if open_ones:
        raise Refused(
            "The raters differ: say whose answer holds", where=", ".join(open_ones), mend="Choose."
        )
    return found
