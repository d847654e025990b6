"""What time has ended: waivers, assessments, and files that were due for review."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.thread.expiry import Expired
from varangian.threats import queries as threats

from ..models import Confirmation

LOOK_BACK = timedelta(days=30)
"""An end that is older was told long ago, or nobody waits for it."""
OPEN = ("draft", "planned", "active")


@system_read("time runs out for everybody; the job acts for nobody")
def waivers(at: datetime) -> Iterator[Expired]:
    rows = Confirmation.objects.filter(
        kind=Confirmation.Kind.WAIVED, until__lte=at, until__gt=at - LOOK_BACK
    )
    for row in rows:
        reason = f"Waiver ended {_clock(row.until)}: {row.title}"
        yield Expired(("waiver", row.pk), row.until, reason, row.compartment_id)


@system_read("time runs out for everybody; the job acts for nobody")
def assessments(at: datetime) -> Iterator[Expired]:
    """The newest of each open operation: everything was planned at the level it chose."""
    for operation in operations.operations(SYSTEM).filter(state__in=OPEN):
        row = threats.assessments(SYSTEM, operation).first()
        if row is not None and _over(row.valid_until, at):
            reason = f"Threat assessment version {row.version} ended {_clock(row.valid_until)}"
            node = ("operation", operation.pk)
            yield Expired(node, row.valid_until, reason, operation.compartment_id)


@system_read("time runs out for everybody; the job acts for nobody")
def reviews(at: datetime) -> Iterator[Expired]:
    seen: set[Any] = set()
    for operation in operations.operations(SYSTEM).filter(state__in=OPEN):
        who = operation.principal
        if who.pk in seen or who.review_due is None:
            continue
        seen.add(who.pk)
        due = datetime.combine(who.review_due, time(), UTC)
        if _over(due, at):
            reason = f"The principal's file was due for review on {due:%d %b}"
            yield Expired(("principal", who.pk), due, reason, who.compartment_id)


def _over(end: datetime | None, at: datetime) -> bool:
    return end is not None and at - LOOK_BACK < end <= at


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%d %b %H:%M UTC}" if at else ""
