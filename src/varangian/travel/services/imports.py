"""A file becomes a draft beside the plan; nothing moves until a person accepts it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.operations.services import open_operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.crypto.models import SubjectKey
from varangian.platform.news.services import announce
from varangian.platform.storage.services import keep

from ..itineraries.comparing import CALENDAR, compare, completed, is_whole, plain
from ..itineraries.documents import NO_EXTRA
from ..itineraries.merging import both
from ..itineraries.reading import ReadFile, read_file, read_journeys, title_of
from ..models import ItineraryDraft, RefusedFile
from ..queries import itineraries as queries
from .refused import Unreadable, keep_refused

OPEN = ("draft", "planned", "active")


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a file: a draft for each journey in it, or its refusal on record."""

    drafts: list[ItineraryDraft]
    refused: RefusedFile | None = None


def take_in(
    *, actor: Actor, principal: Any, data: bytes, name: str = "", operation: Operation | None = None
) -> Intake:
    """What cannot be read is kept with the reason, so that the next file of a batch goes on."""
    _allowed(actor, principal, operation)
    try:
        return Intake(_drafts(actor, principal, data, name, operation))
    except Unreadable as unreadable:
        record = keep_refused(
            actor=actor, principal=principal, operation=operation, data=data, name=name,
            unreadable=unreadable,
        )  # fmt: skip
        return Intake([], record)


def import_itinerary(
    *, actor: Actor, principal: Any, data: bytes, name: str = "", operation: Operation | None = None
) -> ItineraryDraft:
    """The draft of a file, the first one of several; nothing is kept of what cannot be read."""
    _allowed(actor, principal, operation)
    return _drafts(actor, principal, data, name, operation)[0]


def _allowed(actor: Actor, principal: Any, operation: Operation | None) -> None:
    require(
        actor,
        "itinerary.import",
        operation.compartment_id if operation else principal.compartment_id,
    )
    if operation:
        _check(operation, principal)


@transaction.atomic
def _drafts(
    actor: Actor, principal: Any, data: bytes, name: str, operation: Operation | None
) -> list[ItineraryDraft]:
    """Without an operation a journey goes to the open one that already holds entries of it, else
    a new operation is opened as a draft. With one, all goes there: that was said."""
    reads = _read(data, name, operation)
    return [
        _keep_draft(actor, _home(actor, principal, read, name, operation), read, data, name)
        for read in reads
    ]


def _read(data: bytes, name: str, operation: Operation | None) -> list[ReadFile]:
    zone = operation.time_zone if operation else "UTC"
    try:
        reads = [read_file(data, now=now(), zone=zone)] if operation else None
        reads = reads or read_journeys(data, now=now(), zone=zone)
    except Refused as refused:
        if NO_EXTRA in refused.what:
            raise
        raise Unreadable(refused.what, refused.where or name, refused.mend) from refused
    if not any(read.legs for read in reads):
        found = [problem for read in reads for problem in read.problems]
        raise Unreadable(
            "No entry and no booking was found in this file", name, "Enter it by hand.", found
        )
    return reads


def _home(
    actor: Actor, principal: Any, read: ReadFile, name: str, operation: Operation | None
) -> Operation:
    found = operation or _same_journey(actor, principal, read)
    return found or _new_operation(actor, principal, read, name)


def _waiting(actor: Actor, operation: Operation, read: ReadFile) -> ReadFile:
    """A mail does not overtake what waits to be accepted: both stand in the new draft."""
    older = queries.latest_draft(actor, operation)
    if older is None or older.state != ItineraryDraft.State.PROPOSED:
        return read
    own = {leg["uid"] for leg in read.legs}
    flights = {_flight(leg) for leg in read.legs if not leg["cancelled"]} - {None}
    whole = is_whole(read.legs)
    numbers = {leg["reservation"] for leg in read.legs if leg["cancelled"] and not leg["starts"]}
    kept = [
        {**leg, "cancelled": leg["cancelled"] or leg.get("reservation", "") in numbers - {""}}
        for leg in older.legs
        if leg["uid"] not in own
        and _flight(leg) not in flights
        and not (whole and leg.get("source", CALENDAR) in ("", CALENDAR))
    ]
    if not kept:
        return read
    known = {_flight(leg): leg for leg in older.legs if not leg["cancelled"]}
    fresh = [_joined(known.get(_flight(leg)), leg) for leg in read.legs]
    legs = sorted([*kept, *fresh], key=_begins)
    return ReadFile(
        read.name, legs, [*read.problems, *older.problems], [*read.parts, *(older.parts or [])]
    )


def _joined(older: dict[str, Any] | None, leg: dict[str, Any]) -> dict[str, Any]:
    """One flight under two reservations is one leg, known by both."""
    if older is None or leg["cancelled"] or _flight(leg) is None:
        return leg
    names = dict.fromkeys([*older.get("travellers", []), *leg.get("travellers", [])])
    numbers = both(older.get("reservation", ""), leg.get("reservation", ""))
    return {**leg, "reservation": numbers, "travellers": list(names)}


def _flight(leg: dict[str, Any]) -> tuple[str, str] | None:
    number = leg["flight_number"].replace(" ", "")
    return (number, leg["starts"][:10]) if number and leg["starts"] else None


def _begins(leg: dict[str, Any]) -> tuple[bool, datetime]:
    start = leg["starts"] or leg["ends"]
    return start is None, datetime.fromisoformat(start) if start else now()


def _check(operation: Operation, principal: Any) -> None:
    if operation.principal_id != principal.pk:
        raise Refused("This operation protects another principal", where=operation.slug)
    if operation.state not in OPEN:
        raise Refused(
            f"This operation is {operation.state} and takes no itinerary",
            where=operation.slug,
            mend="Import the file without it, which opens a new one.",
        )


def _same_journey(actor: Actor, principal: Any, read: ReadFile) -> Operation | None:
    uids = {leg["uid"] for leg in read.legs if not leg["implied"]}
    if not uids:
        return None
    if known := queries.operations_with(actor, principal, uids):
        return known[0]
    numbers = {number for leg in read.legs for number in leg["reservation"].split()}
    return queries.operation_with_reservation(actor, principal, numbers)


def _new_operation(actor: Actor, principal: Any, read: ReadFile, name: str) -> Operation:
    real = [leg for leg in read.legs if not leg["implied"] and leg["starts"]]
    sides = compare([], read.legs).added
    starts = [side.start for side in sides if side.start]
    ends = [side.end or side.start for side in sides if side.start]
    return open_operation(
        actor=actor,
        engagement=operation_queries.engagement_above(actor, principal.compartment_id),
        principal=principal,
        title=title_of(read, name),
        slug=f"{principal.slug}-{min(starts):%Y-%m-%d}" if starts else principal.slug,
        time_zone=_main_zone(real),
        starts=min(starts, default=None),
        ends=max((end for end in ends if end), default=None),
    )


def _main_zone(legs: list[dict[str, Any]]) -> str:
    """The zone in which most entries lie."""
    zones = [leg["zone"] for leg in legs]
    return max(set(zones), key=lambda zone: (zones.count(zone), zone)) if zones else "UTC"


def _keep_draft(
    actor: Actor, operation: Operation, read: ReadFile, data: bytes, name: str
) -> ItineraryDraft:
    read = _waiting(actor, operation, read)
    movements = list(operation_queries.movements(actor, operation))
    older = queries.drafts(actor, operation)
    older.filter(state="proposed").update(state="overtaken")
    number = (older.aggregate(last=Max("version"))["last"] or 0) + 1
    draft = ItineraryDraft.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        version=number,
        original=keep(
            data=data,
            name=name or "itinerary",
            media_type="text/calendar" if is_whole(read.legs) else "application/octet-stream",
            key=SubjectKey(pk=operation.key_id),
            compartment_id=operation.compartment_id,
        ),
        legs=read.legs,
        problems=read.problems,
        parts=read.parts,
        diff=plain(compare(movements, completed(movements, read.legs))),
        imported_by_id=actor.pk,
    )
    found = plural(len(read.legs), "leg")
    announce(
        topic="itineraries",
        event="imported",
        text=f"Itinerary version {number} imported: {found}, "
        f"{plural(len(read.problems), 'problem')}; waits to be accepted",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("itinerary", draft.pk),
        actor=actor,
    )
    return draft
