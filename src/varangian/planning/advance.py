"""Which facts of a place must be looked at before the next legs, and by when. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LEAD = timedelta(hours=1)
"""The advance party stands at a place an hour before the principal."""


@dataclass(frozen=True)
class Want:
    """Somebody has to look by ``due``, so that the answer holds at the leg of ``needed_at``."""

    item: str
    why: str
    due: datetime
    needed_at: datetime


def want_of(
    item: str,
    standing: Any,
    required: bool,
    legs: Sequence[datetime],
    at: datetime,
    asked: bool = False,
) -> Want | None:
    """None when the answer holds at every leg, or nobody asks for one.

    ``legs`` are the times, none before ``at``, at which the place is used. What was never checked
    is wanted only where the form requires it, or where a lesson asks (``asked``).
    """
    if not legs or (not standing.known and not required and not asked):
        return None
    first = min(legs)
    if asked:
        return _want(item, "lesson", first, at)
    if not standing.known:
        return _want(item, "never", first, at)
    if standing.disputed:
        return _want(item, "disputed", first, at)
    if standing.expires_at <= at:
        return _want(item, "expired", first, at)
    late = [leg for leg in sorted(legs) if leg >= standing.expires_at]
    return _want(item, "runs_out", late[0], at) if late else None


def holds_at(standing: Any, leg: datetime) -> bool:
    """Is the answer undisputed, and in date when the leg comes?"""
    return (
        standing.known
        and not standing.disputed
        and standing.expires_at is not None
        and standing.expires_at > leg
    )


def _want(item: str, why: str, leg: datetime, at: datetime) -> Want:
    """Before the leg; where the principal is already, within the hour."""
    if leg <= at:
        return Want(item, why, at + LEAD, leg)
    return Want(item, why, leg - LEAD if leg - LEAD > at else leg, leg)
