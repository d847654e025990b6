"""Roll calls of the whole party: called, answered by app, link or radio, ended."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.alerts import services as alerts
from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import SYSTEM, Actor, may, require, system_read
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce
from varangian.travel.queries import presence as presence_queries
from varangian.travel.services import presence

from ..events import muster_changed
from ..incident_rules import marked
from ..models import Incident, Muster, MusterDoor, MusterPerson
from .incidents import in_exercise, named, text_of

DOOR_HOURS = 12
MOST = 500
ANSWERS = ("safe", "help", "away")
"""What a person says of themselves; that somebody is missing is said by others."""


@transaction.atomic
def add_to_party(
    *, actor: Actor, operation: Any, name: str, phone: str = "", relation: str = ""
) -> Any:
    """Somebody without an account who is counted when the party is: it is travel's party."""
    require(actor, "party.change", operation.compartment_id)
    return presence.add_person(
        actor=actor, operation=operation, name=name, phone=phone, relation=relation
    )


@transaction.atomic
def leave_party(*, actor: Actor, member: Any) -> Any:
    """Gone home: not counted any more, and kept on the roll calls that have been."""
    require(actor, "party.change", member.compartment_id)
    return presence.take_off(actor=actor, person=member)


@system_read("the roll that runs is of the whole party, whoever took somebody along")
def join_running(*, operation: Any, person: Any) -> None:
    """Somebody who joins while a roll call runs is on it, not heard of."""
    running = Muster.objects.filter(operation=operation, closed_at=None).first()
    if running is None or MusterPerson.objects.filter(muster=running, traveller=person).exists():
        return
    last = MusterPerson.objects.filter(muster=running).aggregate(last=Max("serial"))["last"] or 0
    MusterPerson.objects.create(
        compartment_id=running.compartment_id, key_id=running.key_id, muster=running,
        serial=last + 1, group="party", name=person.name, traveller=person,
    )  # fmt: skip
    _show(running.compartment_id)


@transaction.atomic
def call_muster(
    *,
    actor: Actor,
    operation: Any,
    reason: str,
    rally: str = "",
    incident: Incident | None = None,
    drill: bool = False,
) -> Muster:
    """Ask everybody where they are. While one runs, calling again answers with that one."""
    require(actor, "muster.call", operation.compartment_id)
    mine = Muster.objects.visible_to(actor, "muster.view").filter(operation=operation)
    if (running := mine.filter(closed_at=None).first()) is not None:
        return running
    incident_drill = bool(incident and incident.drill)
    muster = Muster.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        incident=incident,
        serial=(mine.aggregate(last=Max("serial"))["last"] or 0) + 1,
        reason=text_of("reason", reason, least=3, most=200),
        rally=text_of("rally", rally, most=200),
        drill=drill or incident_drill or in_exercise(operation.compartment_id),
        called_by=None if actor.is_system else actor,
    )
    people = _lines(muster)
    MusterPerson.objects.bulk_create(people)
    where = f", go to {muster.rally}" if muster.rally else ""
    _tell(muster, "called", f"{muster.label} of {len(people)}: {muster.reason}{where}", actor)
    alerts.raise_alert(
        operation=operation,
        title=marked(f"{muster.label}: say that you are safe", drill=muster.drill),
        action="Answer for yourself, then for those with you.",
        source="muster",
        dedupe=f"muster {muster.pk}",
        about=muster.pk,
        urgency="now",
        actor=actor,
    )
    return muster


@system_read("the whole party is counted, also those whom the caller may not look up")
def _lines(muster: Muster) -> list[MusterPerson]:
    """The principal first, then who travels along, then the team."""
    operation, team = muster.operation, [role.value for role in roles_for("muster.answer")]
    seats = members(SYSTEM, muster.compartment_id).filter(role__in=team, user__is_active=True)
    seats = seats.exclude(until__lte=now())
    party = [
        line.person
        for line in presence_queries.present(SYSTEM, operation)
        if line.person is not None and not line.over
    ]
    party.sort(key=lambda one: one.joined_at)
    found = [("principal", operation.principal.code_name, None, None)]
    found += [("party", row.name, None, row) for row in party]
    found += [("team", str(seat.user), seat.user, None) for seat in seats]
    return [
        MusterPerson(
            compartment_id=muster.compartment_id,
            key_id=muster.key_id,
            muster=muster,
            serial=serial,
            group=group,
            name=name,
            person=person,
            traveller=traveller,
        )
        for serial, (group, name, person, traveller) in enumerate(found, start=1)
    ]


@transaction.atomic
def answer_own(*, actor: Actor, muster: Muster, state: str, where: str = "") -> MusterPerson:
    """By the app: a person for themselves."""
    named(actor)
    require(actor, "muster.answer", muster.compartment_id)
    rows = MusterPerson.objects.visible_to(actor).filter(muster=muster, person=actor)
    line = rows.first()
    if line is None:
        raise NotFound("You are not on this roll call", where=muster.label)
    if state not in ANSWERS:
        raise Refused("Safe, help or away", where=state)
    return _set(line, state, "app", where, actor)


@transaction.atomic
def enter(
    *, actor: Actor, line: MusterPerson, state: str, source: str = "radio", where: str = ""
) -> MusterPerson:
    """By radio or by sight: an operator or an officer for somebody else."""
    require(actor, "muster.call", line.compartment_id)
    if state not in MusterPerson.State.values:
        raise Refused("Unknown state", where=state, mend=", ".join(MusterPerson.State.values))
    if source not in ("radio", "eyes"):
        raise Refused("By radio or seen", where=source)
    return _set(line, state, source, where, actor)


def _set(line: MusterPerson, state: str, source: str, where: str, actor: Actor) -> MusterPerson:
    rows = MusterPerson.objects.visible_to(SYSTEM).select_related(
        "muster__operation__principal", "traveller"
    )
    line = rows.select_for_update(of=("self",)).get(pk=line.pk)
    if line.muster.closed_at is not None:
        raise Refused(f"{line.muster.label} has ended")
    if (line.state, line.where) == (state, where.strip()):
        return line
    line.state, line.source, line.where = state, source, text_of("where", where, most=200)
    line.answered_at, line.entered_by = now(), None if actor.is_system else actor
    line.save()
    place = f", {line.where}" if line.where else ""
    words = f"{line.muster.label}: {line.name} {line.get_state_display().lower()}"  # pyright: ignore
    _tell(line.muster, "answered", f"{words} ({line.get_source_display().lower()}){place}", actor)  # pyright: ignore
    _tell_travel(line, actor)
    return line


def _tell_travel(line: MusterPerson, actor: Actor) -> None:
    """Whoever is safe on a roll call is confirmed safe: their clock starts anew. No drill does."""
    if line.state != "safe" or line.muster.drill or line.group not in ("principal", "party"):
        return
    operation = line.muster.operation
    knows = may(actor, "presence.confirm", operation.compartment_id)
    presence.confirm(
        actor=actor if knows else SYSTEM, operation=operation, person=line.traveller,
        how="roll_call", words=line.where, note=line.muster.label, safe=True, logged=False,
    )  # fmt: skip


@transaction.atomic
def hang_links(
    *, actor: Actor, muster: Muster, line: MusterPerson | None = None
) -> list[tuple[MusterPerson, str]]:
    """A link for each of the party who has no account, or for one; older links close."""
    require(actor, "muster.call", muster.compartment_id)
    if muster.closed_at is not None:
        raise Refused(f"{muster.label} has ended")
    rows = MusterPerson.objects.visible_to(actor).filter(muster=muster, group="party")
    chosen = rows.filter(pk=line.pk) if line is not None else rows
    found = [(row, _hang(actor, muster, row)) for row in chosen.select_related("traveller")]
    if not found:
        raise Refused("Nobody here needs a link", mend="The team answers by the app.")
    count = len(found)
    words = f"{muster.label}: {count} link{'s' if count > 1 else ''} made"
    _tell(muster, "links", words, actor)
    return found


def _hang(actor: Actor, muster: Muster, line: MusterPerson) -> str:
    MusterDoor.objects.visible_to(actor).filter(line=line).delete()
    secret = secrets.token_urlsafe(16)
    MusterDoor.objects.create(
        compartment_id=muster.compartment_id,
        key_id=muster.key_id,
        line=line,
        digest=digest(secret),
        content={
            "name": line.name,
            "rally": muster.rally,
            "label": marked(muster.label, drill=muster.drill),
        },
        expires_at=now() + timedelta(hours=DOOR_HOURS),
    )
    return secret


@system_read("whoever holds the link has no account; the row tells nothing but its own page")
def door_of(secret: str) -> MusterDoor | None:
    """Ended, expired, never made: all the same nothing."""
    found = MusterDoor.objects.filter(digest=digest(secret), expires_at__gt=now()).first()
    return found if found is not None and found.content else None


@transaction.atomic
@system_read("a stranger's answer is kept at the door; the worker carries it to the roll call")
def answer_at_door(*, door: MusterDoor, state: str, where: str = "") -> MusterDoor:
    if state not in ANSWERS:
        raise Refused("Safe, help or not here", where="state")
    found = MusterDoor.objects.select_for_update().get(pk=door.pk)
    found.answer = state
    found.where = text_of("where", where.replace("\x00", ""), most=200)
    found.answered_at, found.carried = now(), False
    found.save()
    return found


@system_read("the worker carries what strangers have answered")
def carry_answers() -> int:
    """Each second. One that cannot be carried is let go, so that it does not hold up the rest."""
    rows = MusterDoor.objects.filter(carried=False).select_related("line__muster")
    waiting = list(rows.select_for_update(of=("self",), skip_locked=True)[:MOST])
    for door in waiting:
        if door.line.muster.closed_at is None:
            _set(door.line, door.answer, "link", door.where, SYSTEM)
        door.carried = True
        door.save(update_fields=["carried"])
    return len(waiting)


@transaction.atomic
def close_muster(*, actor: Actor, muster: Muster, note: str = "") -> Muster:
    """Everybody is accounted for; with somebody open only for a reason."""
    require(actor, "muster.call", muster.compartment_id)
    rows = Muster.objects.visible_to(actor).select_related("operation")
    muster = rows.select_for_update(of=("self",)).get(pk=muster.pk)
    if muster.closed_at is not None:
        raise Refused(f"{muster.label} has ended")
    lines = MusterPerson.objects.visible_to(actor).filter(muster=muster)
    open_ = lines.exclude(state__in=("safe", "away")).count()
    if open_ and not note.strip():
        raise Refused(f"{open_} of the party are not safe or not known", mend="Give a reason.")
    muster.closed_at = now()
    muster.save(update_fields=["closed_at"])
    MusterDoor.objects.visible_to(actor).filter(line__muster=muster).delete()
    alerts.supersede(source="muster", about=muster.pk, reason="The roll call has ended")
    why = f": {text_of('note', note)}" if note.strip() else ""
    count = lines.count()
    words = f"{muster.label} ended, {count - open_} of {count} accounted for{why}"
    _tell(muster, "closed", words, actor)
    return muster


def _show(compartment_id: Any) -> None:
    publish(topic="muster", compartment_id=compartment_id)


def _tell(muster: Muster, event: str, text: str, actor: Actor) -> None:
    muster_changed.send(sender=Muster, muster=muster, event=event, actor=actor)
    announce(
        topic="muster",
        event=event,
        text=marked(text, drill=muster.drill),
        compartment_id=muster.compartment_id,
        operation_id=muster.operation_id,
        record=("muster", muster.pk),
        actor=actor,
    )
