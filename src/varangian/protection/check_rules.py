"""When a check call is due, and what happens as time goes on without it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

REMIND, CALL, FIRE = timedelta(seconds=60), timedelta(seconds=60), timedelta(seconds=180)
GRACE = timedelta(seconds=60)
"""After the house was away, and after a phone sent what it had queued."""
AWAY = timedelta(seconds=30)
"""So long without a look at the due times is an absence."""
REST = "rest"


def minutes_of(rules: Iterable[Any], *, post: UUID | None, phase: str, default: int) -> int:
    """The closest rule: of this post in this phase, of this post, of this phase, of all.

    Without a rule the interval of the communications plan holds. Who rests makes check calls only
    when a rule names that phase.
    """
    found = {(rule.post_id, rule.phase): rule.minutes for rule in rules}
    named = (
        [(post, phase), (None, phase)]
        if phase == REST
        else [(post, phase), (post, ""), (None, phase), (None, "")]
    )
    for key in named:
        if key in found:
            return found[key]
    return 0 if phase == REST else default


def step_at(due: datetime, at: datetime, *, back: datetime | None = None) -> int:
    """0 nothing yet, 1 remind (T-60 s), 2 nudge (T), 3 call (T+60 s), 4 fire (T+180 s).

    ``back``: when the house came back from an absence. Nobody is given up for what it missed.
    """
    if at >= due + FIRE and (back is None or at >= back + GRACE):
        return 4
    if at >= due + CALL:
        return 3
    if at >= due:
        return 2
    return 1 if at >= due - REMIND else 0


def next_due(since: datetime, period_s: int, present: datetime) -> datetime:
    """A call that was queued may be due again already: the rest of the queue follows."""
    return max(since + timedelta(seconds=period_s), present + GRACE)
