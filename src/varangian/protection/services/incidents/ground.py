"""What every writer of incidents stands on: the locked row, words, marks and news."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.geometry import valid_lat_lon
from varangian.kernel.results import Refused
from varangian.log import queries as log
from varangian.platform.access.models import Compartment
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.news.services import announce

from ...events import incident_changed
from ...incident_rules import marked
from ...models import Incident, Milestone

LONGEST = 2000


def locked(actor: Actor, incident: Incident, action: str, *, ended: bool = False) -> Incident:
    """The row, locked, if this person may do this; closed ones only where ``ended`` allows."""
    require(actor, action, incident.compartment_id)
    rows = Incident.objects.visible_to(actor).select_related("operation", "place")
    found = rows.select_for_update(of=("self",)).get(pk=incident.pk)
    if not (found.is_open or ended):
        raise Refused(f"{found.label} is {found.state}", mend="Open it again first.")
    return found


def named(actor: Actor) -> None:
    if actor.is_system:
        raise Refused("Only a named person does this", mend="Use --as with a person's e-mail.")


def text_of(where: str, words: str, *, least: int = 0, most: int = LONGEST) -> str:
    words = (words or "").strip()
    if len(words) < least:
        raise Refused("Say it in words", where=where)
    if len(words) > most:
        raise Refused(f"At most {most} signs", where=where)
    return words


def position_of(given: list[float] | None, place: Any, alert: Any) -> list[float]:
    if given:
        if len(given) != 2 or not valid_lat_lon(*given):
            raise Refused("This is no position", where=str(given), mend="Give [60.17, 24.94].")
        return list(given)
    if place is not None and place.located:
        return list(place.position)
    return list(alert.position or []) if alert is not None else []


@system_read("whether a circle is an exercise is no secret to those who are in it")
def in_exercise(compartment_id: Any) -> bool:
    return Compartment.objects.filter(pk=compartment_id, exercise=True).exists()


@system_read("a milestone names the entry of the log that was just written for it")
def mark(incident: Incident, kind: str, at: datetime) -> None:
    """The first time only; later ones are in the log."""
    if Milestone.objects.filter(incident=incident, kind=kind).exists():
        return
    rows = log.entries(SYSTEM, incident.operation).filter(about=incident.pk)
    entry = rows.values_list("serial", flat=True).first()
    Milestone.objects.create(
        compartment_id=incident.compartment_id, incident=incident, kind=kind, at=at, entry=entry
    )


@transaction.atomic
def mark_started(incident: Incident, at: datetime, detected: datetime) -> None:
    if at > now():
        raise Refused("It cannot have begun in the future", where=at.isoformat())
    mark(incident, "started", min(at, detected))


def is_marked(actor: Actor, incident: Incident, kind: str) -> bool:
    return Milestone.objects.visible_to(actor).filter(incident=incident, kind=kind).exists()


def tell(incident: Incident, event: str, text: str, actor: Actor) -> None:
    incident_changed.send(sender=Incident, incident=incident, event=event, actor=actor)
    announce(
        topic="incidents",
        event=event,
        text=marked(text, drill=incident.drill),
        compartment_id=incident.compartment_id,
        operation_id=incident.operation_id,
        record=("incident", incident.pk),
        actor=actor,
    )
