"""One step after the other, from the report to the close."""

from typing import Any

from django.db import transaction

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ...incident_rules import MARK_OF, check_step
from ...models import Incident
from .command import end_command
from .ground import is_marked, locked, mark, position_of, tell, text_of


@transaction.atomic
def change_incident(*, actor: Actor, incident: Incident, **given: Any) -> Incident:
    """severity, title, summary, where, position, place, drill; what is not given stays."""
    incident = locked(actor, incident, "incident.command")
    unknown = set(given) - {*("severity", "title", "summary", "where", "position", "place")}
    if unknown:
        raise Refused("An incident has no such field", where=", ".join(sorted(unknown)))
    if given.get("severity", incident.severity) not in Incident.Severity.values:
        raise Refused("Unknown severity", where=str(given["severity"]))
    if "position" in given:
        given["position"] = position_of(given["position"], None, None)
    for name in ("title", "summary", "where"):
        if name in given:
            given[name] = text_of(name, given[name], least=3 if name == "title" else 0)
    changed = [name for name, value in given.items() if getattr(incident, name) != value]
    for name in changed:
        setattr(incident, name, given[name])
    if changed:
        incident.save()
        words = f"{incident.label} changed: {', '.join(changed)}"
        tell(incident, "changed", words, actor)
    return incident


@transaction.atomic
def set_state(
    *, actor: Actor, incident: Incident, state: str, note: str = "", handed_to: str = ""
) -> Incident:
    """One step of its life. ``handed_to`` names the service that leads from now on."""
    incident = locked(actor, incident, "incident.command", ended=True)
    if state == incident.state:
        return incident
    check_step(incident.state, state)
    if state == Incident.State.REVIEWED:
        raise Refused("A review is written down", mend="Give what happened, and what to improve.")
    if state == Incident.State.HANDED_OVER and not handed_to.strip():
        raise Refused("Name the service that leads from now on", where="handed_to")
    incident.state = state
    incident.handed_to = text_of("handed_to", handed_to, most=200) or incident.handed_to
    incident.save()
    if state == Incident.State.CLOSED:
        end_command(incident)
        alerts.supersede(source="incident", about=incident.pk, reason="The incident is closed")
    words = {"handed_over": f"handed over to {incident.handed_to}"}.get(
        state, state.replace("_", " ")
    )
    why = f": {note.strip()}" if note.strip() else ""
    tell(incident, state, f"{incident.label} {words}{why}", actor)
    if state in MARK_OF:
        mark(incident, MARK_OF[state], now())
    return incident


@transaction.atomic
def first_arrival(*, actor: Actor, incident: Incident, who: str = "") -> Incident:
    """Somebody of the team is there."""
    incident = locked(actor, incident, "incident.report")
    if not is_marked(actor, incident, "arrived"):
        words = f"{incident.label}: {who.strip()[:80] or actor} is on the scene"
        tell(incident, "arrived", words, actor)
        mark(incident, "arrived", now())
    return incident
