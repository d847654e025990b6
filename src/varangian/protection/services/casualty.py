"""Casualty cards: opened, written line by line, handed over."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require

from ..casualty_rules import cleaned
from ..models import Casualty, CasualtyEntry, Incident
from .incidents import locked, named, tell, text_of


@transaction.atomic
def add_casualty(
    *, actor: Actor, incident: Incident, who: str, priority: str = "unknown"
) -> Casualty:
    named(actor)
    require(actor, "casualty.write", incident.compartment_id)
    incident = locked(actor, incident, "incident.report")
    mine = Casualty.objects.visible_to(actor).filter(incident=incident)
    made = Casualty.objects.create(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        serial=(mine.aggregate(last=Max("serial"))["last"] or 0) + 1,
        who=text_of("who", who, least=2, most=120),
        priority=_priority(priority),
    )
    _tell(incident, f"casualty {made.label}", actor)
    return made


@transaction.atomic
def write_casualty(
    *, actor: Actor, casualty: Casualty, priority: str = "", **given: Any
) -> CasualtyEntry:
    """One look at the casualty: what was found and done now. Nothing written before changes."""
    named(actor)
    casualty = _open(actor, casualty)
    content = cleaned(given)
    made = CasualtyEntry.objects.create(
        compartment_id=casualty.compartment_id,
        key_id=casualty.key_id,
        casualty=casualty,
        content=content,
        by=actor,
    )
    if priority and priority != casualty.priority:
        triage(actor=actor, casualty=casualty, priority=priority)
    count = len(content)
    words = f"casualty {casualty.label}, card written, {count} line{'s' if count > 1 else ''}"
    _tell(casualty.incident, words, actor)
    return made


@transaction.atomic
def triage(*, actor: Actor, casualty: Casualty, priority: str) -> Casualty:
    named(actor)
    casualty = _open(actor, casualty)
    casualty.priority = _priority(priority)
    casualty.save(update_fields=["priority"])
    words = f"casualty {casualty.label} is {casualty.get_priority_display()}"  # pyright: ignore
    _tell(casualty.incident, words, actor)
    return casualty


@transaction.atomic
def hand_over_casualty(
    *, actor: Actor, casualty: Casualty, to: str, hospital: Any = None
) -> Casualty:
    """The crew has the casualty, and was told the card."""
    named(actor)
    casualty = _open(actor, casualty)
    casualty.handed_to = text_of("to", to, least=2, most=200)
    casualty.hospital, casualty.handed_at = hospital, now()
    casualty.save()
    where = f", for {hospital.name}" if hospital else ""
    words = f"casualty {casualty.label} handed over to {casualty.handed_to}{where}"
    _tell(casualty.incident, words, actor)
    return casualty


def _open(actor: Actor, casualty: Casualty) -> Casualty:
    require(actor, "casualty.write", casualty.compartment_id)
    rows = Casualty.objects.visible_to(actor).select_related("incident__operation")
    found = rows.select_for_update(of=("self",)).get(pk=casualty.pk)
    if found.handed_at is not None:
        raise Refused(f"{found.label} was handed over to {found.handed_to}")
    return found


def _priority(words: str) -> str:
    if words not in Casualty.Priority.values:
        raise Refused("Unknown priority", where=words, mend=", ".join(Casualty.Priority.values))
    return words


def _tell(incident: Incident, words: str, actor: Actor) -> None:
    """Who reads the log does not read the card: the entry names the card, not the person."""
    tell(incident, "casualty", f"{incident.label}: {words}", actor)
