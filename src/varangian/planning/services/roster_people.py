"""What the roster knows of officers: their record, and when they are away."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from pydantic import ValidationError

from varangian.engines.rostering.civil import zone_named
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, require
from varangian.platform.crypto import keys

from ..models import Absence, OfficerRecord
from ..queries import roster as rows
from ..rosterfile.schema import OfficerFile
from .roster_shifts import clean

NOT_FACTS = {"id", "name", "away", "prior", "history"}
"""Of an officer in the file; these come from the account and from what was rostered."""


@transaction.atomic
def write_officer(*, actor: Actor, operation: Any, person: User, **facts: Any) -> OfficerRecord:
    """Skills, licences, languages, medical level, driving, firearms, wishes, dislikes, hours.

    What is not given stays. The record is one for each person, whatever operations they are in;
    who plans the roster of one of them writes it.
    """
    require(actor, "roster.change", operation.compartment_id)
    rows.teammate(actor, operation, person.email)
    found = OfficerRecord.objects.visible_to(actor).select_for_update().filter(person=person)
    record = found.first()
    known = dict(record.facts) if record else {}
    checked = _checked(person, {**known, **facts})
    if record is None:
        return OfficerRecord.objects.create(
            key=keys.create(), person=person, facts=checked, by_id=actor.pk
        )
    record.facts, record.by_id, record.at = checked, actor.pk, now()
    record.save(update_fields=["facts", "by", "at"])
    return record


def _checked(person: User, facts: dict[str, Any]) -> dict[str, Any]:
    if strange := set(facts) & NOT_FACTS:
        raise Refused("These are not written here", where=", ".join(sorted(strange)))
    try:
        made = OfficerFile.model_validate({**facts, "id": person.email})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        mend = "The fields are those of varangian roster schema."
        raise Refused(first["msg"].removeprefix("Value error, "), where, mend) from error
    if made.zone:
        zone_named(made.zone)
    dumped = made.model_dump(mode="json", by_alias=True, exclude=NOT_FACTS, exclude_defaults=True)
    return {name: value for name, value in dumped.items() if value is not None}


@transaction.atomic
def add_absence(
    *,
    actor: Actor,
    operation: Any,
    person: User,
    starts: datetime,
    ends: datetime,
    why: str = Absence.Why.LEAVE,
) -> Absence:
    """Refused where the person is on duty: who plans that duty takes them off it first."""
    require(actor, "roster.change", operation.compartment_id)
    rows.teammate(actor, operation, person.email)
    if why not in Absence.Why.values:
        raise Refused("Unknown kind of absence", clean(why), ", ".join(Absence.Why.values))
    if ends <= starts:
        raise Refused("The absence ends before it begins", where=person.name)
    try:
        with transaction.atomic():
            return Absence.objects.create(
                person=person, why=why, starts=starts, ends=ends, by_id=actor.pk
            )
    except IntegrityError as error:
        words = taken_words(actor, person, starts, ends, operation.time_zone)
        mend = "Take the person off that duty first."
        raise Conflict(words, where=person.name, mend=mend) from error


@transaction.atomic
def remove_absence(*, actor: Actor, operation: Any, absence: Absence) -> None:
    require(actor, "roster.change", operation.compartment_id)
    rows.teammate(actor, operation, absence.person.email)
    absence.delete()


def taken_words(actor: Actor, person: User, start: datetime, end: datetime, zone: str) -> str:
    """When the person is taken. What for is told only to who may see it."""
    found = rows.taken([person], start, end)
    if not found:
        return f"{person} was put on duty at the same time"
    hold = found[0]
    there = zone_named(zone)
    begin, until = hold.starts.astimezone(there), hold.ends.astimezone(there)
    day = (
        f"{begin:%a} {begin.day} {begin:%b} "
        if begin.date() != start.astimezone(there).date()
        else ""
    )
    last = f"{until:%a} {until:%H:%M}" if until.date() != begin.date() else f"{until:%H:%M}"
    span = f"from {day}{begin:%H:%M} to {last}"
    if hold.kind != "duty":
        return f"{person} is away {span}: {hold.kind.replace('_', ' ')}"
    place = rows.duty_seen(actor, hold.source)
    where = f"{place.shift.code} {place.shift.title}" if place else "elsewhere"
    return f"{person} is already on duty {span} {'on ' if place else ''}{where}"
