"""How the roster looks in the API and in ``--json``."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import Absence, Assignment, RosterEdition, RosterRun, Shift
from ..queries import roster as rows
from ..queries.roster_grid import Gauge, Open, gauge, grid


def roster_shape(actor: Actor, operation: Any) -> dict[str, Any]:
    """Gaps first; for who plans, hours and broken rules; for the team, what was published."""
    found, shown = rows.roster(actor, operation), grid(actor, operation)
    made: dict[str, Any] = {
        "operation": operation.slug,
        "jurisdiction": found.jurisdiction if found else None,
        "edition": found.edition if found else 0,
        "gaps": [gap_shape(gap) for gap in shown.gaps] if shown else [],
        "shifts": [shift_shape(row) for row in rows.shifts(actor, operation)],
        "assignments": [assignment_shape(row) for row in rows.assignments(actor, operation)],
    }
    if shown and shown.answer and shown.book:
        made["broken"] = [
            {
                "officer": o,
                "shift": s,
                "rules": [r.rule for r in why],
                "words": [r.words for r in why],
            }
            for o, s, why in shown.answer.broken
        ]
        limits = shown.book.read.problem.rules
        made["hours"] = [_hours(row.officer, gauge(row, limits)) for row in shown.answer.fatigue]
    return made


def _hours(officer: str, found: Gauge) -> dict[str, Any]:
    inputs = [{"words": one.words, "state": one.tone or "within"} for one in found.inputs]
    return {"officer": officer, "busiest_week_hours": found.week.value, "inputs": inputs}


def gap_shape(gap: Open) -> dict[str, Any]:
    return {
        "shift": gap.shift.code,
        "title": gap.shift.title,
        "missing": gap.missing,
        "lacking": gap.lacking,
        "could": [person.email for person in gap.could],
        "rules": gap.rules,
    }


def shift_shape(row: Shift) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "code": row.code,
        "title": row.title,
        "post": str(row.post_id) if row.post_id else None,
        "starts": row.starts,
        "ends": row.ends,
        "zone": row.zone,
        "end_zone": row.end_zone or row.zone,
        "wanted": row.wanted,
        "priority": row.priority,
        "needs": row.needs,
        "vehicle": row.vehicle,
        "site": row.site,
    }


def assignment_shape(row: Assignment) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "shift": row.shift.code,
        "title": row.shift.title,
        "officer": row.person.email,
        "name": str(row.person),
        "starts": row.starts,
        "ends": row.ends,
        "vehicle": row.vehicle,
        "state": row.state,
        "against": row.broken,
        "override": row.override,
        "said": row.said,
    }


def my_duty_shape(row: Assignment) -> dict[str, Any]:
    return {**assignment_shape(row), "operation": row.shift.roster.operation.slug}


def run_shape(row: RosterRun) -> dict[str, Any]:
    told = row.answer or {}
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "state": row.state,
        "words": row.words,
        "officer": row.person.email if row.person else None,
        "step": row.step,
        "summary": told.get("summary"),
        "gaps": told.get("gaps", []),
        "conflicts": told.get("conflicts", []),
        "changes": told.get("changes", []),
        "at": row.at,
        "ended_at": row.ended_at,
    }


def edition_shape(row: RosterEdition) -> dict[str, Any]:
    return {
        "edition": row.number,
        "at": row.at,
        "by": str(row.by) if row.by else None,
        "duties": len(row.rows),
        "changes": row.changes,
    }


def absence_shape(row: Absence) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "officer": row.person.email,
        "why": row.why,
        "starts": row.starts,
        "ends": row.ends,
    }
