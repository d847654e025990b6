"""The report of an incident on paper, with its log. Every print is audited."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor, may
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .casualty_rules import at_mist
from .incident_rules import EXERCISE
from .library import incident_kinds
from .models import Incident
from .queries import incidents, muster

KEEP_PRINTED = timedelta(days=90)


def incident_pdf(actor: Actor, incident: Incident) -> bytes:
    note(kind="export", record=incident, purpose=f"{incident.label} report", actor=actor)
    return render("protection/incident.typ", printed(actor, incident))


def printed(actor: Actor, incident: Incident) -> dict[str, Any]:
    operation = incident.operation
    zone = ZoneInfo(operation.time_zone)
    title = f"{EXERCISE}: " if incident.drill else ""
    held = [turn for turn in incidents.commands(actor, incident) if turn.accepted_at]
    return {
        "house": {
            "title": f"{title}{incident.label}",
            "subtitle": f"{incident.title}, {operation.title}, times of {operation.time_zone}",
            "classification": "Confidential",
            "serial": f"{operation.slug.upper()} INCIDENT {incident.serial}",
            "version": incident.state,
            "destroy_after": f"{now() + KEEP_PRINTED:%d %b %Y}",
            "copy": str(actor),
        },
        "facts": [
            ["Kind", incident_kinds().get(incident.kind).title],
            ["Severity", incident.get_severity_display()],  # pyright: ignore
            ["State", incident.get_state_display()],  # pyright: ignore
            ["Where", incident.where or (incident.place.name if incident.place else "unknown")],
            ["Handed over to", incident.handed_to or "nobody"],
        ],
        "summary": incident.summary,
        "figures": [
            [f.words, f.said, ", ".join(map(str, f.entries)) or "none"]
            for f in incidents.after_action(actor, incident)
        ],
        "commanders": [
            [str(t.person), _clock(t.accepted_at, zone), _clock(t.ended_at, zone)] for t in held
        ],
        "tasks": [_task(task, zone) for task in incidents.tasks(actor, incident)],
        "told": [_told(row, zone) for row in incidents.notifications(actor, incident)],
        "musters": _musters(actor, incident),
        "casualties": _casualties(actor, incident),
        "exhibits": [
            [str(e.serial), e.name, _clock(e.taken_at, zone), e.sha256]
            for e in incidents.exhibits(actor, incident)
        ],
        "lines": [_line(row, zone) for row in _log(actor, incident)],
        "review": [
            [words, incident.review.get(key, "")]
            for key, words in (
                ("happened", "What happened"),
                ("well", "What went well"),
                ("improve", "What to do differently"),
                ("by", "By"),
            )
            if incident.review.get(key)
        ],
    }


def _clock(at: Any, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %H:%M:%S}" if at else ""


def _task(task: Any, zone: ZoneInfo) -> list[str]:
    who = str(task.ended_by or task.owner or "nobody")
    return [task.title, who, task.get_state_display(), _clock(task.ended_at, zone)]


def _told(row: Any, zone: ZoneInfo) -> list[str]:
    return [row.whom, row.get_result_display(), _clock(row.at, zone), str(row.by or "")]


def _musters(actor: Actor, incident: Incident) -> list[list[str]]:
    found = []
    for row in muster.musters(actor, incident.operation).filter(incident=incident):
        count = muster.counts(actor, row)
        accounted = count["all"] - muster.open_of(count)
        found.append([row.label, f"{accounted} of {count['all']} accounted for"])
    return found


def _casualties(actor: Actor, incident: Incident) -> list[dict[str, Any]]:
    """Only for those who may read a card."""
    if not may(actor, "casualty.view", incident.compartment_id):
        return []
    return [
        {
            "title": f"{one.label} · {one.who} · {one.get_priority_display()}",  # pyright: ignore
            "mist": [[words, said] for _, words, said in at_mist(incidents.card(actor, one))],
            "handed": one.handed_to,
        }
        for one in incidents.casualties(actor, incident)
    ]


def _log(actor: Actor, incident: Incident) -> list[Any]:
    if not may(actor, "log.view", incident.compartment_id):
        return []
    return incidents.timeline(actor, incident)


def _line(row: Any, zone: ZoneInfo) -> dict[str, str]:
    return {
        "serial": str(row.serial),
        "at": f"{row.at.astimezone(zone):%d %b %H:%M:%S}",
        "event": row.body.get("event", "") or "[erased]",
        "action": row.body.get("action", ""),
        "author": row.author,
    }
