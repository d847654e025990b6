"""Shifts of an operation: made from its posts and legs, or one by one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from varangian.engines.rostering import working_time
from varangian.engines.rostering.civil import instant, zone_named
from varangian.engines.rostering.model import MAX_SHIFT_HOURS
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish as tell_screens

from .. import roster_rules
from ..library import duties
from ..library.duties import Needs
from ..models import Roster, Shift
from ..queries import roster as rows

MOST = 2_000


@transaction.atomic
def open_roster(*, actor: Actor, operation: Any, jurisdiction: str = "") -> Roster:
    """The roster of an operation, made when there is none; ``jurisdiction`` chooses its rules."""
    require(actor, "roster.change", operation.compartment_id)
    if jurisdiction:
        working_time().get(jurisdiction)
    found = _locked(actor, operation)
    if found is None:
        return Roster.objects.create(
            operation=operation,
            compartment_id=operation.compartment_id,
            jurisdiction=jurisdiction or "eu",
        )
    if jurisdiction and found.jurisdiction != jurisdiction:
        found.jurisdiction = jurisdiction
        found.save(update_fields=["jurisdiction"])
        tell(found)
    return found


def _locked(actor: Actor, operation: Any) -> Roster | None:
    return Roster.objects.visible_to(actor).select_for_update().filter(operation=operation).first()


@transaction.atomic
def make_shifts(
    *,
    actor: Actor,
    operation: Any,
    starts: datetime | None = None,
    ends: datetime | None = None,
    posts: Iterable[Any] | None = None,
) -> tuple[list[Shift], int]:
    """Shifts for the posts, cut at the handover times; those that are there already stay.

    A post that names legs stands on their days, others through the whole operation. Returns what
    was made, and how many were there. Analysts' and clients' posts are no duty and get none.
    """
    roster = open_roster(actor=actor, operation=operation)
    wanted = list(posts) if posts is not None else _posts(actor, operation)
    if not wanted:
        raise Refused("The operation has no posts", operation.slug, "Add its posts first.")
    legs = {row.pk: row for row in operations.movements(actor, operation) if row.starts}
    span = _span(operation, list(legs.values()), starts, ends)
    there = {(row.post_id, row.starts) for row in rows.shifts(actor, operation)}
    made, serial = [], _next_serial(actor, operation)
    for post, piece in _all_pieces(operation, wanted, legs, span, (starts, ends)):
        if (post.pk, piece.start) in there:
            continue
        role = duties().of_role(post.role)
        made.append(
            Shift(
                compartment_id=operation.compartment_id, roster=roster, serial=serial + len(made),
                post=post, title=post.title, starts=piece.start, ends=piece.end, zone=piece.zone,
                end_zone=piece.end_zone, priority=role.priority, needs=role.needs(),
            )
        )  # fmt: skip
    if len(made) > MOST:
        mend = "Give a shorter time, or fewer posts."
        raise Refused(f"That would be {len(made)} shifts", operation.slug, mend)
    Shift.objects.bulk_create(made)
    tell(roster)
    return made, len(there)


def _posts(actor: Actor, operation: Any) -> list[Any]:
    found = operations.posts(actor, operation).prefetch_related("covers")
    return [post for post in found if post.edition not in ("analyst", "client")]


def _span(
    operation: Any, legs: list[Any], starts: datetime | None, ends: datetime | None
) -> tuple[datetime, datetime]:
    begins = [leg.starts for leg in legs]
    over = [leg.ends or leg.starts for leg in legs]
    first = starts or operation.starts or min(begins, default=None)
    last = ends or operation.ends or max(over, default=None)
    if first is None or last is None or last <= first:
        mend = "Give the operation its times, or say from when to when."
        raise Refused("It is not known how long the operation lasts", operation.slug, mend)
    return first, last


def _all_pieces(
    operation: Any,
    posts: list[Any],
    legs: dict[Any, Any],
    span: tuple[datetime, datetime],
    given: tuple[datetime | None, datetime | None],
) -> list[tuple[Any, roster_rules.Stretch]]:
    lead, found = timedelta(minutes=duties().lead_minutes), []
    for post in posts:
        named = [legs[c.movement_id] for c in post.covers.all() if c.movement_id in legs]
        times = [roster_rules.LegTimes(leg.starts, leg.ends, leg.zone) for leg in named]
        stretches = (
            roster_rules.by_day(times, lead, operation.time_zone)
            if times
            else [roster_rules.Stretch(*span, operation.time_zone)]
        )
        for whole in stretches:
            inside = not any(given) or (whole.end > span[0] and whole.start < span[1])
            if inside:
                cut = roster_rules.pieces(whole, duties().handover)
                found += [(post, piece) for piece in cut]
    return found


@transaction.atomic
def add_shift(
    *,
    actor: Actor,
    operation: Any,
    starts: datetime,
    ends: datetime,
    post: Any = None,
    title: str = "",
    zone: str = "",
    end_zone: str = "",
    wanted: int = 1,
    priority: int = 3,
    needs: dict[str, Any] | None = None,
    vehicle: str = "",
    site: str = "",
) -> Shift:
    """A shift of a post, or the duty of a vehicle. Times without an offset are on the clock of
    ``zone``; one that the clock skips or shows twice is refused."""
    roster = open_roster(actor=actor, operation=operation)
    zone = zone or operation.time_zone
    zone_named(zone), zone_named(end_zone or zone)
    begin, end = instant(starts, zone), instant(ends, end_zone or zone)
    title = clean(title) or (post.title if post else clean(vehicle))
    if not title:
        raise Refused("A shift is of a post or of a vehicle", where="post")
    if post is not None and post.operation_id != operation.pk:
        raise Refused("This post belongs to another operation", where=post.title)
    _check_numbers(title, begin, end, wanted, priority)
    if post is not None and _there(actor, operation, post, begin):
        raise Refused("This post has a shift that begins then", title, "Change that one.")
    if needs is None:
        needs = duties().of_role(post.role).needs() if post else {}
    made = Shift.objects.create(
        compartment_id=operation.compartment_id, roster=roster, post=post, title=title[:80],
        serial=_next_serial(actor, operation), starts=begin, ends=end, zone=zone,
        end_zone=end_zone, wanted=wanted, priority=priority, needs=checked(needs, wanted),
        vehicle=clean(vehicle)[:40], site=clean(site)[:80],
    )  # fmt: skip
    tell(roster)
    return made


def _there(actor: Actor, operation: Any, post: Any, begin: datetime) -> bool:
    return rows.shifts(actor, operation).filter(post=post, starts=begin).exists()


def _check_numbers(title: str, begin: datetime, end: datetime, wanted: int, priority: int) -> None:
    hours = (end - begin).total_seconds() / 3600
    if not 0 < hours <= MAX_SHIFT_HOURS:
        raise Refused(f"A shift of {hours:g} hours", title, f"Over 0, at most {MAX_SHIFT_HOURS}.")
    if not 1 <= wanted <= 200:
        raise Refused(f"{wanted} people wanted", title, "1 to 200.")
    if not 1 <= priority <= 5:
        raise Refused(f"Priority {priority}", title, "1 is filled first, 5 last.")


def checked(needs: dict[str, Any], wanted: int) -> dict[str, Any]:
    try:
        made = Needs.model_validate(needs)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"The needs do not fit: {first['msg']}", where=where) from error
    if any(need.count > wanted for need in made.among):
        raise Refused("More are asked for a need than are on the shift", where="among")
    return made.model_dump(mode="json")


@transaction.atomic
def change_shift(
    *,
    actor: Actor,
    shift: Shift,
    wanted: int | None = None,
    priority: int | None = None,
    needs: dict[str, Any] | None = None,
    vehicle: str | None = None,
) -> Shift:
    """What is asked of it. Its times stay: for others remove it and add a new one."""
    require(actor, "roster.change", shift.compartment_id)
    shift.wanted = shift.wanted if wanted is None else wanted
    shift.priority = shift.priority if priority is None else priority
    _check_numbers(shift.title, shift.starts, shift.ends, shift.wanted, shift.priority)
    shift.needs = checked(shift.needs if needs is None else needs, shift.wanted)
    if vehicle is not None:
        shift.vehicle = clean(vehicle)[:40]
    shift.save(update_fields=["wanted", "priority", "needs", "vehicle"])
    tell(shift.roster)
    return shift


@transaction.atomic
def remove_shift(*, actor: Actor, shift: Shift) -> None:
    """With whoever stands it; who was told of it is told at the next publication."""
    require(actor, "roster.change", shift.compartment_id)
    roster = shift.roster
    shift.delete()
    tell(roster)


def _next_serial(actor: Actor, operation: Any) -> int:
    last = rows.shifts(actor, operation).order_by("-serial").first()
    return (last.serial if last else 0) + 1


def clean(words: str) -> str:
    return words.replace("\x00", "").strip()


def tell(roster: Roster) -> None:
    """Open screens hear of every change; the log hears of what was published."""
    tell_screens(topic="roster", record=roster.pk, compartment_id=roster.compartment_id)


def made_words(made: int, there: int) -> str:
    return f"{plural(made, 'shift')} made, {there} were there already"
