"""A person judged by two raters who both have signed, with strategy, task and a licensed result."""

from datetime import date, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.platform.access.models import User
from varangian.threats.models import Person
from varangian.threats.services import judgements


def judgement_records(leader: User, person_id: Any, mark: str) -> dict[str, Any]:
    """Both have signed: who rates blind would see less than their role."""
    person = Person.objects.get(pk=person_id)
    analyst = User.objects.get(
        memberships__compartment_id=person.compartment_id, memberships__role="analyst"
    )
    first = judgements.begin_judgement(actor=leader, person=person)
    _sign(leader, first, mark, "present")
    second = judgements.ask_second(actor=leader, judgement=first, rater=analyst)
    _sign(analyst, second, mark, "absent")
    judgements.choose_strategy(
        actor=leader, person=person, ways=["monitor"], reasons=f"{mark} thin", watch_for=mark
    )
    task = judgements.add_task(
        actor=leader,
        person=person,
        words=f"{mark} ask the court",
        owner=leader,
        due=now() + timedelta(days=3),
    )
    result = judgements.record_instrument(
        actor=leader,
        person=person,
        instrument=f"{mark} instrument",
        rater=f"{mark} rater",
        licence_holder=f"{mark} holder",
        done_on=date(2026, 1, 5),
        outcome=f"{mark} advises monitoring",
        document=mark.encode(),
        name=f"{mark}.txt",
    )
    return {"judgement": first.pk, "strategy_task": task.pk, "instrument": result.pk}


def _sign(rater: User, row: Any, mark: str, state: str) -> None:
    judgements.rate(
        actor=rater,
        judgement=row,
        answers={"wb_leakage": {"state": state, "evidence": f"{mark} baker", "links": [mark]}},
        formulation=f"{mark} hangs together",
        scenarios=[{"what": f"{mark} comes to the door"}],
        level="moderate",
        confidence="low",
        reasons=f"{mark} reasons",
    )
    judgements.sign_judgement(actor=rater, judgement=row)
