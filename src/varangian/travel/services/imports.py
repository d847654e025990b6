"""A calendar file becomes a draft beside the plan; nothing moves until a person accepts it."""

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

from .. import queries
from ..comparing import compare, plain
from ..models import ItineraryDraft
from ..reading import ReadFile, read_file, title_of

OPEN = ("draft", "planned", "active")


@transaction.atomic
def import_itinerary(
    *, actor: Actor, principal: Any, data: bytes, name: str = "", operation: Operation | None = None
) -> ItineraryDraft:
    """Read a file for a principal. Without an operation it goes to the open one that already
    holds entries of this calendar, else a new operation is opened as a draft."""
    place = operation.compartment_id if operation else principal.compartment_id
    require(actor, "itinerary.import", place)
    if operation:
        _check(operation, principal)
    read = read_file(data, now=now(), zone=operation.time_zone if operation else "UTC")
    if not read.legs and not read.problems:
        raise Refused("The calendar holds no entries", where=name, mend="Export it again.")
    operation = operation or _same_calendar(actor, principal, read)
    operation = operation or _new_operation(actor, principal, read, name)
    return _keep_draft(actor, operation, read, data, name)


def _check(operation: Operation, principal: Any) -> None:
    if operation.principal_id != principal.pk:
        raise Refused("This operation protects another principal", where=operation.slug)
    if operation.state not in OPEN:
        raise Refused(
            f"This operation is {operation.state} and takes no itinerary",
            where=operation.slug,
            mend="Import the file without it, which opens a new one.",
        )


def _same_calendar(actor: Actor, principal: Any, read: ReadFile) -> Operation | None:
    uids = {leg["uid"] for leg in read.legs if not leg["implied"]}
    if not uids:
        return None
    known = queries.operations_with(actor, principal, uids)
    return known[0] if known else None


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
            name=name or "itinerary.ics",
            media_type="text/calendar",
            key=SubjectKey(pk=operation.key_id),
            compartment_id=operation.compartment_id,
        ),
        legs=read.legs,
        problems=read.problems,
        diff=plain(compare(movements, read.legs)),
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
