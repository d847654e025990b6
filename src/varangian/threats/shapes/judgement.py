"""How judgements look in the API and in ``--json``: words, dates and names. No number is about a
person, and nothing is counted."""

from typing import Any

from ..judgement_rules import Answer, Compared, must_settle
from ..library.indicators import indicators
from ..models import CaseStrategy, InstrumentResult, Judgement, StrategyTask
from ..queries import judgement as queries
from ..queries.judgement import Due


def judgement_row(row: Judgement) -> dict[str, Any]:
    """One line of the history."""
    return {
        "id": str(row.pk),
        "person": row.person.label,
        "label": row.label,
        "seat": row.seat,
        "state": row.state,
        "rater": str(row.rater),
        "level": row.level,
        "level_words": queries.level_words(row.level) if row.level else "",
        "confidence": row.confidence,
        "changed": row.summary,
        "signed_at": row.signed_at,
        "next_review": row.next_review,
    }


def judgement_shape(row: Judgement) -> dict[str, Any]:
    return judgement_row(row) | {
        "of": row.of.label if row.of else None,
        "begun_at": row.begun_at,
        "asked_by": _name(row.asked_by),
        "reasons": row.reasons,
        "formulation": row.formulation,
        "scenarios": row.scenarios,
        "answers": answers_shape(queries.answers(row)),
        "seal_holds": queries.seal_holds(row) if row.signed else None,
        "note": "Prevention, not prediction: few who show any of this ever act.",
    }


def answers_shape(found: dict[str, Answer]) -> list[dict[str, Any]]:
    """The whole catalogue in its order: what nobody answered is unknown, and says so."""
    return [
        {"indicator": one.id, "group": one.group, "title": one.title}
        | answer_shape(found.get(one.id, Answer()))
        for one in indicators().indicators
    ]


def answer_shape(one: Answer) -> dict[str, Any]:
    return {
        "state": one.state,
        "evidence": one.evidence,
        "links": [dict(link) for link in one.links],
        "since": one.since,
        "trend": one.trend,
    }


def comparison_shape(first: Judgement, second: Judgement, settled: Any) -> dict[str, Any]:
    rows = queries.compared(first, second)
    open_now = settled is None and must_settle(rows, queries.view(first), queries.view(second))
    return {
        "first": judgement_row(first),
        "second": judgement_row(second),
        "settled": judgement_row(settled) if settled else None,
        "to_settle": open_now,
        "rows": [compared_shape(row) for row in rows],
    }


def compared_shape(row: Compared) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "title": indicators().indicator(row.indicator).title,
        "relation": row.relation,
        "first": answer_shape(row.first),
        "second": answer_shape(row.second),
    }


def strategy_shape(row: CaseStrategy) -> dict[str, Any]:
    known = {one.id: one.title for one in indicators().strategies}
    return {
        "id": str(row.pk),
        "person": row.person.label,
        "ways": [{"id": way, "title": known.get(way, way)} for way in row.ways],
        "reasons": row.reasons,
        "watch_for": row.watch_for,
        "chosen_by": str(row.chosen_by),
        "chosen_at": row.chosen_at,
        "ended_at": row.ended_at,
    }


def task_shape(row: StrategyTask) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "label": row.label,
        "person": row.person.label,
        "words": row.words,
        "owner": str(row.owner),
        "due": row.due,
        "state": row.state,
        "late": row.late,
        "effect": row.effect,
        "ended_by": _name(row.ended_by),
        "ended_at": row.ended_at,
    }


def instrument_shape(row: InstrumentResult) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "instrument": row.instrument,
        "rater": row.rater,
        "licence_holder": row.licence_holder,
        "done_on": row.done_on,
        "outcome": row.outcome,
        "document": row.document.name if row.document else None,
        "added_by": str(row.added_by),
        "added_at": row.added_at,
    }


def due_shape(row: Due) -> dict[str, Any]:
    return {
        "person": row.person.label,
        "person_id": str(row.person.pk),
        "what": row.what,
        "at": row.at,
        "late": row.late,
        "who": _name(row.who),
    }


def catalogue_shape() -> dict[str, Any]:
    library = indicators()
    return {
        "version": library.version,
        "groups": [one.model_dump() for one in library.groups],
        "indicators": [
            one.model_dump() | {"sources": [library.source(name).words for name in one.sources]}
            for one in library.indicators
        ],
        "levels": [
            {"id": one.id, "title": one.title, "meaning": one.meaning} for one in library.levels
        ],
        "strategies": [one.model_dump() for one in library.strategies],
    }


def _name(user: Any) -> str | None:
    return str(user) if user else None
