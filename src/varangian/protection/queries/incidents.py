"""Reads of incidents: the list, the room, its time line, and its figures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import NotFound
from varangian.log import queries as log
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, may, require, system_read
from varangian.principals import queries as principals

from ..casualty_rules import latest
from ..incident_rules import Figure, figures
from ..library import incident_kinds
from ..models import (
    Casualty,
    CasualtyEntry,
    Command,
    Evidence,
    Incident,
    IncidentTask,
    Milestone,
    Notification,
)


def silent(actor: Actor, path: str = "") -> Q:
    """What is open and kept from the screens of this person."""
    return Q(**{f"{path}silent_for_id": actor.pk, f"{path}state__in": Incident.OPEN})


BEFORE, AFTER = timedelta(minutes=5), timedelta(minutes=30)
"""Of the log, what stands round an incident."""
MOST_LINES = 400
HOSPITALS = ("trauma_centre", "hospital")


def incidents(actor: Actor, operation: Any = None, *, view: str = "all") -> QuerySet[Incident]:
    """The newest first; ``view`` is open, closed or all."""
    found = Incident.objects.visible_to(actor).select_related("operation", "place")
    found = found.exclude(silent(actor))
    if operation is not None:
        found = found.filter(operation=operation)
    if view == "open":
        return found.filter(state__in=Incident.OPEN)
    return found.exclude(state__in=Incident.OPEN) if view == "closed" else found


@system_read("what is kept from a person must be found to be kept")
def kept_ids(actor: Actor) -> set[UUID]:
    """Open incidents of which this person's screens show nothing, for the log and other lists."""
    found = Incident.objects.filter(silent(actor)).values_list("pk", flat=True)
    return set(found)


def incident(actor: Actor, pk: UUID) -> Incident:
    return _one(incidents(actor).filter(pk=pk), "incident", str(pk))


def incident_numbered(actor: Actor, operation: Any, serial: int) -> Incident:
    return _one(incidents(actor, operation).filter(serial=serial), "incident", str(serial))


def operation_for(actor: Actor, slug: str, action: str = "incident.view") -> Any:
    found = operations.operation(actor, slug)
    require(actor, action, found.compartment_id)
    return found


def commander(actor: Actor, incident: Incident) -> Command | None:
    return commanders(actor, [incident]).get(incident.pk)


def commanders(actor: Actor, rows: list[Incident]) -> dict[UUID, Command]:
    found = Command.objects.visible_to(actor).filter(incident__in=rows, ended_at=None)
    held = found.exclude(accepted_at=None).select_related("person")
    return {row.incident_id: row for row in held}


def commands(actor: Actor, incident: Incident) -> QuerySet[Command]:
    """Every turn and every offer, the first one first."""
    found = Command.objects.visible_to(actor).filter(incident=incident)
    return found.select_related("person", "offered_by")


def offer(actor: Actor, incident: Incident) -> Command | None:
    return commands(actor, incident).filter(accepted_at=None, ended_at=None).first()


def tasks(actor: Actor, incident: Incident) -> QuerySet[IncidentTask]:
    found = IncidentTask.objects.visible_to(actor).filter(incident=incident)
    return found.select_related("owner", "ended_by")


def task(actor: Actor, pk: UUID) -> IncidentTask:
    found = IncidentTask.objects.visible_to(actor).select_related("incident", "owner")
    found = found.filter(pk=pk).exclude(silent(actor, "incident__"))
    return _one(found, "task", str(pk))


def task_numbered(actor: Actor, incident: Incident, serial: int) -> IncidentTask:
    return _one(tasks(actor, incident).filter(serial=serial), "task", str(serial))


def notification_numbered(actor: Actor, incident: Incident, serial: int) -> Notification:
    found = notifications(actor, incident).select_related("incident")
    return _one(found.filter(serial=serial), "notification", str(serial))


def notifications(actor: Actor, incident: Incident) -> QuerySet[Notification]:
    return Notification.objects.visible_to(actor).filter(incident=incident).select_related("by")


def notification(actor: Actor, pk: UUID) -> Notification:
    found = Notification.objects.visible_to(actor).select_related("incident")
    found = found.filter(pk=pk).exclude(silent(actor, "incident__"))
    return _one(found, "notification", str(pk))


def tree(actor: Actor, incident: Incident) -> list[dict[str, Any]]:
    """The notification tree in its order, with depth, number to dial and whether it is late.

    Numbers come from the principal's contacts by the rights of who looks; a node whose parent
    waits is not late yet.
    """
    nodes = {node.id: node for node in incident_kinds().get(incident.kind).tell}
    rows = list(notifications(actor, incident))
    states = {row.node: row.result for row in rows if row.node}
    phones = _phones(actor, incident)
    found = []
    for row in rows:
        node = nodes.get(row.node)
        blocked = states.get(row.after, "reached") in ("waiting", "no_answer")
        late = row.result in ("waiting", "no_answer") and not blocked and row.due_at < now()
        phone = phones.get((node.contact or "").casefold(), "") if node else ""
        outside = bool(node is None or node.outside)
        depth = _depth(row.node, nodes)
        found.append(
            {"row": row, "depth": depth, "blocked": blocked, "late": late and incident.is_open}
            | {"phone": phone, "simulated": incident.drill and outside}
        )
    return found


def _depth(node: str, nodes: dict[str, Any]) -> int:
    depth = 0
    while node in nodes and nodes[node].after:
        node, depth = nodes[node].after, depth + 1
    return depth


def _phones(actor: Actor, incident: Incident) -> dict[str, str]:
    rows = principals.contacts(actor, incident.operation.principal)
    return {row.role.casefold(): row.phone for row in rows if row.phone}


def marks(actor: Actor, incident: Incident) -> list[Milestone]:
    return list(Milestone.objects.visible_to(actor).filter(incident=incident))


def after_action(actor: Actor, incident: Incident) -> list[Figure]:
    """Time to detect, notify, acknowledge, arrive, secure; each with its entries of the log."""
    return figures({row.kind: (row.at, row.entry) for row in marks(actor, incident)})


def timeline(actor: Actor, incident: Incident, *, all_of_it: bool = False) -> list[Any]:
    """Entries of the operations log round the incident, the oldest first.

    It fills itself: alerts, duty, calls, positions and what people type all enter the log. Without
    ``all_of_it`` what has nothing to do with anything under way (plan, orders) is left out.
    """
    begun = min([incident.created_at, *(row.at for row in marks(actor, incident))])
    ended = [row.at for row in marks(actor, incident) if row.kind == Milestone.Kind.CLOSED]
    found = log.entries(actor, incident.operation).filter(at__gte=begun - BEFORE)
    if ended and not incident.is_open:
        found = found.filter(at__lte=ended[0] + AFTER)
    if not all_of_it:
        found = found.exclude(topic__in=PLANNING)
    return list(found.order_by("-serial")[:MOST_LINES])[::-1]


PLANNING = (
    *("orders", "measures", "risks", "threats", "readiness", "roster", "cards", "lessons"),
    *("advance", "itineraries", "packs", "surveys", "routine", "debrief", "members"),
)


def exhibits(actor: Actor, incident: Incident) -> QuerySet[Evidence]:
    found = Evidence.objects.visible_to(actor).filter(incident=incident)
    return found.select_related("by", "file")


def exhibit(actor: Actor, pk: UUID) -> Evidence:
    found = Evidence.objects.visible_to(actor).select_related("incident", "by", "file")
    found = found.filter(pk=pk).exclude(silent(actor, "incident__"))
    return _one(found, "exhibit", str(pk))


def casualties(actor: Actor, incident: Incident) -> QuerySet[Casualty]:
    found = Casualty.objects.visible_to(actor).filter(incident=incident)
    return found.select_related("hospital")


def casualty(actor: Actor, pk: UUID) -> Casualty:
    found = Casualty.objects.visible_to(actor).select_related("incident__operation", "hospital")
    found = found.filter(pk=pk).exclude(silent(actor, "incident__"))
    return _one(found, "casualty", str(pk))


def entries(actor: Actor, casualty: Casualty) -> QuerySet[CasualtyEntry]:
    """The oldest first."""
    found = CasualtyEntry.objects.visible_to(actor).filter(casualty=casualty)
    return found.select_related("by")


def card(actor: Actor, casualty: Casualty) -> dict[str, Any]:
    rows = entries(actor, casualty)
    return latest((row.content, row.at, str(row.by)) for row in rows)


def nearest_hospitals(actor: Actor, incident: Incident, most: int = 5) -> list[dict[str, Any]]:
    """Trauma centres and hospitals of the team by the distance as the crow flies.

    The nearest trauma centre leads, whatever hospital is nearer: for a critical casualty it is the
    one to go to. A place whose survey is old is shown with its age.
    """
    rows = [row for row in places.places(actor).filter(kind__in=HOSPITALS) if row.located]
    point = tuple(incident.position) if incident.position else None
    found = [{"place": row, "km": _km(point, row), "first": False} for row in rows]
    found.sort(key=lambda row: (row["km"] is None, row["km"] or 0.0, row["place"].kind))
    centres = [row for row in found if row["place"].kind == "trauma_centre"]
    if point and centres:
        centres[0]["first"] = True
        found.sort(key=lambda row: not row["first"])
    return found[:most]


def _km(point: Any, place: Any) -> float | None:
    return haversine_km(point, tuple(place.position)) if point else None


def open_count(actor: Actor) -> int:
    return incidents(actor, view="open").count()


def rights(actor: Actor, row: Any) -> dict[str, bool]:
    """What this person may do here, for the screens."""
    asked = {
        "may_command": "incident.command",
        "may_report": "incident.report",
        "may_treat": "casualty.write",
        "may_see_casualties": "casualty.view",
        "may_see_evidence": "incident.evidence",
        "may_call": "muster.call",
        "may_log": "log.write",
        "may_see_log": "log.view",
    }
    return {name: may(actor, action, row.compartment_id) for name, action in asked.items()}


def _one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row
