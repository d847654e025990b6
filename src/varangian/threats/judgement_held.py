"""What judgements hold about a person, for who asks what is kept about them."""

from typing import Any

from varangian.platform.access.scope import Actor

from .library.indicators import indicators
from .models import Judgement, Person
from .queries import judgement as queries
from .queries.person_held import Rows, register


def register_parts() -> None:
    register("judgements", words="Assessments", rows=_judgements)
    register("answers", words="What assessors looked at", rows=_answers)
    register("instruments", words="Results of licensed instruments", rows=_instruments)
    register("strategies", words="How the case is worked", rows=_strategies)
    register("strategy_tasks", words="Tasks of the case", rows=_tasks)


def _signed(actor: Actor, person: Person) -> Any:
    return queries.of_person(actor, person).filter(state=Judgement.State.SIGNED)


def _judgements(actor: Actor, person: Person) -> Rows:
    return [
        {
            "version": row.version,
            "as": row.get_seat_display(),
            "signed": row.signed_at,
            "level of concern": queries.level_words(row.level),
            "confidence": row.confidence,
            "reasons": row.reasons,
            "formulation": row.formulation,
            "scenarios": "; ".join(one["what"] for one in row.scenarios),
            "what changed": row.summary,
            "next review": row.next_review,
        }
        for row in _signed(actor, person)
    ]


def _answers(actor: Actor, person: Person) -> Rows:
    titles = queries.titles()
    return [
        {
            "version": row.version,
            "indicator": titles.get(name, name),
            "answer": one.state,
            "evidence": one.evidence,
            "records": ", ".join(link["label"] for link in one.links),
            "since": one.since or "not known",
            "trend": one.trend,
        }
        for row in _signed(actor, person)
        for name, one in queries.answers(row).items()
    ]


def _instruments(actor: Actor, person: Person) -> Rows:
    return [
        {
            "instrument": row.instrument,
            "rater": row.rater,
            "licence held by": row.licence_holder,
            "done": row.done_on,
            "result": row.outcome,
            "document": row.document.name if row.document else "none",
        }
        for row in queries.instruments(actor, person)
    ]


def _strategies(actor: Actor, person: Person) -> Rows:
    known: dict[str, str] = {one.id: str(one.title) for one in indicators().strategies}
    return [
        {
            "chosen": row.chosen_at,
            "ways": ", ".join(known.get(way) or way for way in row.ways),
            "why": row.reasons,
            "watch for": row.watch_for,
            "ended": row.ended_at or "in force",
        }
        for row in queries.strategies(actor, person)
    ]


def _tasks(actor: Actor, person: Person) -> Rows:
    return [
        {
            "task": row.words,
            "due": row.due,
            "state": row.get_state_display(),
            "effect": row.effect,
            "ended": row.ended_at,
        }
        for row in queries.tasks(actor, person)
    ]
