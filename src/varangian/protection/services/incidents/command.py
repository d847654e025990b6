"""Who commands: one at a time, by an accepted handover or by a reason that is logged."""

from django.db import transaction

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.models import User
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor, role_in, system_read

from ...models import Command, Incident
from .ground import LONGEST, locked, mark, named, tell, text_of


@transaction.atomic
def take_command(*, actor: Actor, incident: Incident, reason: str = "") -> Command:
    """Take it when nobody has it; from somebody who has it only for a reason, which is logged."""
    named(actor)
    incident = locked(actor, incident, "incident.command")
    held = _holder(actor, incident)
    if held is not None and held.person_id == actor.pk:
        return held
    if held is not None and not reason.strip():
        raise Refused(
            f"{held.person} commands", mend="Ask for a handover, or give the reason to take over."
        )
    words = f"{incident.label}: {actor} takes command"
    if held is not None:
        words += f" from {held.person}: {reason.strip()[:400]}"
    return _command(actor, incident, held, words, brief=reason)


@transaction.atomic
def offer_command(*, actor: Actor, incident: Incident, to: User, brief: str) -> Command:
    """The commander briefs the next one and keeps command until that one accepts."""
    incident = locked(actor, incident, "incident.command")
    held = _holder(actor, incident)
    if held is None or held.person_id != actor.pk:
        raise Refused("Only the commander hands command over", where=incident.label)
    if role_in(to, incident.compartment_id) not in roles_for("incident.command"):
        raise Refused(f"{to} does not command incidents of this operation")
    if to.pk == actor.pk:
        raise Refused("You command already")
    waiting = _offer(actor, incident)
    if waiting is not None:
        waiting.ended_at = now()
        waiting.save(update_fields=["ended_at"])
    made = Command.objects.create(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        person=to,
        offered_by=actor,
        brief=text_of("brief", brief, least=3),
    )
    tell(incident, "command", f"{incident.label}: {actor} offers command to {to}", actor)
    return made


@transaction.atomic
def accept_command(*, actor: Actor, incident: Incident) -> Command:
    named(actor)
    incident = locked(actor, incident, "incident.command")
    waiting = _offer(actor, incident)
    if waiting is None or waiting.person_id != actor.pk:
        raise Refused("Command was not offered to you", where=incident.label)
    held = _holder(actor, incident)
    words = f"{incident.label}: {actor} has command, handed over by {waiting.offered_by}"
    return _command(actor, incident, held, words, offer=waiting)


def _command(
    actor: Actor,
    incident: Incident,
    held: Command | None,
    words: str,
    *,
    brief: str = "",
    offer: Command | None = None,
) -> Command:
    present = now()
    for ended in (held, None if offer else _offer(actor, incident)):
        if ended is not None:
            ended.ended_at = present
            ended.save(update_fields=["ended_at"])
    made = offer or Command(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        person=actor,
        brief=brief.strip()[:LONGEST],
    )
    made.accepted_at = present
    made.save()
    if incident.state == Incident.State.REPORTED:
        incident.state = Incident.State.ACTIVE
        incident.save(update_fields=["state"])
    tell(incident, "command", words, actor)
    mark(incident, "acknowledged", present)
    alerts.supersede(source="incident", about=incident.pk, reason=f"{actor} has command")
    return made


@system_read("an incident that ends has no commander, whoever ends it")
def end_command(incident: Incident) -> None:
    Command.objects.filter(incident=incident, ended_at=None).update(ended_at=now())


def _holder(actor: Actor, incident: Incident) -> Command | None:
    rows = Command.objects.visible_to(actor).filter(incident=incident, ended_at=None)
    return rows.exclude(accepted_at=None).select_related("person").first()


def _offer(actor: Actor, incident: Incident) -> Command | None:
    rows = Command.objects.visible_to(actor).filter(incident=incident, ended_at=None)
    return rows.filter(accepted_at=None).select_related("person", "offered_by").first()
