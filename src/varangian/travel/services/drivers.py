"""The only writers of drivers: their file, and their time at the wheel."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, holds, system_read
from varangian.platform.crypto import keys

from ..models import DriverFile, Wheel
from ..queries import drivers as rows

LONGEST = timedelta(hours=24)


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DatedName(Plain):
    name: str = Field(min_length=1, max_length=60)
    until: date | None = None


class Course(DatedName):
    on: date | None = None


class Medical(Plain):
    until: date | None = None
    note: str = Field(default="", max_length=200)


class LocalKnowledge(Plain):
    place: str = Field(min_length=1, max_length=80)
    note: str = Field(default="", max_length=200)


class DriverFacts(Plain):
    licences: list[DatedName] = []
    courses: list[Course] = []
    medical: Medical | None = None
    languages: list[str] = []
    places: list[LocalKnowledge] = []


@transaction.atomic
def write_driver(*, actor: Actor, person: User, **facts: Any) -> DriverFile:
    """Licences, courses, medical, languages, places. What is not given stays."""
    _plans(actor, person)
    record = DriverFile.objects.visible_to(actor).select_for_update().filter(person=person).first()
    known = dict(record.facts) if record else {}
    try:
        made = DriverFacts.model_validate({**known, **facts})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(first["msg"].removeprefix("Value error, "), where) from error
    clean = made.model_dump(mode="json", exclude_defaults=True)
    if record is None:
        return DriverFile.objects.create(
            key=keys.create(), person=person, facts=clean, by_id=actor.pk
        )
    record.facts, record.by_id, record.at = clean, actor.pk, now()
    record.save(update_fields=["facts", "by", "at"])
    return record


@transaction.atomic
def take_wheel(
    *, actor: Actor, kind: str, person: User | None = None, at: datetime | None = None
) -> Wheel:
    """From now on driving, waiting, at other duty or at a break; what ran before ends."""
    person = _whose(actor, person)
    if kind not in Wheel.Kind.values:
        raise Refused("Unknown kind of time", where=kind, mend=", ".join(Wheel.Kind.values))
    at = _moment(at)
    running = _running(person)
    if running and running.kind == kind:
        return running
    if running:
        _end(running, at)
    return Wheel.objects.create(person=person, kind=kind, starts=at, by_id=actor.pk)


@transaction.atomic
def leave_wheel(
    *, actor: Actor, person: User | None = None, at: datetime | None = None
) -> Wheel | None:
    person = _whose(actor, person)
    running = _running(person)
    return _end(running, _moment(at)) if running else None


@transaction.atomic
def add_wheel(
    *, actor: Actor, kind: str, starts: datetime, ends: datetime, person: User | None = None
) -> Wheel:
    """A stretch that was, written afterwards."""
    person = _whose(actor, person)
    if kind not in Wheel.Kind.values:
        raise Refused("Unknown kind of time", where=kind, mend=", ".join(Wheel.Kind.values))
    if ends <= starts or ends - starts > LONGEST:
        raise Refused("A stretch ends after it begins, within a day", where=f"{starts:%d %b %H:%M}")
    if ends > now():
        raise Refused("This is not over yet", where=f"{ends:%d %b %H:%M}")
    if _overlaps(person, starts, ends):
        raise Conflict(
            "Another stretch of this driver lies in that time", where=f"{starts:%d %b %H:%M} UTC"
        )
    return Wheel.objects.create(person=person, kind=kind, starts=starts, ends=ends, by_id=actor.pk)


@system_read("whoever drives an assigned leg is at the wheel while it is under way")
def leg_moves(movement: Any) -> None:
    """The state of a leg is the record of its driving, when nobody presses a button for it."""
    from ..models import Allotment

    drivers = Allotment.objects.filter(movement=movement, driver__isnull=False)
    for row in drivers.exclude(state="over").select_related("driver"):
        running = rows.wheel_now(row.driver_id)
        if movement.state == "under_way" and (running is None or running.kind != "driving"):
            if running:
                _end(running, now())
            Wheel.objects.create(person=row.driver, kind="driving")
        elif movement.state in ("arrived", "complete") and running and running.kind == "driving":
            _end(running, now())


def _whose(actor: Actor, person: User | None) -> User:
    """One's own time, or that of somebody whom one plans."""
    if person is None or person.pk == actor.pk:
        if actor.is_system:
            raise Refused("Whose time?", where="person", mend="Name the driver, or use --as.")
        if not holds(actor, "driver.drive"):
            raise Denied("You hold no seat in which one drives")
        return actor
    _plans(actor, person)
    return person


def _plans(actor: Actor, person: User) -> None:
    rows.person(actor, person.email)
    if not actor.is_system and not holds(actor, "driver.change"):
        raise Denied("Who plans the drivers writes this", mend="Ask the detail leader.")


def _moment(at: datetime | None) -> datetime:
    if at is not None and at > now():
        raise Refused("Time at the wheel is written when it is so", where=f"{at:%d %b %H:%M} UTC")
    return at or now()


@system_read("one stretch runs at a time, whoever began it")
def _running(person: User) -> Wheel | None:
    return Wheel.objects.select_for_update().filter(person=person, ends=None).first()


@system_read("stretches of one driver do not lie over each other")
def _overlaps(person: User, starts: datetime, ends: datetime) -> bool:
    rows_ = Wheel.objects.filter(person=person, starts__lt=ends)
    return rows_.filter(ends__gt=starts).exists() or rows_.filter(ends=None).exists()


def _end(running: Wheel, at: datetime) -> Wheel | None:
    """Begun and ended at the same moment it was nothing."""
    if at <= running.starts:
        running.delete()
        return None
    running.ends = at
    try:
        with transaction.atomic():
            running.save(update_fields=["ends"])
    except IntegrityError as error:
        raise Conflict("This stretch cannot end then", where=f"{at:%d %b %H:%M} UTC") from error
    return running
