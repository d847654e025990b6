"""Incidents, casualties, roll calls and the watch as data."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from varangian.platform.access.scope import Actor, may

from ..casualty_rules import at_mist
from ..models import Casualty, Evidence, Incident, IncidentTask, MusterPerson, Notification
from ..queries import incidents, muster


def incident_shape(row: Incident, commander: Any = None) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "serial": row.serial,
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "drill": row.drill,
        "title": row.title,
        "where": row.where,
        "position": row.position or None,
        "place": str(row.place_id) if row.place_id else None,
        "alert": str(row.alert) if row.alert else None,
        "commander": str(commander.person) if commander else None,
        "handed_to": row.handed_to or None,
        "reported_at": row.created_at,
    }


def whole_shape(actor: Actor, row: Incident) -> dict[str, Any]:
    """All of one incident that this person may see."""
    return {
        **incident_shape(row, incidents.commander(actor, row)),
        "summary": row.summary,
        "review": row.review or None,
        "tasks": [task_shape(one) for one in incidents.tasks(actor, row)],
        "notifications": [
            {**told_shape(node["row"]), "late": node["late"], "blocked": node["blocked"]}
            for node in incidents.tree(actor, row)
        ],
        "commands": [
            {
                "person": str(one.person),
                "offered_by": str(one.offered_by) if one.offered_by else None,
                "accepted_at": one.accepted_at,
                "ended_at": one.ended_at,
                "brief": one.brief,
            }
            for one in incidents.commands(actor, row)
        ],
        "casualties": [casualty_shape(actor, one) for one in incidents.casualties(actor, row)],
        "evidence": [exhibit_shape(one) for one in incidents.exhibits(actor, row)],
        "figures": figures_shape(actor, row),
        "hospitals": [
            {
                "id": str(one["place"].pk),
                "name": one["place"].name,
                "kind": one["place"].kind,
                "km": one["km"],
            }
            for one in incidents.nearest_hospitals(actor, row)
        ],
    }


def figures_shape(actor: Actor, row: Incident) -> list[dict[str, Any]]:
    return [
        {"key": f.key, "words": f.words, "seconds": f.seconds, "entries": list(f.entries)}
        for f in incidents.after_action(actor, row)
    ]


def task_shape(row: IncidentTask) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "serial": row.serial,
        "title": row.title,
        "state": row.state,
        "owner": str(row.owner) if row.owner else None,
        "due_at": row.due_at,
        "ended_at": row.ended_at,
        "note": row.note,
    }


def told_shape(row: Notification) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "serial": row.serial,
        "whom": row.whom,
        "after": row.after or None,
        "result": row.result,
        "due_at": row.due_at,
        "at": row.at,
        "tries": row.tries,
        "note": row.note,
    }


def exhibit_shape(row: Evidence) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "serial": row.serial,
        "name": row.name,
        "sha256": row.sha256,
        "size": row.size,
        "taken_at": row.taken_at,
        "added_at": row.added_at,
        "by": str(row.by),
        "note": row.note,
    }


def casualty_shape(actor: Actor, row: Casualty) -> dict[str, Any]:
    card = incidents.card(actor, row)
    return {
        "id": str(row.pk),
        "serial": row.serial,
        "who": row.who,
        "priority": row.priority,
        "handed_to": row.handed_to or None,
        "handed_at": row.handed_at,
        "card": {name: {"value": line.value, "at": line.at} for name, line in card.items()},
        "at_mist": [{"word": words, "said": said} for _, words, said in at_mist(card)],
    }


def line_of_log(row: Any) -> dict[str, Any]:
    return {
        "serial": row.serial,
        "at": row.at,
        "author": row.author,
        "topic": row.topic,
        "event": row.body.get("event", ""),
        "action": row.body.get("action", ""),
    }


def timeline_shape(actor: Actor, row: Incident, *, all_of_it: bool = False) -> list[dict[str, Any]]:
    if not may(actor, "log.view", row.compartment_id):
        return []
    return [line_of_log(one) for one in incidents.timeline(actor, row, all_of_it=all_of_it)]


def muster_shape(actor: Actor, row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "serial": row.serial,
        "reason": row.reason,
        "rally": row.rally,
        "drill": row.drill,
        "called_at": row.called_at,
        "closed_at": row.closed_at,
        "counts": muster.counts(actor, row),
        "people": [person_shape(one) for one in muster.lines(actor, row)],
    }


def person_shape(row: MusterPerson) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "serial": row.serial,
        "name": row.name,
        "group": row.group,
        "state": row.state,
        "source": row.source or None,
        "where": row.where,
        "answered_at": row.answered_at,
    }


def party_shape(row: Any) -> dict[str, Any]:
    return {"id": str(row.pk), "name": row.name, "relation": row.relation, "phone": row.phone}


def muster_address(secret: str) -> str:
    """The link as seen from outside, where the console has no request to ask."""
    host = settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ""
    base = host or f"http://127.0.0.1:{settings.PORT}"
    return base + reverse("incidents:muster_door", args=[secret])
