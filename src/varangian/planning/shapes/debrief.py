"""How the hot wash, its lessons and the programme look in the API and in ``--json``."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..actual import Row
from ..indicators import Indicator, shown
from ..models import Debrief, Lesson, LessonAnswer, Observation
from ..queries import debrief as reads
from ..queries.programme import Programme
from ..reporting import PARTS, Report


def debrief_shape(actor: Actor, operation: Any, found: Debrief | None) -> dict[str, Any]:
    """The whole hot wash; before it is opened only planned against actual."""
    rows = list(reads.observations(actor, found)) if found else []
    compared = reads.compared(actor, operation, found)
    return {
        "operation": operation.slug,
        "state": reads.state(found, rows, operation),
        "opened_at": found.opened_at if found else None,
        "summary": found.summary if found else None,
        "participants": found.participants if found else [],
        "signed_by": found.closed_name if found and found.closed_at else None,
        "signed_at": found.closed_at if found else None,
        "signature": reads.verdict(found, rows) if found else None,
        "plan_issued_at": compared.baseline,
        "tracks": "recorded" if compared.tracked else "no tracks",
        "compared": [row_shape(row) for row in compared.rows],
        "observations": [observation_shape(row) for row in rows],
    }


def row_shape(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "what": row.what,
        "phase": row.phase,
        "planned": row.planned,
        "actual": row.actual,
        "minutes": row.minutes,
        "state": row.state,
        "note": row.note,
        "log_entry": row.evidence,
        "record": {"kind": row.record[0], "id": str(row.record[1])},
    }


def observation_shape(row: Observation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "kind": row.kind,
        "near_miss": row.near_miss,
        "text": row.text,
        "about": {"kind": row.about_kind, "id": str(row.about)} if row.about else None,
        "by": str(row.by),
        "at": row.at,
        "confirmed": row.confirmed_at is not None,
        "client_words": row.client_words or None,
        "action": row.action or None,
        "action_state": row.action_state,
        "owner": row.owner.email if row.owner else None,
        "due": row.due,
        "outcome": row.outcome or None,
        "ended_by": str(row.ended_by) if row.ended_by else None,
    }


def lesson_shape(row: Lesson) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "title": row.dated,
        "target": row.target,
        "place": str(row.place_id) if row.place_id else None,  # pyright: ignore
        "item": row.item or None,
        "library_id": row.library_id or None,
        "text": row.text,
        "proposal": row.proposal,
        "answers": [answer_shape(one) for one in row.answers.all()],  # pyright: ignore
    }


def answer_shape(row: LessonAnswer) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "reason": row.reason,
        "by": str(row.by),
        "at": row.at,
        "operation": row.operation.slug if row.operation else None,
    }


def programme_shape(found: Programme) -> dict[str, Any]:
    return {
        "engagement": found.engagement.slug,
        "principal": found.principal.slug if found.principal else None,
        "start": found.start,
        "end": found.end,
        "operations": [row.slug for row in found.operations],
        "without_date": found.undated,
        "indicators": [indicator_shape(one) for one in found.indicators],
    }


def indicator_shape(one: Indicator) -> dict[str, Any]:
    """Values in their unit; None is unknown."""
    return {
        "id": one.rule.id,
        "title": one.rule.title,
        "unit": one.rule.unit,
        "value": one.now.value,
        "words": shown(one.now.value, one.rule.unit),
        "before": one.before.value,
        "trend": one.trend,
        "inputs": one.now.inputs,
        "definition": one.rule.definition,
        "weeks": [{"from": first, "value": value} for first, value in one.weeks],
    }


def report_shape(made: Report) -> dict[str, Any]:
    return {
        **programme_shape(made.programme),
        "parts": {part: part in made.parts for part in PARTS},
        "listed": list(made.operations),
        "sustained": [vars(one) for one in made.sustained],
        "improved": [vars(one) for one in made.improved],
        "open_actions": [vars(one) for one in made.actions],
        "held_back": made.held_back,
        "debriefed": made.washed,
    }
